"""What if an edge were not there: score and place of an item, computed again without some edges.

Nothing is estimated. Events, links and answers are taken away beside what is served
(:class:`ranking.overlay.Overlay`), by the same code that takes them away for good, and the question
is asked again: coefficients that depend on the number of events, shares of what a request wants,
the place of an item by its content, all change as they would. Learned edges are what training made
of everybody's events, so only a training can take one back; of these the one summand is left out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph.domain import ANSWER_PREFIX, ASKS_FOR, AVOIDS, CLOSE_TO, INTERACTED, SIMILAR_TO, Triple
from graph.errors import InvalidError
from llm.intent import Understanding
from ranking.columns import Columns
from ranking.copies import Copies
from ranking.domain import PATHS, Query
from ranking.explain import REQUEST, YOU, name_of
from ranking.links import links_of, owns_its_edges
from ranking.overlay import Overlay
from ranking.question import Question, approximate, parts_of
from ranking.score_split import Breakdown
from ranking.standing import Standing, standing
from ranking.state import ServingState
from ranking.texts import ItemTexts

MAX_EDGES = 100
_LEARNED = (SIMILAR_TO, CLOSE_TO)
_STATED = {ASKS_FOR: "like", AVOIDS: "dislike"}
_FIX = "Edges that can be left out are those of the item's explanation, as they are written there."

# Its type, the row of the user's item, and the entity that it leads to, if not to the item itself.
_LearnedEdge = tuple[str, int, str | None]
Ask = Callable[[Query, ServingState], Question]


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge as explanations show it: from the head to the tail of what is stored."""

    source: str
    type: str
    target: str

    def __str__(self) -> str:
        return f"{self.source[:80]} {self.type[:80]} {self.target[:80]}"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The score and the place of an item, with and without some edges.

    Attributes
    ----------
    item_id, title : str
        Which item.
    score_before, score_after : float
        Sums of the parts.
    parts_before, parts_after : Mapping[str, float]
        Summands by name.
    rank_before, rank_after : int or None
        Place by score among all that could be recommended, from 1; None where the item could not.
    removed : tuple of Edge
        What was left out, each once.
    """

    item_id: str
    title: str
    score_before: float
    score_after: float
    parts_before: Mapping[str, float]
    parts_after: Mapping[str, float]
    rank_before: int | None
    rank_after: int | None
    removed: tuple[Edge, ...]


@dataclass(slots=True)
class _Plan:
    """What is taken away, sorted by how it is taken away."""

    items: set[int] = field(default_factory=set)
    wanted: set[str] = field(default_factory=set)
    answers: set[str] = field(default_factory=set)
    links: dict[int, list[Triple]] = field(default_factory=dict)
    learned: list[_LearnedEdge] = field(default_factory=list)

    @property
    def changes_the_question(self) -> bool:
        """Whether more goes than learned edges, which nothing but the item's own score knows of."""
        return bool(self.items or self.wanted or self.answers or self.links)


