"""The page for saying what one likes, with the list that follows from it beside."""

from collections.abc import Mapping

from nicegui import ui

from api.console.address import Address
from api.console.frame import Frame
from api.console.history_list import HistoryList
from api.console.item_line import item_line
from api.console.live_list import LiveList
from api.console.places import RATE
from api.console.questions_panel import QuestionsPanel
from api.console.reaction_buttons import Said, draw_reactions
from api.console.reactions import react, reactions_of
from api.console.search_box import Hit, SearchBox, items_found
from api.console.tags import block, heading, text
from api.console.user_picker import UserPicker
from graph.errors import InvalidError
from ranking.domain import Query

_OFFERED = 8


async def build(frame: Frame) -> None:
    """Draw the page; the address may name a user (``/rate?user=12``)."""
    await RatePage(frame).follow(frame.request.query_params)


class RatePage:
    """The page in one browser tab.

    Parameters
    ----------
    frame : Frame
        The page.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._user_id: str | None = None
        self._address = Address(frame, RATE.path, self.follow)
        self._offered: list[str] = []
        self._said: dict[str, Said] = {}
        self._reactions = reactions_of(frame.services.recommender.state)
        texts = frame.texts
        heading(1, texts("nav.rate"))
        text("p", texts("rate.intro"), "quiet intro")
        with block("div", "two-halves"):
            with block("div", "page-sections"):
                with block("div", "card"):
                    self._picker = UserPicker(frame, self.choose)
                self._questions = QuestionsPanel(frame, self._answered)
                with block("section", "card"):
                    with block("div", "card-head"):
                        heading(2, texts("rate.things"))
                        SearchBox(
                            frame, texts("rate.find"), lambda w: items_found(frame, w), self._picked
                        )
                    self._things = block("ul", "rows")
                    more = ui.button(texts("rate.more"), icon="refresh", on_click=self._offer)
                    more.props("flat no-caps dense").classes("rate-more")
            with block("div", "page-sections live-side"):
                self._list = LiveList(frame)
                self._history = HistoryList(frame, self._remove)

    async def follow(self, address: Mapping[str, str]) -> None:
        """Show what the query of an address names."""
        await self.choose(address.get("user") or None)

    async def choose(self, user_id: str | None) -> None:
        """Turn to another user."""
        self._user_id, self._said = user_id, {}
        self._picker.show(user_id)
        self._questions.start_anew(user_id)
        self._list.start_anew()
        await self._show()
        self._offer()
        self._address.tell({"user": user_id})

    async def _show(self) -> None:
        self._list.show(self._questions.query())
        await self._history.show(self._user_id)

    def _offer(self) -> None:
        """Offer popular things that are not rated yet, others than now where there are some."""
        recommender = self._frame.services.recommender
        history = recommender.state.history(self._user_id)
        rated = set() if history is None else set(history.items.tolist())
        n_wanted = len(rated) + 2 * _OFFERED
        popular = [item.item_id for item in recommender.popular(k=n_wanted)]
        unrated = [name for name in popular if recommender.state.find_item(name) not in rated]
        others = [name for name in unrated if name not in self._offered]
        self._offered = list(dict.fromkeys(others + unrated))[:_OFFERED]
        self._draw_things()

    def _draw_things(self) -> None:
        self._things.clear()
        with self._things:
            for item_id in self._offered:
                self._thing(item_id)

    def _thing(self, item_id: str) -> None:
        item = self._frame.services.recommender.item(item_id)
        with block("li", "thing"):
            with block("div", "thing-text"):
                text("bdi", item.title)
                text("span", item_line(self._frame, item, n=2), "quiet small")
            draw_reactions(
                self._frame,
                self._reactions,
                item_id,
                item.title,
                self._react,
                said=self._said.get(item_id),
            )

    async def _picked(self, hit: Hit) -> None:
        self._offered = [hit.id, *(name for name in self._offered if name != hit.id)][:_OFFERED]
        self._draw_things()

    async def _react(self, item_id: str, event_type: str, value: float | None) -> None:
        """Note what is said; the thing stays where it is, so that nothing moves under the hand."""
        texts = self._frame.texts
        if self._user_id is None:
            raise InvalidError(texts("rate.nobody.chosen"), fix=texts("rate.nobody.fix"))
        await react(self._frame.services, self._user_id, item_id, event_type, value)
        self._said[item_id] = Said(event_type, value)
        self._picker.show(self._user_id)
        await self._show()

    async def _remove(self, item_id: str) -> None:
        if self._user_id is not None:
            await self._frame.services.remove_events(self._user_id, item_id)
            self._picker.show(self._user_id)
            await self._show()
            if self._said.pop(item_id, None) is not None:
                self._draw_things()

    async def _answered(self, query: Query) -> None:
        self._list.show(query)
        await self._history.show(self._user_id)
