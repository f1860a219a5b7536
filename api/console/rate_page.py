"""The page for saying what one likes, with the list that follows from it beside."""

import json
from urllib.parse import urlencode

from nicegui import ui

from api.console.frame import Frame
from api.console.history_list import HistoryList
from api.console.live_list import LiveList
from api.console.questions_panel import QuestionsPanel
from api.console.reaction_buttons import draw_reactions
from api.console.reactions import react, reactions_of
from api.console.search_box import Hit, SearchBox, item_line, items_found
from api.console.tags import block, heading, text
from api.console.user_picker import UserPicker
from graph.errors import InvalidError
from ranking.domain import Query

_OFFERED = 8


async def build(frame: Frame) -> None:
    """Draw the page; the address may name a user (``/rate?user=12``)."""
    page = RatePage(frame)
    await page.choose(frame.request.query_params.get("user") or None)


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
        self._found: list[str] = []
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
            with block("div", "page-sections live-side"):
                self._list = LiveList(frame)
                self._history = HistoryList(frame, self._remove)

    async def choose(self, user_id: str | None) -> None:
        """Turn to another user."""
        self._user_id, self._found = user_id, []
        self._picker.show(user_id)
        self._questions.start_anew(user_id)
        self._list.start_anew()
        await self._show()
        query = urlencode({"user": user_id}) if user_id else ""
        address = json.dumps(f"?{query}" if query else self._frame.request.url.path)
        ui.run_javascript(f"history.replaceState(null, '', {address})")

    async def _show(self) -> None:
        self._list.show(self._questions.query())
        await self._history.show(self._user_id)
        self._offer()

    def _offer(self) -> None:
        """Offer things to rate: those that were searched for, then popular ones not rated yet."""
        recommender = self._frame.services.recommender
        history = recommender.state.history(self._user_id)
        rated = set() if history is None else set(history.items.tolist())
        popular = [item.item_id for item in recommender.popular(k=_OFFERED + len(rated))]
        names = dict.fromkeys([*self._found, *popular])
        offered = [name for name in names if recommender.state.find_item(name) not in rated]
        self._things.clear()
        with self._things:
            for item_id in offered[:_OFFERED]:
                self._offered(item_id)

    def _offered(self, item_id: str) -> None:
        item = self._frame.services.recommender.item(item_id)
        with block("li", "thing"):
            with block("div", "thing-text"):
                text("bdi", item.title)
                text("span", item_line(item.attributes, n=2), "quiet small")
            draw_reactions(self._frame, self._reactions, item_id, item.title, self._react)

    async def _picked(self, hit: Hit) -> None:
        self._found = [hit.id, *(name for name in self._found if name != hit.id)]
        self._offer()

    async def _react(self, item_id: str, event_type: str, value: float | None) -> None:
        texts = self._frame.texts
        if self._user_id is None:
            raise InvalidError(texts("rate.nobody.chosen"), fix=texts("rate.nobody.fix"))
        await react(self._frame.services, self._user_id, item_id, event_type, value)
        self._picker.show(self._user_id)
        await self._show()

    async def _remove(self, item_id: str) -> None:
        if self._user_id is not None:
            await self._frame.services.remove_events(self._user_id, item_id)
            self._picker.show(self._user_id)
            await self._show()

    async def _answered(self, query: Query) -> None:
        self._list.show(query)
        await self._history.show(self._user_id)
