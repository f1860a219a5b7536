"""What a request means after the turns before it, with the items that were shown in answer."""

from collections.abc import Sequence

import numpy as np

from llm.dialogue import (
    MAX_TURNS,
    Comparative,
    Turn,
    anew,
    comparatives,
    merged,
    others,
    pointers,
    replacement,
)
from llm.intent import LinkedEntity, Pointed, Understanding, understand
from llm.limits import Constraint
from llm.linker import Linker
from ranking.columns import Columns
from ranking.state import ServingState


class Conversation:
    """Reads requests in the light of what was said and shown before.

    Parameters
    ----------
    state : ServingState
        Knows the items that were shown.
    columns : Columns
        Knows their prices, years and lengths.
    linker : Linker
        Knows what can be named.
    """

    def __init__(self, state: ServingState, columns: Columns, linker: Linker) -> None:
        self._state = state
        self._columns = columns
        self._linker = linker

    def understand(self, text: str, context: Sequence[Turn] = ()) -> Understanding:
        """Say what a request means.

        Parameters
        ----------
        text : str
            The request.
        context : Sequence of Turn
            The turns before it, oldest first; the newest 20 are read.

        Returns
        -------
        Understanding
            Of the whole dialogue; see :func:`llm.dialogue.merged`.
        """
        if not context:
            return understand(text, self._linker, self._columns.measures)
        whole: Understanding | None = None
        shown: tuple[str, ...] = ()
        for turn in (*context[-MAX_TURNS:], Turn(text)):
            if anew(turn.text):
                whole, shown = None, ()
            if turn.text:
                now = self._turn(turn.text, shown, whole)
                instead = replacement(turn.text) is not None
                whole = now if whole is None else merged(whole, now, instead=instead)
            shown = turn.items or shown
        return whole or Understanding("other")

    def _turn(self, text: str, shown: Sequence[str], before: Understanding | None) -> Understanding:
        """Say what one turn means, knowing what was shown."""
        found = pointers(text, len(shown))
        pointed = [
            self._item(shown[place], one.span)
            for one in found
            for place in one.places
            if not one.is_measure
        ]
        other = others(text) if shown else None
        refused = [self._item(item_id, other) for item_id in shown] if other else []
        base = [shown[place] for one in found for place in one.places] or shown
        limits = [
            limit
            for one in comparatives(text, self._columns.measures)
            if (limit := self._than(one, base, before)) is not None
        ]
        measures = (one.span for one in found if one.is_measure)
        spans = (other, replacement(text) if before else None, anew(text), *measures)
        closed = tuple(span for span in spans if span is not None)
        return understand(
            text,
            self._linker,
            self._columns.measures,
            Pointed(tuple(pointed), tuple(refused), tuple(limits), closed),
        )

    def _item(self, item_id: str, span: tuple[int, int]) -> LinkedEntity:
        row = self._state.find_item(item_id)
        title = item_id if row is None else self._state.item(row).title
        return LinkedEntity(item_id, "Item", title, span, 1.0, "exact")

    def _than(
        self, wish: Comparative, items: Sequence[str], before: Understanding | None
    ) -> Constraint | None:
        """Return the limit that a comparison sets; None when there is nothing to go by."""
        # Compared with several items it means the middle one of them.
        field = wish.measure.field
        rows = [row for item_id in items if (row := self._state.find_item(item_id)) is not None]
        values = [value for row in rows if (value := self._columns.number(row, field)) is not None]
        if not values and before is not None:
            side = {"<", "<="} if wish.op in {"<", "<="} else {">", ">="}
            values = [
                one.value for one in before.constraints if one.field == field and one.op in side
            ]
        if not values:
            return None
        unit = wish.measure.unit
        value = round(float(np.median(values)), 6)
        symbol = unit.symbol if unit else ""
        applies = wish.measure.in_catalog
        return Constraint(field, wish.op, value, wish.span, symbol, applies=applies)
