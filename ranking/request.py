"""Let a request in words steer the score: request paths, semantic similarity, hard exclusions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from graph.domain import AttributeValue, Item
from llm.encoder import TextEncoder
from llm.intent import Constraint, LinkedEntity, Understanding
from ranking.state import ServingState
from ranking.stated import Taste

REQUEST_WEIGHT = 1.1
SEMANTIC_WEIGHT = 0.1
_COMPARE = {
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "==": lambda a, b: a == b,
}


@dataclass(frozen=True, slots=True)
class RequestScores:
    """What a request adds to the score of each item.

    Attributes
    ----------
    paths : tuple of (LinkedEntity, NDArray[np.int64], float)
        For each wanted entity the rows of its items and what the path adds.
    semantic : NDArray[np.float64] or None
        Semantic part of every item; shape (n_items,).
    excluded : NDArray[np.int64]
        Rows of items that have an entity that is not wanted.
    tastes : tuple of Taste
        What the user said about entities, now or before.
    liked : frozenset of int
        Rows of the items that the user said to like.
    """

    paths: tuple[tuple[LinkedEntity, NDArray[np.int64], float], ...] = ()
    semantic: NDArray[np.float64] | None = None
    excluded: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    tastes: tuple[Taste, ...] = ()
    liked: frozenset[int] = frozenset()

    def total(self, n_items: int) -> NDArray[np.float64]:
        """Return the sum of all parts; shape (n_items,)."""
        result = np.zeros(n_items) if self.semantic is None else self.semantic.copy()
        for _, rows, value in self.paths:
            result[rows] += value
        for taste in self.tastes:
            result[taste.rows] += taste.values
        return result


def score_request(
    state: ServingState,
    understood: Understanding,
    encoder: TextEncoder | None,
    *,
    reach: float,
) -> RequestScores:
    """Turn what was understood into parts of the score.

    A request has to hold its own against a strong taste, so its weight is measured by the distance
    between the best and the worst item of the taste alone: what has all that is wanted comes first,
    in the order of the taste.

    Parameters
    ----------
    state : ServingState
        What is served.
    understood : Understanding
        What the request was taken to mean.
    encoder : TextEncoder or None
        Encodes the free text; None leaves the semantic part out.
    reach : float
        Highest minus lowest score of all items without the request.

    Returns
    -------
    RequestScores
        An item that has all that is wanted gains a little more than ``reach`` times the root of
        the number of wanted entities; the semantic part has a spread of a tenth of ``reach``.
    """
    wanted = [entity for entity in understood.include if entity.kind == "Entity"]
    value = REQUEST_WEIGHT * reach / max(len(wanted), 1) ** 0.5
    paths = tuple(
        (entity, state.items_with(entity.entity_id), value * entity.score) for entity in wanted
    )
    unwanted = [
        state.items_with(entity.entity_id)
        for entity in understood.exclude
        if entity.kind == "Entity"
    ]
    rows = [state.find_item(entity.entity_id) for entity in understood.exclude]
    excluded = np.concatenate([
        *unwanted,
        np.array([row for row in rows if row is not None], dtype=np.int64),
    ])
    return RequestScores(
        paths,
        _semantic(state, understood.free_text, encoder, SEMANTIC_WEIGHT * reach),
        excluded.astype(np.int64),
    )


def examples_of(state: ServingState, understood: Understanding) -> list[int]:
    """Return the rows of items named as examples; they count as events of this request."""
    named = [*understood.similar_to, *(e for e in understood.include if e.kind == "Item")]
    rows = (state.find_item(entity.entity_id) for entity in named)
    return [row for row in rows if row is not None]


def _semantic(
    state: ServingState, text: str, encoder: TextEncoder | None, weight: float
) -> NDArray[np.float64] | None:
    """Return the cosine of every item with the text, scaled to a spread of ``weight``."""
    vectors = state.item_text
    if encoder is None or vectors is None or not text.strip():
        return None
    if state.model.text is None or state.model.text.encoder != encoder.name:
        return None
    asked = encoder.encode([text])[0]
    cosine = (vectors @ asked).astype(np.float64)
    scale = weight / (float(cosine.std()) or 1.0)
    result = np.zeros(state.n_items)
    result[: len(cosine)] = scale * cosine
    for row, vector in state.live_text.items():
        result[row] = scale * float(vector @ asked)
    return result


def best_passing(
    state: ServingState,
    scores: NDArray[np.float32],
    filters: Mapping[str, AttributeValue],
    limits: tuple[Constraint, ...],
    n: int,
) -> NDArray[np.int64]:
    """Walk down the ranking until enough items pass filters and limits.

    Parameters
    ----------
    state : ServingState
        What is served.
    scores : NDArray[np.float32]
        Minus infinity where an item is out of the question; shape (n_items,).
    filters : Mapping[str, AttributeValue]
        As in :class:`ranking.domain.Query`.
    limits : tuple of Constraint
        From the request.
    n : int
        How many are enough.

    Returns
    -------
    NDArray[np.int64]
        Item rows, best first; at most n.
    """
    rows: list[int] = []
    for row in np.argsort(-scores, kind="stable").tolist():
        if len(rows) >= n or scores[row] == -np.inf:
            break
        if passes(state.item(row), filters, limits):
            rows.append(row)
    return np.array(rows, dtype=np.int64)


def passes(
    item: Item, filters: Mapping[str, AttributeValue], limits: tuple[Constraint, ...]
) -> bool:
    """Tell whether an item meets filters and limits; a limit on what it lacks is not met.

    Parameters
    ----------
    item : Item
        The item.
    filters : Mapping[str, AttributeValue]
        As in :class:`ranking.domain.Query`.
    limits : tuple of Constraint
        From the request.

    Returns
    -------
    bool
        Whether all are met.
    """
    return all(_meets(item, name, wanted) for name, wanted in filters.items()) and all(
        _within(item.attributes.get(limit.field), limit.op, limit.value) for limit in limits
    )


def _meets(item: Item, name: str, wanted: AttributeValue) -> bool:
    for prefix, op in (("min_", ">="), ("max_", "<=")):
        if name.startswith(prefix) and isinstance(wanted, int | float):
            return _within(item.attributes.get(name.removeprefix(prefix)), op, float(wanted))
    has = item.attributes.get(name)
    if has is None:
        return False
    values = {str(v).casefold() for v in (has if isinstance(has, tuple) else (has,))}
    options = wanted if isinstance(wanted, tuple) else (wanted,)
    return any(str(option).casefold() in values for option in options)


def _within(value: AttributeValue | None, op: str, bound: float) -> bool:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return bool(_COMPARE[op](number, bound))
