"""A field that looks things up while one types."""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from nicegui import ui

from api.console.frame import Frame
from api.console.item_line import item_line
from api.console.tags import block, text, with_attributes

_MOVE = """(event) => {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...event.currentTarget.querySelectorAll('input, .found button')];
    all[all.indexOf(document.activeElement) + step]?.focus();
}"""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found.

    Attributes
    ----------
    id : str
        Its id.
    name : str
        Its name.
    note : str
        What tells it from others of the same name.
    """

    id: str
    name: str
    note: str = ""


Find = Callable[[str], Sequence[Hit] | Awaitable[Sequence[Hit]]]


class SearchBox:
    """A field with the things found below it; arrows and Enter work.

    Parameters
    ----------
    frame : Frame
        The page.
    label : str
        What is looked for.
    find : Callable
        Looks a text up, at once or awaited.
    pick : Callable[[Hit], Awaitable[None]]
        Called with what was chosen.
    nothing : str
        What to say when nothing was found.
    floating : bool
        Whether what was found covers what is below; else it makes room.
    """

    def __init__(
        self,
        frame: Frame,
        label: str,
        find: Find,
        pick: Callable[[Hit], Awaitable[None]],
        *,
        nothing: str = "",
        floating: bool = True,
    ) -> None:
        self._frame = frame
        self._find = find
        self._pick = pick
        self._nothing = nothing or frame.texts("search.nothing")
        self._first: Hit | None = None
        with block("div", "search-box") as box:
            box.on("keydown", js_handler=_MOVE)
            box.on("keydown.esc", self.clear)
            field = ui.input(label, on_change=self._changed)
            self.field = field.props("outlined dense clearable debounce=150 autocomplete=off")
            self.field.on("keydown.enter", self._enter)
            self._found = block("ul", "found is-floating" if floating else "found")
            self._found.visible = False
            self._status = with_attributes(text("span", "", "sr-only"), role="status")

    def clear(self) -> None:
        """Empty the field."""
        self.field.set_value("")

    async def _changed(self) -> None:
        wanted = (self.field.value or "").strip()
        found = self._find(wanted) if wanted else ()
        hits = await found if inspect.isawaitable(found) else found
        if wanted != (self.field.value or "").strip():
            return  # more was typed meanwhile
        self._first = hits[0] if hits else None
        self._found.visible = bool(wanted)
        self._found.clear()
        with self._found:
            for hit in hits:
                self._draw(hit)
            if not hits:
                text("li", self._nothing, "found-none quiet small")
        self._status.text = self._frame.texts("search.count", n=len(hits)) if wanted else ""

    def _draw(self, hit: Hit) -> None:
        with block("li"), block("button", "found-one", type="button") as button:
            button.on("click", lambda: self._chosen(hit))
            text("bdi", hit.name, "found-name")
            text("span", hit.note, "quiet small")

    async def _enter(self) -> None:
        if self._first is not None:
            await self._chosen(self._first)

    async def _chosen(self, hit: Hit) -> None:
        self.clear()
        await self._pick(hit)


def items_found(frame: Frame, wanted: str, *, limit: int = 8) -> list[Hit]:
    """Look items up by the beginning of a word of the title.

    Parameters
    ----------
    frame : Frame
        The page.
    wanted : str
        What was typed.
    limit : int
        How many at most.

    Returns
    -------
    list of Hit
        The whole title first, then the best known.
    """
    recommender = frame.services.recommender
    found = [one for one in recommender.search(wanted, limit=50) if one.kind == "Item"]
    found.sort(key=lambda one: one.name.casefold() != wanted.casefold())
    return [
        Hit(one.entity_id, one.name, item_line(frame, recommender.item(one.entity_id), n=2))
        for one in found[:limit]
    ]
