"""Lists of users with the explanation of every item: what the measures of explanations look at.

Everything is read off the public answers; of the state only what a path does not tell is used: the
times of the user's events, and how many items an entity is linked to.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from graph.domain import Path
from graph.errors import InvalidError
from ranking.domain import PATHS, Explanation, PathChoice, Query, ScoredPath
from ranking.evaluation.causing import additivity_error
from ranking.evaluation.explaining import has_telling_entity, smoothed
from ranking.pipeline import Recommender
from ranking.state import ServingState

FloatArray = NDArray[np.float64]
EdgeKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class ExplainedItem:
    """One item of a list, and why it is there.

    Attributes
    ----------
    item_id : str
        Which item.
    score : float
        What it got.
    values : FloatArray
        What every path adds, the shown ones first; shape (n_paths,).
    shown : tuple of ScoredPath
        The paths that the list shows, the first reason first.
    is_same : bool
        Whether the explanation of the item alone shows the same paths, in any order.
    paths : tuple of Path
        All paths, in the order of ``values``.
    types : frozenset of str
        Types of the paths that speak for it, shown or not.
    error : float
        How far parts and paths are from adding up, as
        :func:`ranking.evaluation.causing.additivity_error` counts it.
    is_told, is_shared : bool
        Whether a path leads through an entity that at most 300 items share, and whether one leads
        through such an entity that an item of the user has as well.
    seconds : float
        How long the explanation took, with all paths.
    """

    item_id: str
    score: float
    values: FloatArray
    shown: tuple[ScoredPath, ...]
    is_same: bool
    paths: tuple[Path, ...]
    types: frozenset[str]
    error: float
    is_told: bool
    is_shared: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class ExplainedList:
    """The list of one user.

    Attributes
    ----------
    user_id : str
        Whose list.
    times : Mapping[str, float]
        Time of the user's event on each item.
    items : tuple of ExplainedItem
        Best first.
    chinese : tuple of ScoredPath
        The same paths, with names and sentences in Chinese.
    """

    user_id: str
    times: Mapping[str, float]
    items: tuple[ExplainedItem, ...]
    chinese: tuple[ScoredPath, ...] = ()


class Entities:
    """How known each entity of a graph is.

    Parameters
    ----------
    state : ServingState
        What is served; entities that came after the snapshot have no degree.
    """

    def __init__(self, state: ServingState) -> None:
        attributes, entities = state.attributes, state.snapshot.entities
        degrees = np.bincount(
            attributes.entity_of, weights=attributes.degrees(), minlength=len(entities)
        )
        self._degrees = degrees.astype(np.int64)
        self._find = entities.find
        self._labels = np.array([entities.record(row)["label"] for row in range(len(entities))])
        self._places = np.zeros(len(entities))
        for label in np.unique(self._labels):
            chosen = (self._labels == label) & (self._degrees > 0)
            self._places[chosen] = smoothed(self._degrees[chosen])

    def degree(self, entity_id: str) -> int:
        """Return the number of edges between an entity and items."""
        row = self._find(entity_id)
        return 0 if row is None else int(self._degrees[row])

    def place(self, entity_id: str) -> float:
        """Return the place of an entity among those of its label, for SEP."""
        row = self._find(entity_id)
        return float("nan") if row is None else float(self._places[row])


def draw_users(state: ServingState, n: int, *, seed: int) -> list[str]:
    """Draw users who have events.

    Parameters
    ----------
    state : ServingState
        What is served.
    n : int
        How many at most.
    seed : int
        Start of the draw.

    Returns
    -------
    list of str
        Ids, in the order in which the graph has them.

    Raises
    ------
    InvalidError
        If no user has an event.
    """
    events = np.diff(state.snapshot.events.indptr)
    rows = np.flatnonzero(events > 0)
    rows = rows[
        [state.find_user(state.snapshot.users.id(row)) is not None for row in rows.tolist()]
    ]
    if not len(rows):
        raise InvalidError(
            "No user has events, so there is no explanation to measure.",
            fix="Load events with 'whyrec load', and train.",
        )
    drawn = np.random.default_rng(seed).choice(rows, min(n, len(rows)), replace=False)
    return [state.snapshot.users.id(row) for row in np.sort(drawn).tolist()]


def explained_list(
    recommender: Recommender,
    entities: Entities,
    user_id: str,
    *,
    k: int = 10,
    choice: PathChoice = "balanced",
) -> ExplainedList:
    """Recommend to a user with reasons, and explain every item.

    Parameters
    ----------
    recommender : Recommender
        Who is asked.
    entities : Entities
        How known entities are.
    user_id : str
        For whom.
    k : int
        Length of the list.
    choice : PathChoice
        Which paths are shown.

    Returns
    -------
    ExplainedList
        The items with all their paths.
    """
    query = Query(user_id=user_id, k=k, explain=True, path_choice=choice)
    found = []
    for item in recommender.recommend(query).items:
        began = time.perf_counter()
        explanation = recommender.explain(item.item_id, query)
        explanation = replace(explanation, paths=tuple(explanation.paths))
        seconds = time.perf_counter() - began
        found.append(_item(item.paths, explanation, entities, seconds))
    chinese = recommender.recommend(replace(query, language="zh")).items
    return ExplainedList(
        user_id,
        _times(recommender.state, user_id),
        tuple(found),
        tuple(path for item in chinese for path in item.paths),
    )


def type_of(path: Path) -> str:
    """Return the type of a path: the relation by which it reaches the item."""
    return path.edges[-1].type


def linking_of(path: Path) -> str | None:
    """Return the id of the user's item that a path leads through; None for a request."""
    return next((node.id for node in path.nodes[:-1] if node.kind == "Item"), None)


