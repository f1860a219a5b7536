"""What the score needs to know of items, as arrays."""

from dataclasses import dataclass, field, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

PLACED, ARRIVED = 1, 2


@dataclass(frozen=True, slots=True)
class ItemBlock:
    """What the score needs to know of items.

    Attributes
    ----------
    similar : csr_matrix
        Item-graph weights by target: row ``j``, column ``i`` holds ``S_ij``; (n, n_sources).
    source, target : NDArray[np.float32]
        Learned vectors; both of shape (n, n_dims).
    features : csr_matrix
        Attribute features, each column scaled by the root of its weight; (n, n_features).
    popularity : NDArray[np.float32]
        ``log(1 + events)``, as content foretells it for an item without events; shape (n,).
    new : NDArray[np.int8]
        :data:`PLACED` for an item that was placed by its content, :data:`ARRIVED` if it came after
        the training, else 0; shape (n,). Empty stands for all 0.
    """

    similar: sp.csr_matrix
    source: NDArray[np.float32]
    target: NDArray[np.float32]
    features: sp.csr_matrix
    popularity: NDArray[np.float32]
    new: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, dtype=np.int8))

    def __post_init__(self) -> None:
        if not len(self.new):
            object.__setattr__(self, "new", np.zeros(len(self.popularity), dtype=np.int8))

    def __len__(self) -> int:
        return len(self.popularity)

    def take(self, rows: NDArray[np.integer]) -> "ItemBlock":
        """Return some of the items, in the order given."""
        return ItemBlock(
            self.similar[rows],
            self.source[rows],
            self.target[rows],
            self.features[rows],
            self.popularity[rows],
            self.new[rows],
        )

    def among(self, rows: NDArray[np.integer]) -> "ItemBlock":
        """Return some of the items as if there were no others; edges only lead between them."""
        some = self.take(rows)
        return replace(some, similar=some.similar[:, rows])

    @staticmethod
    def stacked(blocks: "list[ItemBlock]") -> "ItemBlock":
        """Put blocks below each other; missing columns are empty."""
        n_sources = max(block.similar.shape[1] for block in blocks)
        n_features = max(block.features.shape[1] for block in blocks)
        return ItemBlock(
            sp.vstack([_widened(block.similar, n_sources) for block in blocks], format="csr"),
            np.concatenate([block.source for block in blocks]),
            np.concatenate([block.target for block in blocks]),
            sp.vstack([_widened(block.features, n_features) for block in blocks], format="csr"),
            np.concatenate([block.popularity for block in blocks]),
            np.concatenate([block.new for block in blocks]),
        )


def _widened(matrix: sp.csr_matrix, n_cols: int) -> sp.csr_matrix:
    """Return the same matrix with more, empty columns."""
    if matrix.shape[1] == n_cols:
        return matrix
    return sp.csr_matrix(
        (matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], n_cols)
    )
