"""How many nodes and edges of each kind there are."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from graph.domain import INTERACTED, SIMILAR_TO
from ranking.state import ServingState


class Count(NamedTuple):
    """A kind of node or edge, and how many there are.

    Attributes
    ----------
    name : str
        Label or relation type.
    n : int
        How many.
    """

    name: str
    n: int


def node_counts(state: ServingState) -> list[Count]:
    """Count users, items, and entities by label.

    Parameters
    ----------
    state : ServingState
        What is served; what came after its snapshot is not counted.

    Returns
    -------
    list of Count
        Items and users first, then labels with the most entities first.
    """
    snapshot = state.snapshot
    rows = range(len(snapshot.entities))
    labels = Counter(str(snapshot.entities.record(row)["label"]) for row in rows)
    counts = [Count("Item", len(snapshot.items)), Count("User", len(snapshot.users))]
    return counts + [Count(name, n) for name, n in _most_first(labels)]


def edge_counts(state: ServingState) -> list[Count]:
    """Count events, learned edges, and the relations of the catalog.

    Parameters
    ----------
    state : ServingState
        What is served; what came after its snapshot is not counted.

    Returns
    -------
    list of Count
        Those with the most edges first.
    """
    totals = Counter({INTERACTED: len(state.snapshot.events)})
    totals[SIMILAR_TO] += state.model.similar.n_edges
    for relation in state.snapshot.relations:
        totals[relation.name] += relation.forward.n_edges
    return [Count(name, n) for name, n in _most_first(totals) if n]


def _most_first(totals: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(totals.items(), key=lambda one: (-one[1], one[0]))
