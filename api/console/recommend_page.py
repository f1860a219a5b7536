"""The main page: who asks, what for, the list, and why."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from api.console.address import Address
from api.console.asking import Asking, without
from api.console.explanation_panel import ExplanationPanel
from api.console.frame import Frame
from api.console.places import RECOMMEND
from api.console.rating import Said, answer, rate
from api.console.refine_panel import RefinePanel
from api.console.request_bar import MAX_REQUEST, RequestBar
from api.console.result_list import ResultList
from api.console.states import draw_state
from api.console.tags import block, heading
from api.console.understood_chips import Chip, UnderstoodChips
from api.console.user_picker import UserPicker
from api.console.why_not_box import WhyNotBox
from graph.errors import NotFoundError
from llm.intent import Understanding
from ranking.domain import Query, Recommendation, RecommendationList
from ranking.feedback import Word


async def build(frame: Frame) -> None:
    """Draw the page; the address may name who asks, what for and an item to explain.

    Such as ``/?user=12&q=noir&item=497``.
    """
    await RecommendPage(frame).follow(frame.request.query_params)


class RecommendPage:
    """The main page in one browser tab.

    Parameters
    ----------
    frame : Frame
        The page.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._query = Query(language=frame.language)
        self.asking = Asking()
        self._wanted: str | None = None
        self._first: str | None = None
        self._address = Address(frame, RECOMMEND.path, self.follow)
        heading(1, frame.texts("nav.recommend"), "sr-only")
        with block("div", "ask card"):
            self._picker = UserPicker(frame, self.choose)
            with block("div", "ask-what"):
                self._bar = RequestBar(frame, self.say)
                self._chips = UnderstoodChips(frame, self._remove)
                self._refine = RefinePanel(frame, self.asking, self.ask)
        self._state = block("div", "state")
        with block("div", "recommend") as self._columns:
            with block("div", "recommend-list"):
                self._results = ResultList(frame, self.open_item, self._rate)
                self._why_not = WhyNotBox(frame, lambda: self._query, self.open_item)
            with block("div", "recommend-side"):
                self._why = ExplanationPanel(frame, self._answer)

    async def follow(self, address: Mapping[str, str]) -> None:
        """Show what the query of an address names."""
        self._wanted = address.get("item") or None
        self.asking.user_id = address.get("user") or None
        self.asking.say(address.get("q", "")[:MAX_REQUEST])
        self._results.say("")
        await self.ask()

    async def choose(self, user_id: str | None) -> None:
        """Ask for somebody else."""
        self.asking.user_id = user_id
        self._results.say("")
        await self.ask()

    async def say(self, text: str) -> None:
        """Ask for something else."""
        self.asking.say(text)
        await self.ask()

    async def ask(self) -> None:
        """Ask, and show the answer."""
        recommender = self._frame.services.recommender
        query = self.asking.query(self._frame.language)
        query = await self._frame.services.assistant.heard(recommender, query)
        found = recommender.recommend(query)
        # What follows is about the same request, so it need not be read again.
        self._query = replace(query, understood=found.understood)
        self._show(found)
        self._remember()

    def _show(self, found: RecommendationList) -> None:
        self._picker.show(self.asking.user_id)
        self._bar.show(self.asking.text)
        self._chips.show(found)
        self._refine.show()
        self._columns.visible = bool(found.items)
        draw_state(self._state, self._frame, self.asking, found, self._anew)
        listed = [item.item_id for item in found.items]
        self._first = next(iter(listed), None)
        opened = self._to_open(listed)
        can_rate = self.asking.user_id is not None
        self._results.show(found, opened=opened, can_rate=can_rate)
        self._why_not.refresh()
        if opened is None:
            self._why.hide()
        else:
            self._why.show(opened, self._query)

    def _to_open(self, listed: Sequence[str]) -> str | None:
        """Return what to explain: what the address names, what is open, else the first."""
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            try:
                return self._frame.services.recommender.item(wanted).id
            except NotFoundError as error:
                self._frame.tell(error)
        shown = self._why.item_id
        return shown if shown in listed else next(iter(listed), None)

    async def open_item(self, item_id: str) -> None:
        """Explain an item."""
        self._results.mark(item_id)
        self._why.show(item_id, self._query, go_there=True)
        self._remember()

    async def _remove(self, understood: Understanding, chip: Chip) -> None:
        """Ask again without one part of what was understood."""
        self.asking.understood = without(understood, chip.part)
        await self.ask()

    async def _anew(self) -> None:
        self.asking.starts_anew()
        await self.ask()

    async def _rate(self, item: Recommendation, said: Said) -> None:
        user_id = self.asking.user_id
        if user_id is None:
            return
        await rate(self._frame.services, user_id, item.item_id, said)

        async def undo() -> None:
            # It was on the list, so nothing else was done with it before.
            await self._frame.services.remove_events(user_id, item.item_id)
            await self._changed("")

        await self._changed(self._frame.texts(f"rated.{said}", title=item.title), undo)

    async def _answer(self, entity_id: str, name: str, word: Word) -> None:
        """Note that more or less is wanted because of an entity."""
        user_id = self.asking.user_id
        if user_id is None:
            return
        await answer(self._frame.services, user_id, entity_id, word)

        async def undo() -> None:
            await answer(self._frame.services, user_id, entity_id, "forget")
            await self._changed("")

        message = self._frame.texts(f"answered.{word}", name=name)
        await self._changed(message, undo if word != "forget" else None)

    async def _changed(
        self, message: str, undo: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Ask again after a user told something, and say so."""
        await self.ask()
        self._results.say(message, undo)

    def _remember(self) -> None:
        """Keep in the address who asks, what for, and what is explained unless it is the first."""
        shown = self._why.item_id
        asked = {"user": self.asking.user_id, "q": self.asking.text}
        self._address.tell(asked, item=None if shown == self._first else shown)
