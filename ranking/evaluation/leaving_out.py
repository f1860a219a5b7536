"""Leave one path out, and see whether the score loses what the path is said to add.

Edges are left out by :meth:`ranking.pipeline.Recommender.what_if`, the same that
``POST /v1/what-if`` asks; events as :mod:`ranking.evaluation.removing` does. A path can be left out
in more than one way:

``whole``
    All its edges, the event among them. With the event go all paths that begin with it, so that the
    score loses more than the path adds.
``own``
    The edge that no other path of the user to this item has: the learned edge, or the one between
    the user's item and the entity. Then the score should lose what the path adds, and no more.
``event``
    The event, compared with the sum of all paths that begin with it. A deleted event also changes
    what the others weigh: those before it become more recent, and a user with few events is
    weighed anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.domain import Path, PathEdge
from ranking.domain import Query
from ranking.evaluation.causing import agreement
from ranking.evaluation.explained import ExplainedItem, linking_of
from ranking.evaluation.removing import Removals
from ranking.pipeline import Recommender
from ranking.what_if import Edge

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Spearman's correlation between what is said and what is lost, by what is left out."""

    whole: float
    own: float
    event: float


def agreement_of(
    recommender: Recommender,
    user_id: str,
    item: ExplainedItem,
    *,
    most: int,
    rng: np.random.Generator,
) -> Agreement:
    """Compare what paths are said to add with what the score loses without them.

    Parameters
    ----------
    recommender : Recommender
        Who is asked.
    user_id : str
        Whose item.
    item : ExplainedItem
        The item with all its paths.
    most : int
        How many paths, and how many events, are left out one by one; drawn at random from all of
        the item where it has more, so that the mean over items stays what it would be with all.
    rng : numpy.random.Generator
        Source of the draw.

    Returns
    -------
    Agreement
        NaN where the item has too few paths.
    """
    asking = _Asking(recommender, user_id, item)
    drawn = rng.permutation(len(item.paths))[:most].tolist()
    values = item.values[drawn]
    paths = [item.paths[place] for place in drawn]
    return Agreement(
        agreement(values, asking.lost(path.edges for path in paths)),
        agreement(values, asking.lost([own_edge(path)] for path in paths)),
        _by_event(recommender, user_id, item, most=most, rng=rng),
    )


def own_edge(path: Path) -> PathEdge:
    """Return the edge of a path that no other path of the same user to the same item has."""
    return path.edges[0] if linking_of(path) is None else path.edges[1]


class _Asking:
    """Asks what the score of one item is without some edges."""

    def __init__(self, recommender: Recommender, user_id: str, item: ExplainedItem) -> None:
        self._recommender = recommender
        self._query, self._item = Query(user_id=user_id), item

    def lost(self, edges: Iterable[Sequence[PathEdge]]) -> FloatArray:
        """Return what the score loses without each group of edges."""
        return np.array([self._lost(group) for group in edges], dtype=np.float64)

    def _lost(self, edges: Sequence[PathEdge]) -> float:
        without = [Edge(edge.source, edge.type, edge.target) for edge in edges]
        answer = self._recommender.what_if(self._item.item_id, self._query, without)
        return answer.score_before - answer.score_after


def _by_event(
    recommender: Recommender,
    user_id: str,
    item: ExplainedItem,
    *,
    most: int,
    rng: np.random.Generator,
) -> float:
    """Compare what the paths of an event add with what the score loses without the event."""
    sums: dict[str, float] = {}
    for path, value in zip(item.paths, item.values.tolist(), strict=True):
        linking = linking_of(path)
        if linking is not None:
            sums[linking] = sums.get(linking, 0.0) + value
    removals = Removals(recommender, user_id, [item.item_id])
    chosen = [event for event in removals.events if event in sums]
    drawn = [chosen[place] for place in rng.permutation(len(chosen))[:most].tolist()]
    lost = [float((removals.scores() - removals.scores({event}))[0]) for event in drawn]
    return agreement(np.array([sums[event] for event in drawn]), np.array(lost))
