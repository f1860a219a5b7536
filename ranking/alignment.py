"""Bring a model to the rows of a snapshot that may be newer than it."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.columns import Nodes, StringColumn
from graph.snapshot import Snapshot
from ranking.asked import Asked
from ranking.model import Model


@dataclass(frozen=True, slots=True)
class AlignedModel:
    """The arrays of a model by the rows of a snapshot.

    Attributes
    ----------
    by_target : csr_matrix
        Row ``j`` holds ``S_ij``; shape (n_items, n_items).
    source, target : NDArray[np.float32]
        Learned vectors; both of shape (n_items, n_dims).
    item_text : NDArray[np.float32] or None
        Text vectors; shape (n_items, n_text_dims).
    owner_is_cold : NDArray[np.bool_]
        Whether an item owns the edges that lead to it; shape (n_items,).
    unknown : NDArray[np.int64]
        Rows of the items that the model does not know.
    asked : Asked or None
        What those took who asked before.
    """

    by_target: sp.csr_matrix
    source: NDArray[np.float32]
    target: NDArray[np.float32]
    item_text: NDArray[np.float32] | None
    owner_is_cold: NDArray[np.bool_]
    unknown: NDArray[np.int64]
    asked: Asked | None = None


def align(model: Model, snapshot: Snapshot) -> AlignedModel:
    """Map a model to a snapshot by ids.

    Parameters
    ----------
    model : Model
        Any model.
    snapshot : Snapshot
        The snapshot it was trained on, or another one of the same graph.

    Returns
    -------
    AlignedModel
        Items that are gone are left out; new ones are zero.
    """
    n_items = len(snapshot.items)
    items = rows_of(model, snapshot)
    owner_is_cold = np.ones(n_items, dtype=bool)
    owner_is_cold[items[items >= 0]] = model.owner_is_cold[items >= 0]
    unknown = np.setdiff1d(np.arange(n_items), items)
    text = model.text
    return AlignedModel(
        _by_target(model, items, n_items),
        _moved(model.source, items, n_items),
        _moved(model.target, items, n_items),
        _moved(text.items, items, n_items) if text else None,
        owner_is_cold,
        unknown,
        model.asked and model.asked.moved(items, n_items),
    )


def rows_of(model: Model, snapshot: Snapshot) -> NDArray[np.int64]:
    """Return the snapshot's row of each item of a model, -1 where it is gone; shape (n_items,)."""
    return _rows(model.item_ids, snapshot.items, is_same=model.snapshot_version == snapshot.version)


def entity_rows_of(model: Model, snapshot: Snapshot) -> NDArray[np.int64]:
    """Return the same of the entities of a model; shape (n_entities,)."""
    is_same = model.snapshot_version == snapshot.version
    return _rows(model.entity_ids, snapshot.entities, is_same=is_same)


def _rows(ids: StringColumn, nodes: Nodes, *, is_same: bool) -> NDArray[np.int64]:
    if is_same:
        return np.arange(len(ids))
    found = (nodes.find(name) for name in ids)
    return np.array([-1 if row is None else row for row in found], dtype=np.int64)


def _moved(
    matrix: NDArray[np.float32], rows: NDArray[np.int64], n_rows: int
) -> NDArray[np.float32]:
    moved = np.zeros((n_rows, matrix.shape[1]), dtype=np.float32)
    moved[rows[rows >= 0]] = matrix[rows >= 0]
    return moved


def _by_target(model: Model, rows: NDArray[np.int64], n_items: int) -> sp.csr_matrix:
    """Turn edges by owner into edges by target; a cold owner is the target of its edges."""
    edges = model.similar
    owner = np.repeat(np.arange(edges.n_rows), np.diff(edges.indptr))
    other = np.asarray(edges.indices)
    cold = model.owner_is_cold[owner]
    target = rows[np.where(cold, owner, other)]
    source = rows[np.where(cold, other, owner)]
    kept = (target >= 0) & (source >= 0)
    matrix = sp.csr_matrix(
        (np.asarray(edges.weights)[kept], (target[kept], source[kept])), shape=(n_items, n_items)
    )
    matrix.sort_indices()
    return matrix
