"""What a request was taken to mean, as chips that can be taken away."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nicegui import ui

from api.console.frame import Frame
from api.console.item_fields import column_name
from api.console.tags import block, text
from llm.intent import Constraint, LinkedEntity, Understanding
from ranking.domain import Outcome, RecommendationList
from ranking.explain import name_of

ChipKind = Literal["include", "exclude", "similar", "limit"]

_ICONS = {
    "include": "add",
    "exclude": "block",
    "similar": "compare_arrows",
    "limit": "straighten",
}
_SIGNS = {"<=": "≤", ">=": "≥", "==": "=", "<": "<", ">": ">"}


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of what a request was taken to mean.

    Attributes
    ----------
    kind : ChipKind
        What it asks for.
    name : str
        Its name, or the limit as a formula.
    part : LinkedEntity or Constraint
        The part itself.
    outcome : Outcome
        What became of it, where it takes items away.
    """

    kind: ChipKind
    name: str
    part: LinkedEntity | Constraint
    outcome: Outcome = "applied"


def chips_of(found: RecommendationList) -> list[Chip]:
    """Return the chips of an answer, in the order include, similar, exclude, limit.

    Parameters
    ----------
    found : RecommendationList
        The answer.

    Returns
    -------
    list of Chip
        Empty without a request in words.
    """
    understood = found.understood
    if understood is None:
        return []
    outcomes = {removal.by: removal.outcome for removal in found.removals}
    named: list[tuple[ChipKind, Sequence[LinkedEntity]]] = [
        ("include", understood.include),
        ("similar", understood.similar_to),
        ("exclude", understood.exclude),
    ]
    linked = [
        Chip(kind, one.name, one, outcomes.get(one, "applied"))
        for kind, parts in named
        for one in parts
    ]
    limits = [
        Chip("limit", limit_text(limit), limit, outcomes.get(limit, "applied"))
        for limit in understood.constraints
    ]
    return linked + limits


def limit_text(limit: Constraint, name: str = "") -> str:
    """Write a limit as a formula: ``"runtime < 120 min"``; its field may have another name."""
    value = f"{limit.value:g}" if abs(limit.value) < 1e6 else f"{limit.value:,.0f}"
    return f"{name or limit.field} {_SIGNS[limit.op]} {value} {limit.unit}".strip()


class UnderstoodChips:
    """Shows the chips of the newest answer.

    Parameters
    ----------
    frame : Frame
        The page.
    remove : Callable[[Understanding, Chip], Awaitable[None]]
        Called when a chip is taken away.
    """

    def __init__(
        self, frame: Frame, remove: Callable[[Understanding, Chip], Awaitable[None]]
    ) -> None:
        self._frame = frame
        self._remove = remove
        label = frame.texts("understood")
        self._row = block("div", "chips", role="group", aria_label=label)

    def show(self, found: RecommendationList) -> None:
        """Show what the newest request was taken to mean."""
        self._row.clear()
        self._row.visible = found.understood is not None
        if found.understood is None:
            return
        with self._row:
            text("span", self._frame.texts("understood"), "quiet small")
            chips = chips_of(found)
            for chip in chips:
                self._draw(found.understood, chip)
            for word in found.understood.unmatched:
                self._unmatched(word)
            if not chips and not found.understood.unmatched:
                text("span", self._frame.texts("understood.nothing"), "quiet small")
            for note in self._notes(found, chips):
                text("p", note, "chips-note quiet small")

    def _draw(self, understood: Understanding, chip: Chip) -> None:
        texts = self._frame.texts
        kind = texts(f"chip.{chip.kind}")
        late = "" if chip.outcome == "applied" else " is-late"
        with block("span", f"chip chip-{chip.kind}{late}"):
            ui.icon(_ICONS[chip.kind]).props("aria-hidden=true")
            text("span", kind, "chip-kind")
            name = self._name(chip)
            text("bdi", name, "chip-name")
            label = texts("chip.remove", kind=kind, name=name)
            cross = block("button", "chip-cross", type="button", aria_label=label, title=label)
            cross.on("click", lambda: self._remove(understood, chip))
            with cross:
                ui.icon("close").props("aria-hidden=true")

    def _name(self, chip: Chip) -> str:
        """Return the name of a chip in the language of the page."""
        state, part = self._frame.services.recommender.state, chip.part
        if isinstance(part, Constraint):
            return limit_text(part, column_name(part.field, state.preset, self._frame.language))
        if isinstance(part, LinkedEntity) and part.kind == "Entity":
            entity = state.entity(part.entity_id)
            return chip.name if entity is None else name_of(entity, self._frame.language)
        return chip.name

    def _unmatched(self, word: str) -> None:
        chip = block("span", "chip chip-unmatched", title=self._frame.texts("unmatched.why"))
        with chip:
            text("span", self._frame.texts("unmatched"), "chip-kind")
            text("bdi", word, "chip-name")

    def _notes(self, found: RecommendationList, chips: Sequence[Chip]) -> Iterator[str]:
        """Say what did not go as asked."""
        texts, understood = self._frame.texts, found.understood
        for outcome in dict.fromkeys(chip.outcome for chip in chips):
            if outcome != "applied":
                yield texts(f"outcome.{outcome}")
        if understood is not None and understood.masked:
            yield texts.count("masked", understood.masked)
        if understood is not None:
            yield from understood.notes
