"""A field for several names, which proposes those that the graph knows."""

from collections.abc import Sequence

from nicegui import ui

from api.console.frame import Frame
from api.console.search_box import Hit, SearchBox
from api.console.tags import block, text

MOST_NAMES = 100
LONGEST_NAME = 200
# Enter adds a name; without this it would send the form that the field is in as well.
_KEEP_FORM = "(event) => event.preventDefault()"


class NamesField:
    """Names as chips, and a field to add one: Enter takes what was typed.

    Parameters
    ----------
    frame : Frame
        The page.
    title : str
        What the names are.
    label : str
        Label of the entities that are proposed.
    """

    def __init__(self, frame: Frame, title: str, label: str) -> None:
        self._frame = frame
        self._label = label
        self._names: list[str] = []
        with block("div", "names-field"):
            self._box = SearchBox(frame, title, self._find, self._add)
            self._box.field.props["maxlength"] = LONGEST_NAME
            self._box.field.on("keydown.enter", js_handler=_KEEP_FORM)
            self._chips = block("div", "chips")
        self._show()

    @property
    def names(self) -> tuple[str, ...]:
        """The names, with what was typed last and not yet added."""
        typed = " ".join((self._box.field.value or "").split())
        return tuple(dict.fromkeys([*self._names, typed] if typed else self._names))

    def fill(self, names: Sequence[str]) -> None:
        """Show other names."""
        self._names = list(dict.fromkeys(names))
        self._box.clear()
        self._show()

    def _find(self, wanted: str) -> list[Hit]:
        """Return what was typed, in the graph's spelling where that is known, and what is alike."""
        state = self._frame.services.recommender.state
        known: list[Hit] = []
        for found in self._frame.services.recommender.search(wanted, limit=50):
            entity = state.entity(found.entity_id) if found.kind == "Entity" else None
            if entity is not None and entity.label == self._label:
                known.append(Hit(entity.id, entity.name, self._items(entity.id)))
        known.sort(key=lambda hit: hit.name.casefold() != wanted.casefold())
        if known and known[0].name.casefold() == wanted.casefold():
            return known[:6]
        return [Hit("", wanted, self._frame.texts("add.field.new")), *known[:5]]

    def _items(self, entity_id: str) -> str:
        n = len(self._frame.services.recommender.state.items_with(entity_id))
        return self._frame.texts("add.field.one" if n == 1 else "add.field.items", n=n)

    async def _add(self, hit: Hit) -> None:
        if hit.name not in self._names and len(self._names) < MOST_NAMES:
            self._names.append(hit.name)
        self._show()

    def _remove(self, name: str) -> None:
        self._names.remove(name)
        self._show()

    def _show(self) -> None:
        self._chips.clear()
        self._chips.visible = bool(self._names)
        with self._chips:
            for name in self._names:
                with block("span", "chip"):
                    text("bdi", name, "chip-name")
                    label = self._frame.texts("add.field.remove", label=name)
                    cross = block("button", "chip-cross", type="button", aria_label=label)
                    cross.on("click", lambda name=name: self._remove(name))
                    with cross:
                        ui.icon("close").props("aria-hidden=true")
