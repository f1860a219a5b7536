"""Walks through the graph that lead from a user to an item, without any model.

Of length 2, over a direct relation between items, and of length 3, over an entity that two items
share::

    user -INTERACTED-> item -SEQUEL_OF-> item
    user -INTERACTED-> item -DIRECTED_BY-> entity <-DIRECTED_BY- item
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.columns import Csr, Int32Array
from graph.domain import INTERACTED, Direction, Kind, Path, PathEdge, PathNode
from graph.snapshot import Snapshot

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Links:
    """All edges between items and nodes of one kind, seen from the items.

    The edges of item row ``i`` are ``indptr[i]:indptr[i + 1]``, ascending by the node at the other
    end. A code is twice the position of the relation in the snapshot, plus 1 where the item is the
    tail of the edge.
    """

    indptr: IntArray
    others: Int32Array
    codes: Int32Array

    def row(self, item_row: int) -> slice:
        return slice(self.indptr[item_row], self.indptr[item_row + 1])

    def rows(self, item_rows: Int32Array) -> tuple[IntArray, IntArray]:
        """Return, for several items, the positions of their edges and whose each edge is."""
        starts = self.indptr[item_rows]
        sizes = self.indptr[item_rows + 1] - starts
        owners = np.repeat(np.arange(len(item_rows)), sizes)
        positions = np.arange(len(owners)) + np.repeat(starts - np.cumsum(sizes) + sizes, sizes)
        return positions, owners


@dataclass(frozen=True, slots=True)
class _Walks:
    """Walks found, as parallel arrays of shape (n_walks,).

    ``steps`` is the position of the first item in the history, newest first; ``entities`` is -1 for
    direct relations, which have no ``last_codes``. First codes are seen from the item of the
    history, last codes from the target.
    """

    steps: IntArray
    first_codes: IntArray
    entities: IntArray
    last_codes: IntArray


class PathFinder:
    """Finds the paths between users and items of one snapshot.

    The edges of the target's row are marked in an array over all entities, then the edges of the
    user's items are looked up in it: the cost is the number of edges of the user's items. Safe to
    use from several threads.

    Parameters
    ----------
    snapshot : Snapshot
        The graph.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._to_items = _links(snapshot, "Item")
        self._to_entities = _links(snapshot, "Entity")
        # One more place, always 0, for the walks that have no entity (-1).
        n_places = len(snapshot.entities) + 1
        self._degrees = np.bincount(self._to_entities.others, minlength=n_places)

    def find(
        self,
        user_row: int,
        item_row: int,
        *,
        max_history: int = 200,
        lengths: Sequence[int] = (2, 3),
        max_paths: int | None = 100,
    ) -> list[Path]:
        """Return the paths from a user to an item.

        Parameters
        ----------
        user_row, item_row : int
            Rows of the snapshot.
        max_history : int
            Only that many of the user's newest events are walked.
        lengths : Sequence[int]
            Which lengths to look for, of 2 and 3.
        max_paths : int or None
            How many to return at most; None for all.

        Returns
        -------
        list of Path
            Direct relations first, then by the number of items the linking entity has (rarest
            first), then newest event first; the order is the same every time.
        """
        history = self._history(user_row, item_row, max_history)
        found = [_Walks(*(np.zeros(0, dtype=np.int64),) * 4)]
        if 2 in lengths:
            found.append(self._direct(history, item_row))
        if 3 in lengths:
            found.append(self._shared(history, item_row))
        steps, first_codes, entities, last_codes = (
            np.concatenate([getattr(walks, name) for walks in found]) for name in _Walks.__slots__
        )
        keys = (last_codes, first_codes, entities, steps, self._degrees[entities])
        order = np.lexsort(keys)[:max_paths]
        walks = zip(
            history[steps[order]].tolist(),
            first_codes[order].tolist(),
            entities[order].tolist(),
            last_codes[order].tolist(),
            strict=True,
        )
        builder = _Builder(self._snapshot, user_row, item_row)
        return [builder.path(*walk) for walk in walks]

    def _history(self, user_row: int, item_row: int, max_history: int) -> Int32Array:
        """Return the items of the newest events, newest first, each once, without the target."""
        events = self._snapshot.events
        stop = int(events.indptr[user_row + 1])
        start = max(int(events.indptr[user_row]), stop - max_history)
        items = events.items[start:stop][::-1]
        first = np.sort(np.unique(items, return_index=True)[1])
        unique = items[first]
        return np.asarray(unique[unique != item_row])

    def _direct(self, history: Int32Array, item_row: int) -> _Walks:
        """Find relations between an item of the history and the target."""
        edges = self._to_items.row(item_row)
        sorter = np.argsort(history)
        others = self._to_items.others[edges]
        places = np.searchsorted(history, others, sorter=sorter)
        steps = np.append(sorter, 0)[places]
        hit = places < len(history)
        hit[hit] = history[steps[hit]] == others[hit]
        codes = self._to_items.codes[edges][hit].astype(np.int64)
        none = np.full(len(codes), -1, dtype=np.int64)
        return _Walks(steps[hit], codes ^ 1, none, none)

    def _shared(self, history: Int32Array, item_row: int) -> _Walks:
        """Find entities that an item of the history shares with the target."""
        links = self._to_entities
        target = links.row(item_row)
        entities, firsts, counts = np.unique(
            links.others[target], return_index=True, return_counts=True
        )
        marks = np.zeros(len(self._degrees), dtype=np.int32)
        marks[entities] = np.arange(1, len(entities) + 1)
        positions, owners = links.rows(history)
        marked = marks[links.others[positions]]
        hit = np.flatnonzero(marked)
        which = marked[hit] - 1
        # One walk for every edge by which the target reaches the entity.
        times = counts[which]
        copies = np.repeat(np.arange(len(hit)), times)
        nth = np.arange(len(copies)) - np.repeat(np.cumsum(times) - times, times)
        last = firsts[which][copies] + nth
        return _Walks(
            owners[hit][copies],
            links.codes[positions[hit]][copies].astype(np.int64),
            entities[which][copies].astype(np.int64),
            links.codes[target][last].astype(np.int64),
        )


