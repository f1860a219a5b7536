"""Who asks: somebody known, somebody new, or nobody in particular."""

import asyncio
from collections.abc import Awaitable, Callable

from nicegui import ui

from api.console.frame import Frame
from api.console.people import Person, attributes_in, people_like, suggested
from api.console.search_box import Hit, SearchBox
from api.console.tags import block, text
from graph.domain import User
from graph.errors import ConflictError, InvalidError

_NEWEST = 3


class UserPicker:
    """Shows who asks, and lets that be changed.

    Parameters
    ----------
    frame : Frame
        The page.
    choose : Callable[[str | None], Awaitable[None]]
        Called with the id of who asks from now on; None for nobody.
    """

    def __init__(self, frame: Frame, choose: Callable[[str | None], Awaitable[None]]) -> None:
        self._frame = frame
        self._choose = choose
        with block("section", "user", aria_label=frame.texts("user")):
            self._now = block("div", "user-now", aria_live="polite")
            with block("div", "user-change") as self._change:
                self._search()
                self._suggestions = block("div", "chips")
                self._creation()

    def show(self, user_id: str | None) -> None:
        """Show who asks."""
        texts = self._frame.texts
        self._now.clear()
        self._change.visible = user_id is None
        with self._now:
            ui.icon("person" if user_id else "person_outline").props("aria-hidden=true")
            with block("div", "user-name"):
                text("bdi", texts("user.is", id=user_id) if user_id else texts("user.nobody"))
                text("span", self._told(user_id), "quiet small")
            if user_id is not None:
                other = ui.button(texts("user.change")).props("flat dense no-caps")
                other.on("click", lambda: self._choose(None))
        if user_id is None:
            self._suggest()

    def _told(self, user_id: str | None) -> str:
        """Say in a line what is known of who asks."""
        texts, state = self._frame.texts, self._frame.services.recommender.state
        if user_id is None:
            return texts("user.nobody.what")
        history = state.history(user_id)
        n_events = 0 if history is None else len(history.items)
        if history is None or not n_events:
            return texts("user.new.what")
        rows = list(dict.fromkeys(reversed(history.items.tolist())))[:_NEWEST]
        titles = [state.item(row) for row in rows]
        names = " · ".join(item.names.get(self._frame.language, item.title) for item in titles)
        return texts.count("user.history", n_events, titles=names)

    def _search(self) -> None:
        texts = self._frame.texts
        SearchBox(
            self._frame, texts("user.search"), self._find, self._picked, nothing=texts("user.none")
        )

    async def _find(self, wanted: str) -> list[Hit]:
        services = self._frame.services
        snapshot = services.recommender.state.snapshot
        found = await asyncio.to_thread(people_like, snapshot, wanted)
        if all(person.id != wanted for person in found) and services.served.live.knows_user(wanted):
            found = [Person(wanted, self._n_events(wanted)), *found]
        return [Hit(person.id, person.id, self._events(person)) for person in found]

    def _n_events(self, user_id: str) -> int:
        history = self._frame.services.recommender.state.history(user_id)
        return 0 if history is None else len(history.items)

    def _events(self, person: Person) -> str:
        return self._frame.texts.count("user.events", person.n_events)

    async def _picked(self, hit: Hit) -> None:
        await self._choose(hit.id)

    def _suggest(self) -> None:
        texts = self._frame.texts
        self._suggestions.clear()
        people = suggested(self._frame.services.recommender.state.snapshot)
        self._suggestions.visible = bool(people)
        with self._suggestions:
            text("span", texts("user.try"), "quiet small")
            for person in people:
                button = block("button", "chip chip-button", type="button")
                button.on("click", lambda person=person: self._choose(person.id))
                with button:
                    text("bdi", person.id, "chip-name")
                    text("span", self._events(person), "chip-kind")

    def _creation(self) -> None:
        texts = self._frame.texts
        unfolding = ui.expansion(texts("user.create"), icon="person_add")
        with unfolding.classes("quiet-expansion"), block("form", "form-row") as form:
            form.on("submit.prevent", self._create)
            self._id = ui.input(texts("user.id")).props("outlined dense maxlength=200")
            self._attributes = ui.input(
                texts("user.attributes"), placeholder=texts("user.attributes.example")
            ).props("outlined dense stack-label maxlength=500")
            ui.button(texts("user.create.do")).props("unelevated no-caps type=submit")

    async def _create(self) -> None:
        services, texts = self._frame.services, self._frame.texts
        user_id = (self._id.value or "").strip()
        if not user_id:
            raise InvalidError(texts("user.id.missing"))
        if services.served.live.knows_user(user_id):
            raise ConflictError(texts("user.known"), fix=texts("user.known.fix"))
        await services.put_user(User(user_id, attributes_in(self._attributes.value or "")))
        self._id.set_value("")
        self._attributes.set_value("")
        await self._choose(user_id)