class Alternatives:
    """Answers questions of the kind "what if this edge were not there".

    Parameters
    ----------
    state : ServingState
        What is served.
    copies : Copies
        Which items are the same thing.
    columns : Columns
        What filters and limits look at.
    texts : ItemTexts
        Encodes items whose links change.
    """

    def __init__(
        self, state: ServingState, copies: Copies, columns: Columns, texts: ItemTexts
    ) -> None:
        self._state = state
        self._copies = copies
        self._columns = columns
        self._texts = texts

    def what_if(self, row: int, query: Query, without: Sequence[Edge], ask: Ask) -> WhatIf:
        """Compute score and place of an item without some edges.

        Parameters
        ----------
        row : int
            Row of the item.
        query : Query
            The request that it would answer; a text must be understood already.
        without : Sequence of Edge
            At most 100; one that comes twice counts once.
        ask : Callable
            Makes a question of a query, to a state.

        Returns
        -------
        WhatIf
            Both scores, exactly.

        Raises
        ------
        InvalidError
            If there is no such edge, or it is not one of those that explain the item to the user.
        """
        removed = tuple(dict.fromkeys(without))
        if len(removed) > MAX_EDGES:
            raise InvalidError(f"{len(removed)} edges are too many; at most {MAX_EDGES}.")
        question = ask(query, self._state)
        question = replace(question, scores=approximate(self._state, question))
        before = self._standing(self._state, question, query, row)
        plan = self._plan(row, query, question, removed)
        overlay, asked, copies = self._taken_away(plan, query)
        other = ask(asked, overlay) if plan.changes_the_question else question
        less = _left_out(overlay, other, row, plan.learned)
        after = standing(overlay, other, asked, copies, self._columns, row, less=less)
        parts_before, parts_after = parts_of(before.summands), parts_of(after.summands)
        parts_after[PATHS] -= less
        item = self._state.item(row)
        return WhatIf(
            item.id,
            name_of(item, query.language),
            sum(parts_before.values()),
            sum(parts_after.values()),
            parts_before,
            parts_after,
            before.rank,
            after.rank,
            removed,
        )

    def _standing(
        self, state: ServingState, question: Question, query: Query, row: int
    ) -> Standing:
        return standing(state, question, query, self._copies, self._columns, row)

    def _taken_away(self, plan: _Plan, query: Query) -> tuple[Overlay, Query, Copies]:
        """Take away what was planned, from what is served and from what is asked."""
        overlay, copies = Overlay(self._state), self._copies
        ids = {self._state.item(row).id for row in plan.items}
        names = {f"{ANSWER_PREFIX}item:{name}" for name in ids}
        names |= {f"{ANSWER_PREFIX}entity:{name}" for name in plan.answers}
        if query.user_id is not None:
            overlay.forget_events(query.user_id, plan.items)
            overlay.forget_attributes(query.user_id, names)
        if plan.links:
            copies = copies.branch(overlay)
        for row, links in plan.links.items():
            # What it says places an item without events, and answers words; nothing else.
            is_read = query.text is not None or self._state.is_cold(row)
            overlay.unlink(row, links, self._texts if is_read else None)
            copies.put(row)
        understood = query.understood
        asked = replace(
            query,
            session=tuple(name for name in query.session if name not in ids),
            answers=tuple(
                answer
                for answer in query.answers
                if f"{ANSWER_PREFIX}{answer.kind}:{answer.id}" not in names
            ),
            attributes={n: value for n, value in query.attributes.items() if n not in names},
            understood=understood and _unsaid(understood, ids, plan.wanted),
        )
        return overlay, asked, copies

    # --- which edge is what ---

    def _plan(self, row: int, query: Query, question: Question, removed: Sequence[Edge]) -> _Plan:
        """Find out what each edge is; raises ``InvalidError``."""
        plan, user_id = _Plan(), query.user_id or YOU
        for edge in removed:
            if edge.type == INTERACTED:
                found = edge.source == user_id and self._plan_event(edge, question, plan)
            elif edge.type in _LEARNED:
                found = self._plan_learned(edge, row, question, plan)
            elif edge.type in _STATED:
                found = self._plan_wish(edge, user_id, question, plan)
            else:
                found = self._plan_link(edge, row, question, plan)
            if not found:
                raise InvalidError(
                    f"The edge '{edge}' is not among those that explain "
                    f"{self._state.item(row).id[:80]!r} to {user_id[:80]!r}.",
                    fix=_FIX,
                )
        return plan

    def _plan_event(self, edge: Edge, question: Question, plan: _Plan) -> bool:
        item = self._state.find_item(edge.target)
        if item is None or item not in question.history.items:
            return False
        plan.items.add(item)
        return True

    def _plan_wish(self, edge: Edge, user_id: str, question: Question, plan: _Plan) -> bool:
        request = question.request
        asked = edge.source == REQUEST and any(
            entity.entity_id == edge.target for entity, _, _ in request.paths
        )
        stated = edge.source == user_id and any(
            taste.entity_id == edge.target and taste.likes == (edge.type == ASKS_FOR)
            for taste in request.tastes
        )
        if asked and edge.type == ASKS_FOR:
            plan.wanted.add(edge.target)
        if stated:
            plan.answers.add(edge.target)
        return stated or (asked and edge.type == ASKS_FOR)

    def _plan_learned(self, edge: Edge, row: int, question: Question, plan: _Plan) -> bool:
        ends = self._state.find_item(edge.source), self._state.find_item(edge.target)
        source, target = ends[::-1] if owns_its_edges(self._state, row) else ends
        entity = None
        if target is None and edge.type == CLOSE_TO:
            (source, _), entity = ends, edge.target
        if source is None or (entity is None and target != row):
            return False
        learned = edge.type, source, entity
        if not _left_out(self._state, question, row, [learned]):
            return False
        plan.learned.append(learned)
        return True

    def _plan_link(self, edge: Edge, row: int, question: Question, plan: _Plan) -> bool:
        known = {row, *question.profile.rows.tolist()}
        for end in (edge.source, edge.target):
            item = self._state.find_item(end)
            if item not in known or item is None:
                continue
            for link in links_of(self._state, item):
                if (link.head, link.relation, link.tail) == (edge.source, edge.type, edge.target):
                    plan.links.setdefault(item, []).append(link)
                    return True
        return False


def _unsaid(understood: Understanding, items: set[str], entities: set[str]) -> Understanding:
    """Return what a request means that does not name some items and some entities."""
    gone = {"Item": items, "Entity": entities}
    return replace(
        understood,
        include=tuple(e for e in understood.include if e.entity_id not in gone[e.kind]),
        similar_to=tuple(e for e in understood.similar_to if e.entity_id not in items),
    )


def _left_out(
    state: ServingState, question: Question, row: int, edges: Sequence[_LearnedEdge]
) -> float:
    """Return what learned edges from some items add to the score of one."""
    if not edges:
        return 0.0
    rows = question.profile.rows
    split = Breakdown(state.scorer, question.profile).of(row)
    values: dict[_LearnedEdge, float] = {}
    for at, item in enumerate(rows.tolist()):
        values[SIMILAR_TO, item, None] = float(split.collaborative[at])
        values[CLOSE_TO, item, None] = float(split.learned[at])
    for at, (place, column) in enumerate(
        zip(split.passed_places, split.passed_columns, strict=True)
    ):
        _, entity_id = state.features.feature(int(column))
        values[CLOSE_TO, int(rows[place]), entity_id] = float(split.passed[at])
    return sum(values.get(edge, 0.0) for edge in edges)