class _Builder:
    """Writes walks as paths; reads every node once."""

    def __init__(self, snapshot: Snapshot, user_row: int, item_row: int) -> None:
        self._snapshot = snapshot
        self._nodes: dict[tuple[Kind, int], PathNode] = {}
        self._user = self._node("User", user_row)
        self._target = self._node("Item", item_row)

    def path(self, first: int, first_code: int, entity: int, last_code: int) -> Path:
        item = self._node("Item", first)
        event = PathEdge(self._user.id, INTERACTED, item.id, "out")
        if entity < 0:
            edge = self._edge(item, first_code, self._target)
            return Path((self._user, item, self._target), (event, edge))
        middle = self._node("Entity", entity)
        edges = (
            event,
            self._edge(item, first_code, middle),
            # The last edge is stored as seen from the target, and walked towards it.
            self._edge(middle, last_code ^ 1, self._target),
        )
        return Path((self._user, item, middle, self._target), edges)

    def _edge(self, left: PathNode, code: int, right: PathNode) -> PathEdge:
        relation = self._snapshot.relations[code >> 1].name
        if code & 1:
            return PathEdge(right.id, relation, left.id, "in")
        return PathEdge(left.id, relation, right.id, "out")

    def _node(self, kind: Kind, row: int) -> PathNode:
        if (kind, row) not in self._nodes:
            self._nodes[kind, row] = path_node(self._snapshot, kind, row)
        return self._nodes[kind, row]


def path_node(snapshot: Snapshot, kind: Kind, row: int) -> PathNode:
    """Return a node of a snapshot as it appears on paths.

    Parameters
    ----------
    snapshot : Snapshot
        The graph.
    kind : Kind
        What kind of node.
    row : int
        Its row.

    Returns
    -------
    PathNode
        Items are named by their title, users by their id.
    """
    nodes = snapshot.nodes(kind)
    id_ = nodes.id(row)
    if kind == "User":
        return PathNode(id_, kind, "User", id_)
    record = nodes.record(row)
    if kind == "Item":
        return PathNode(id_, kind, "Item", record["title"])
    return PathNode(id_, kind, record["label"], record["name"])


def exists(path: Path, snapshot: Snapshot) -> bool:
    """Tell whether a path is a walk in a snapshot: its edges are there and join its nodes.

    Parameters
    ----------
    path : Path
        Any path; learned edges (``SIMILAR_TO``) are not part of a snapshot.
    snapshot : Snapshot
        The graph.

    Returns
    -------
    bool
        Whether every edge is stored with that type and direction and the nodes are its ends.
    """
    if len(path.nodes) != len(path.edges) + 1:
        return False
    return all(
        _joins(left, edge, right) and _stored(edge, left, right, snapshot)
        for left, edge, right in zip(path.nodes[:-1], path.edges, path.nodes[1:], strict=True)
    )


def _joins(left: PathNode, edge: PathEdge, right: PathNode) -> bool:
    ends: dict[Direction, tuple[str, str]] = {
        "out": (left.id, right.id),
        "in": (right.id, left.id),
    }
    return ends[edge.direction] == (edge.source, edge.target)


def _stored(edge: PathEdge, left: PathNode, right: PathNode, snapshot: Snapshot) -> bool:
    head, tail = (left, right) if edge.direction == "out" else (right, left)
    if head.kind == "Request" or tail.kind == "Request":
        return False
    head_row = snapshot.nodes(head.kind).find(head.id)
    tail_row = snapshot.nodes(tail.kind).find(tail.id)
    if head_row is None or tail_row is None:
        return False
    if edge.type == INTERACTED:
        indptr = snapshot.events.indptr
        seen = snapshot.events.items[indptr[head_row] : indptr[head_row + 1]]
        return (head.kind, tail.kind) == ("User", "Item") and tail_row in seen
    return any(
        tail_row in relation.forward.row(head_row)
        for relation in snapshot.relations
        if (relation.name, relation.head_kind, relation.tail_kind)
        == (edge.type, head.kind, tail.kind)
    )


def _links(snapshot: Snapshot, kind: Kind) -> _Links:
    """Join the edges of all relations between items and one kind of nodes."""
    parts: list[tuple[Csr, int]] = []
    for position, relation in enumerate(snapshot.relations):
        if (relation.head_kind, relation.tail_kind) == ("Item", kind):
            parts.append((relation.forward, 2 * position))
        if (relation.head_kind, relation.tail_kind) == (kind, "Item"):
            parts.append((relation.backward, 2 * position + 1))
    none = np.zeros(0, dtype=np.int64)
    rows = np.concatenate([
        none,
        *(np.repeat(np.arange(csr.n_rows), np.diff(csr.indptr)) for csr, _ in parts),
    ])
    others = np.concatenate([none, *(csr.indices for csr, _ in parts)])
    codes = np.concatenate([none, *(np.full(csr.n_edges, code) for csr, code in parts)])
    order = np.lexsort((codes, others, rows))
    indptr = np.zeros(len(snapshot.items) + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=len(snapshot.items)), out=indptr[1:])
    return _Links(indptr, others[order].astype(np.int32), codes[order].astype(np.int32))