def entity_of(path: Path) -> str | None:
    """Return the id of the entity that a path leads through, if there is one."""
    return next((node.id for node in path.nodes if node.kind == "Entity"), None)


def edges_of(path: Path) -> Iterator[EdgeKey]:
    """Yield the edges of a path as they are stored; those of a request are in no store."""
    for edge in path.edges:
        if not any(node.kind == "Request" and node.id == edge.source for node in path.nodes):
            yield edge.source, edge.type, edge.target


def _item(
    shown: Sequence[ScoredPath], explanation: Explanation, entities: Entities, seconds: float
) -> ExplainedItem:
    """Put the paths of the explanation in the order in which the list shows them."""
    every = [scored.path for scored in explanation.paths]
    first = [every.index(scored.path) for scored in shown]
    order = [*first, *np.setdiff1d(np.arange(len(every)), first).tolist()]
    paths = [explanation.paths[place] for place in order]
    values = np.array([path.value for path in paths], dtype=np.float64)
    shared = [path for path in paths if path.kind == "attribute"]
    named = [value for name, value in explanation.parts.items() if name != PATHS]
    return ExplainedItem(
        item_id=explanation.item_id,
        score=explanation.score,
        values=values,
        shown=tuple(shown),
        is_same=sorted(first) == list(range(explanation.n_shown)),
        paths=tuple(path.path for path in paths),
        types=frozenset(type_of(path.path) for path in paths if path.value > 0),
        error=additivity_error(explanation.score, named, values.tolist()),
        is_told=_is_told(paths, entities),
        is_shared=_is_told(shared, entities),
        seconds=seconds,
    )


def _is_told(paths: Sequence[ScoredPath], entities: Entities) -> bool:
    """Tell whether one of some paths leads through an entity that few items share."""
    through = [(path.value, one) for path in paths if (one := entity_of(path.path)) is not None]
    degrees = np.array([entities.degree(one) for _, one in through], dtype=np.int64)
    return has_telling_entity(degrees, np.array([value for value, _ in through]))


def _times(state: ServingState, user_id: str) -> dict[str, float]:
    history = state.history(user_id)
    if history is None:
        return {}
    ids = (state.item(row).id for row in history.items.tolist())
    return dict(zip(ids, history.times.astype(np.float64).tolist(), strict=True))
