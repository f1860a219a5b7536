"""Which learned edges the store holds: known while serving, without asking it.

A path that is shown can be looked up: each of its learned edges is one that the store holds.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.columns import Csr
from graph.domain import CLOSE_TO, SIMILAR_TO
from graph.learned import LEARNED_RELATIONS, LearnedEdges, Relearned
from graph.snapshot import Snapshot
from ranking.alignment import rows_of
from ranking.model import Model
from ranking.similarity import strongest
from ranking.written_edges import WrittenEdges

if TYPE_CHECKING:
    from ranking.state import ServingState

_NONE = np.zeros(0, dtype=np.int64)


class StoredEdges:
    """Tells which learned edges the store holds, without asking it.

    What a model wrote as a whole is known from the model; what was written or deleted item by item
    since comes from the store (see :meth:`graph.store.GraphStore.relearned`).

    Before it was told, it takes no edge for stored.

    Parameters
    ----------
    model : Model
        The model that is served.
    snapshot : Snapshot
        Gives the rows of items.
    owner_is_cold : NDArray[np.bool_]
        Whether an item of the snapshot owns the edges that lead to it; shape (n_items,).
    """

    def __init__(self, model: Model, snapshot: Snapshot, owner_is_cold: NDArray[np.bool_]) -> None:
        self._cold, self._model = owner_is_cold, model.id
        n_items, rows = len(owner_is_cold), rows_of(model, snapshot)
        written = model.written or WrittenEdges.before(model)
        self._by_owner = [_moved(csr, rows, n_items) for csr in (written.similar, written.close)]
        self._by_other = [sp.csr_matrix(matrix.T) for matrix in self._by_owner]
        self._unknown = np.setdiff1d(np.arange(n_items), rows)
        self._holds_ours = False
        self._own: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}

    def similar(self, sources: NDArray[np.integer], target_row: int) -> NDArray[np.bool_]:
        """Tell of the ``SIMILAR_TO`` edges between some items and one that they speak for."""
        return self._held(0, sources, target_row)

    def close(self, sources: NDArray[np.integer], target_row: int) -> NDArray[np.bool_]:
        """Tell of the ``CLOSE_TO`` edges between some items and one that they speak for."""
        return self._held(1, sources, target_row)

    @property
    def holds_ours(self) -> bool:
        """Whether the edges in the store are those of this model."""
        return self._holds_ours

    def take(self, told: Relearned, find: Callable[[str], int | None]) -> None:
        """Note what the store told.

        Parameters
        ----------
        told : Relearned
            Of all items, or of some.
        find : callable
            Returns the row of an item, None where there is none.
        """
        self._holds_ours = told.model == self._model
        by_type = [told.edges.of_type(relation) for relation in LEARNED_RELATIONS]
        for owner in told.owners:
            row = find(owner)
            if row is not None:
                similar, close = (_rows(some.get(owner, {}), find) for some in by_type)
                self._own[row] = similar, close

    def forget(self, row: int) -> None:
        """Note that an item was deleted, and with it all edges from it and to it."""
        self._own = {
            owner: (similar[similar != row], close[close != row])
            for owner, (similar, close) in self._own.items()
        }
        self._own[row] = _NONE, _NONE

    def unwritten(self) -> list[int]:
        """Return the rows of the items of the snapshot whose edges nobody has written."""
        if not self._holds_ours:
            return []
        return [row for row in self._unknown.tolist() if row not in self._own]

    def _held(self, kind: int, sources: NDArray[np.integer], target: int) -> NDArray[np.bool_]:
        found = np.zeros(len(sources), dtype=bool)
        if not self._holds_ours:
            return found
        n_items = len(self._cold)
        if target >= n_items or self._cold[target]:
            if target in self._own:
                return np.isin(sources, self._own[target][kind])
            others = _row(self._by_owner[kind], target) if target < n_items else _NONE
        else:
            others = _NONE if target in self._own else _row(self._by_other[kind], target)
        mask = np.zeros(n_items, dtype=bool)
        mask[others] = True
        inside = sources < n_items
        found[inside] = mask[sources[inside]]
        return self._but_relearned(kind, sources, target, found)

    def _but_relearned(
        self, kind: int, sources: NDArray[np.integer], target: int, found: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Correct what is said of items whose edges were written or deleted by themselves."""
        if self._own:
            owned = not (target >= len(self._cold) or self._cold[target])
            for place, row in enumerate(sources.tolist()):
                if row in self._own:
                    found[place] = owned and target in self._own[row][kind]
        return found


def edges_of_placed(
    state: "ServingState", rows: Sequence[int], *, n_similar: int, n_close: int
) -> LearnedEdges:
    """Choose the edges to write of items that were placed by their content.

    Parameters
    ----------
    state : ServingState
        What is served.
    rows : Sequence of int
        Rows of such items; the others are left out.
    n_similar, n_close : int
        How many an item at most, of each type.

    Returns
    -------
    LearnedEdges
        Edges from these items to items with events.
    """
    cold = state.owner_is_cold
    rows = [row for row in rows if row >= len(cold) or cold[row]]
    warm = np.setdiff1d(np.flatnonzero(~cold), state.removed_rows())
    items = state.scorer.items(np.array(rows, dtype=np.int64))
    similar = strongest(sp.csr_matrix(items.similar[:, warm].maximum(0.0)), n_similar)
    products = np.maximum(items.target @ state.scorer.items(warm).source.T, 0.0)
    close = strongest(products, n_close)
    found: dict[str, list[tuple[str, str, float]]] = {SIMILAR_TO: [], CLOSE_TO: []}
    ids = [state.item(row).id for row in rows]
    for relation, matrix in ((SIMILAR_TO, similar), (CLOSE_TO, close)):
        edges = matrix.tocoo()
        for place, column, weight in zip(
            edges.row.tolist(), edges.col.tolist(), edges.data.tolist(), strict=True
        ):
            found[relation].append((ids[place], state.item(int(warm[column])).id, weight))
    every = [(*edge, relation) for relation, some in found.items() for edge in some]
    sources, targets, weights, types = zip(*every, strict=True) if every else ((), (), (), ())
    return LearnedEdges(state.model.id, sources, targets, weights, types)


def _moved(csr: Csr, rows: NDArray[np.int64], n_items: int) -> sp.csr_matrix:
    """Bring edges from the rows of a model to those of a snapshot."""
    owner = rows[np.repeat(np.arange(csr.n_rows), np.diff(csr.indptr))]
    other = rows[np.asarray(csr.indices)]
    kept = (owner >= 0) & (other >= 0)
    there = np.ones(np.count_nonzero(kept), dtype=bool)
    return sp.csr_matrix((there, (owner[kept], other[kept])), shape=(n_items, n_items))


def _row(matrix: sp.csr_matrix, row: int) -> NDArray[np.int64]:
    columns: NDArray[np.int64] = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
    return columns


def _rows(some: Mapping[str, float], find: Callable[[str], int | None]) -> NDArray[np.int64]:
    found = (find(name) for name in some)
    return np.array(sorted(row for row in found if row is not None), dtype=np.int64)
