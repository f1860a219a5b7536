"""Why an item is not in a list: the first of the reasons that a list is made by.

The stages that make a list are gone through in their order, and the first that took the item away
is named. The answer agrees with the list, because it is the same list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from graph.domain import AttributeValue
from llm.intent import LinkedEntity
from ranking.columns import Columns
from ranking.copies import Copies
from ranking.domain import Query
from ranking.explain import name_of
from ranking.limits import passes
from ranking.ordering import Ordering
from ranking.question import Question, parts_of
from ranking.request import examples_of
from ranking.standing import Standing, standing
from ranking.state import ServingState
from ranking.why_not_texts import sentence

Reason = Literal[
    "listed", "seen", "excluded", "filter", "refused", "limit", "copy", "reordered", "score"
]


_IN_FORCE = ("applied", "widened")


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why an item is not in a list.

    Attributes
    ----------
    item_id, title : str
        Which item.
    reason : Reason
        The first of: ``"listed"`` (it is in the list), ``"seen"``, ``"excluded"``, ``"filter"``,
        ``"refused"`` and ``"limit"`` (by the words of the request), ``"copy"``, ``"reordered"``,
        ``"score"``.
    by : tuple of str
        What exactly: the type of the event, or ``"session"``, ``"request"``, ``"answer"`` (seen);
        name and values of the filter; id and name of what is refused; field, comparison and value
        of the limit; id of the other item (copy); the stages that reordered the list.
    text : str
        The same in one sentence.
    rank : int or None
        Place by score among all that could be recommended, from 1; None where the item could not.
    score : float
        Its score.
    needed : float or None
        The score of the last item that a list by score would show, where the score is the reason.
    """

    item_id: str
    title: str
    reason: Reason
    by: tuple[str, ...]
    text: str
    rank: int | None
    score: float
    needed: float | None = None


@dataclass(frozen=True, slots=True)
class _Case:
    """A reason with what there is to say about it."""

    reason: Reason
    by: tuple[str, ...] = ()
    key: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


class Absences:
    """Tells why items are not in lists.

    Parameters
    ----------
    state : ServingState
        What is served.
    copies : Copies
        Which items are the same thing.
    columns : Columns
        What filters and limits look at.
    """

    def __init__(self, state: ServingState, copies: Copies, columns: Columns) -> None:
        self._state = state
        self._copies = copies
        self._columns = columns

    def why_not(self, row: int, query: Query, question: Question, listed: Ordering) -> WhyNot:
        """Tell why an item is not in a list.

        Parameters
        ----------
        row : int
            Row of the item.
        query : Query
            What the list answers.
        question : Question
            The same, as it was scored.
        listed : Ordering
            The list.

        Returns
        -------
        WhyNot
            The first reason, or that the item is in the list.
        """
        stand = standing(self._state, question, query, self._copies, self._columns, row)
        score = sum(parts_of(stand.summands).values())
        needed = None
        case = next(self._cases(row, query, question, listed, stand), None)
        if case is None:
            needed = float(listed.best.scores[query.k - 1])
            facts = {"rank": stand.rank, "score": score, "needed": needed, "k": query.k}
            case = _Case("score", facts=facts)
        item, language = self._state.item(row), query.language
        title = name_of(item, language)
        text = sentence(case.key or case.reason, language, {"title": title, **case.facts})
        return WhyNot(item.id, title, case.reason, case.by, text, stand.rank, score, needed)

    def _cases(
        self, row: int, query: Query, question: Question, listed: Ordering, stand: Standing
    ) -> Iterator[_Case]:
        """Go through all reasons but the score, in their order."""
        if row in listed.best.rows[listed.shown]:
            yield _Case("listed")
        if row in question.history.items:
            kind = self._how_seen(row, query, question)
            special = kind in {"session", "request", "answer"}
            yield _Case("seen", (kind,), f"seen {kind}" if special else "seen")
        if any(self._state.find_item(name) == row for name in query.exclude):
            yield _Case("excluded")
        for name, wanted in query.filters.items():
            if not self._columns.meeting(name, wanted)[row]:
                yield self._filtered(row, name, wanted)
        if stand.rank is None and stand.copy_of is None:
            yield from self._unwanted(row, listed)
        if stand.copy_of is not None:
            other = self._state.item(stand.copy_of)
            seen = stand.copy_of in question.history.items
            facts = {"other": name_of(other, query.language)}
            yield _Case("copy", (other.id,), "copy seen" if seen else "copy", facts)
        if stand.rank is not None and stand.rank <= query.k:
            stages = tuple(stage.by for stage in listed.stages)
            yield _Case("reordered", stages, facts={"rank": stand.rank, "stages": stages})

    def _how_seen(self, row: int, query: Query, question: Question) -> str:
        """Tell where an item of the history comes from."""
        if query.user_id is not None:
            history = self._state.history(query.user_id)
            if history is not None and row in history.items:
                return self._state.event_types(query.user_id).get(row, "interaction")
        if any(self._state.find_item(name) == row for name in query.session):
            return "session"
        understood = question.understood
        if understood is not None and row in examples_of(self._state, understood):
            return "request"
        return "answer"

    def _filtered(self, row: int, name: str, wanted: AttributeValue) -> _Case:
        """Tell what a filter wants, and what the item has."""
        values = wanted if isinstance(wanted, tuple) else (wanted,)
        key, field = "filter", name
        for prefix, bound in (("min_", "least"), ("max_", "most")):
            if name.startswith(prefix) and isinstance(wanted, int | float):
                key, field = f"filter {bound}", name.removeprefix(prefix)
        by = (name, *(str(value) for value in values))
        return self._lacking("filter", by, key, row, {"field": field, "wanted": values})

    def _unwanted(self, row: int, listed: Ordering) -> Iterator[_Case]:
        """Go through what the words of the request took away."""
        for removal in listed.best.removals:
            one = removal.by
            if removal.outcome not in _IN_FORCE or passes(self._state, self._columns, one, row):
                continue
            if isinstance(one, LinkedEntity):
                key = "refused" if one.kind == "Entity" else "refused itself"
                yield _Case("refused", (one.entity_id, one.name), key, {"name": one.name})
                continue
            by = (one.field, one.op, f"{one.value:g}")
            facts = {
                "field": one.field,
                "op": one.op,
                "wanted": f"{one.value:g} {one.unit}".strip(),
            }
            yield self._lacking("limit", by, "limit", row, facts)

    def _lacking(
        self, reason: Reason, by: tuple[str, ...], key: str, row: int, facts: Mapping[str, object]
    ) -> _Case:
        """Add what the item has in the attribute that counts."""
        found = self._state.item(row).attributes.get(str(facts["field"]))
        if found is None:
            return _Case(reason, by, f"{key} none", facts)
        values = found if isinstance(found, tuple) else (found,)
        return _Case(reason, by, key, {**facts, "found": ", ".join(map(str, values))})
