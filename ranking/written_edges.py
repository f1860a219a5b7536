"""The learned edges that a model writes to the store for everybody to see.

Of the many edges that a score sums over, the strongest of each item are written. An item owns the
edges that start at it: with events, those to the items that it speaks for; placed by its content,
those to the items that speak for it.
"""

from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Self

import numpy as np
import scipy.sparse as sp

from graph.columns import Csr
from graph.domain import CLOSE_TO, SIMILAR_TO
from graph.learned import LearnedEdges
from ranking.similarity import strongest

if TYPE_CHECKING:
    from ranking.model import Model

_CHUNK = 1024
_FIRST_WRITTEN = 50  # of SIMILAR_TO, before models noted what they wrote
_FILES = ("written.similar", "written.close")


@dataclass(frozen=True, slots=True)
class WrittenEdges:
    """The learned edges of a model that are written to the store, by row of their owner.

    Attributes
    ----------
    similar : Csr
        Edges of the item graph; shape (n_items, n_items).
    close : Csr
        Edges between close learned vectors, weighted by their products; the same shape.
    """

    similar: Csr
    close: Csr

    @classmethod
    def of(cls, model: "Model", *, n_similar: int, n_close: int) -> Self:
        """Choose the strongest edges of each item.

        Parameters
        ----------
        model : Model
            Owner of the edges.
        n_similar, n_close : int
            How many an item at most, of each type.

        Returns
        -------
        WrittenEdges
            Edges of warm items lead to warm items, those of cold items to warm ones too.
        """
        edges, shape = model.similar, (len(model.item_ids), model.similar.n_cols)
        speaking = np.maximum(edges.weights, 0.0)
        graph = sp.csr_matrix((speaking, edges.indices, edges.indptr), shape=shape)
        return cls(_csr(strongest(graph, n_similar)), _csr(_close(model, n_close)))

    @classmethod
    def before(cls, model: "Model") -> Self:
        """Return what a model of before this was noted has written."""
        return cls.of(model, n_similar=_FIRST_WRITTEN, n_close=0)

    def edges(self, model: "Model") -> LearnedEdges:
        """Return the edges by item id, as a store takes them.

        Parameters
        ----------
        model : Model
            Owner of the edges.

        Returns
        -------
        LearnedEdges
            All of them.
        """
        ids = list(model.item_ids)
        sources: list[str] = []
        targets: list[str] = []
        weights: list[float] = []
        for csr in (self.similar, self.close):
            owners = np.repeat(np.arange(csr.n_rows), np.diff(csr.indptr))
            sources += [ids[row] for row in owners.tolist()]
            targets += [ids[row] for row in csr.indices.tolist()]
            weights += csr.weights.tolist()
        types = [SIMILAR_TO] * self.similar.n_edges + [CLOSE_TO] * self.close.n_edges
        return LearnedEdges(model.id, sources, targets, weights, types)

    def save(self, folder: FilePath) -> None:
        """Write the edges into the folder of their model."""
        for name, csr in zip(_FILES, (self.similar, self.close), strict=True):
            csr.save(folder, name)

    @classmethod
    def load(cls, folder: FilePath, n_items: int) -> Self | None:
        """Map what :meth:`save` wrote; None for a model of before this was noted."""
        if not (folder / f"{_FILES[1]}.indptr.npy").exists():
            return None
        return cls(*(Csr.load(folder, name, n_items) for name in _FILES))


def _close(model: "Model", n: int) -> sp.csr_matrix:
    """Return the n closest warm items of each item, in the direction in which it owns edges."""
    n_items, cold = len(model.item_ids), np.asarray(model.owner_is_cold)
    warm = np.flatnonzero(~cold)
    parts = []
    for start in range(0, n_items if n else 0, _CHUNK):
        rows = np.arange(start, min(start + _CHUNK, n_items))
        speaking = model.source[rows] @ model.target[warm].T
        spoken_to = model.target[rows] @ model.source[warm].T
        products = np.maximum(np.where(cold[rows, None], spoken_to, speaking), 0.0)
        itself = np.searchsorted(warm, rows[~cold[rows]])
        products[np.flatnonzero(~cold[rows]), itself] = 0.0
        part = strongest(products, n)
        parts.append(
            sp.csr_matrix((part.data, warm[part.indices], part.indptr), shape=(len(rows), n_items))
        )
    return sp.vstack(parts, format="csr") if parts else sp.csr_matrix((n_items, n_items))


def _csr(matrix: sp.csr_matrix) -> Csr:
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return Csr.of(rows, matrix.indices, matrix.data, matrix.shape)
