"""Learned edges and vectors for items that nobody has interacted with yet."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.similarity import strongest

MAX_COLD_EDGES = 100
_MAX_CELLS = 5_000_000


@dataclass(frozen=True, slots=True)
class ColdRows:
    """What n cold items take over from their anchors.

    Attributes
    ----------
    similar : csr_matrix
        Item-graph weights by target; shape (n, n_items).
    source, target : NDArray[np.float32]
        Learned vectors; both of shape (n, n_dims).
    """

    similar: sp.csr_matrix
    source: NDArray[np.float32]
    target: NDArray[np.float32]

    def spread(self, rows: NDArray[np.integer]) -> sp.csr_matrix:
        """Return the edges with item ``n`` in row ``rows[n]``; shape (n_items, n_items)."""
        n_items = self.similar.shape[1]
        place = sp.csr_matrix(
            (np.ones(len(rows), dtype=np.float32), (rows, np.arange(len(rows)))),
            shape=(n_items, len(rows)),
        )
        return sp.csr_matrix(place @ self.similar, dtype=np.float32)


def inherit(
    weights: NDArray[np.float32],
    similar: sp.csr_matrix,
    source: NDArray[np.float32],
    target: NDArray[np.float32],
) -> ColdRows:
    """Carry what the model knows of the anchors over to cold items.

    Since a score is linear in the item graph, the edges of a cold item are the weighted sum of the
    edges of its anchors: ``S_ij = sum_w weights_jw S_iw``. The strongest are kept.

    Parameters
    ----------
    weights : NDArray[np.float32]
        From :meth:`ranking.content.ContentMap.weights`; shape (n, n_anchors).
    similar : csr_matrix
        Item-graph weights of the anchors by target; shape (n_anchors, n_items).
    source, target : NDArray[np.float32]
        Learned vectors of the anchors; both of shape (n_anchors, n_dims).

    Returns
    -------
    ColdRows
        Edges and vectors of the n items.
    """
    n_items = similar.shape[1]
    sources = np.unique(similar.indices)
    dense = np.asarray(similar[:, sources].todense(), dtype=np.float32)
    size = max(_MAX_CELLS // max(len(sources), 1), 1)
    edges = []
    for start in range(0, max(len(weights), 1), size):
        part = strongest(weights[start : start + size] @ dense, MAX_COLD_EDGES)
        edges.append(
            sp.csr_matrix(
                (part.data, sources[part.indices], part.indptr), shape=(part.shape[0], n_items)
            )
        )
    return ColdRows(
        sp.vstack(edges, format="csr"),
        (weights @ source).astype(np.float32),
        (weights @ target).astype(np.float32),
    )
