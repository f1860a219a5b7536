"""What people took who asked for something alike: a ridge map from requests to items.

Every logged request is a vector and the items that were taken. A new request ``h`` is written as a
weighted sum of the logged ones, and the items they took get these weights::

    w = H (H'H + ridge I)^-1 h        weights of the logged requests
    x = Y' w                          weights of the items

which is ridge regression of the items taken on the vectors, in closed form. From the items ``x``
the score walks on over the graph like from the items of a user.

References
----------
.. [1] Saunders, Gammerman and Vovk, "Ridge Regression Learning Algorithm in Dual Variables",
   ICML 1998.
"""

from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.columns import Csr, Float32Array

MAX_REQUESTS = 20_000
MAX_TAKEN = 200
_RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class Asked:
    """Logged requests, ready to be compared with a new one.

    Attributes
    ----------
    influence : Float32Array
        ``H (H'H + ridge I)^-1``; shape (n_requests, n_dims).
    taken : Csr
        Row ``r`` holds the items that request ``r`` took; shape (n_requests, n_items).
    """

    influence: Float32Array
    taken: Csr

    @classmethod
    def fit(cls, vectors: Float32Array, taken: sp.csr_matrix, *, ridge: float = _RIDGE) -> Self:
        """Solve the ridge regression.

        Parameters
        ----------
        vectors : Float32Array
            One row a logged request, of unit length; shape (n_requests, n_dims). Of more than
            20,000 the last ones count.
        taken : csr_matrix
            What was taken; shape (n_requests, n_items).
        ridge : float
            Above 0; the larger, the more requests have a say in each answer.

        Returns
        -------
        Asked
            The map.
        """
        last = slice(-MAX_REQUESTS, None)
        H, Y = vectors[last].astype(np.float64), taken[last].tocoo()
        gram = H.T @ H + ridge * np.eye(H.shape[1])
        influence = np.linalg.solve(gram, H.T).T.astype(np.float32)
        return cls(influence, Csr.of(Y.row, Y.col, Y.data, Y.shape))

    def __len__(self) -> int:
        return len(self.influence)

    def items(self, asked: Float32Array) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return what those took who asked alike.

        Parameters
        ----------
        asked : Float32Array
            Vector of the request; shape (n_dims,).

        Returns
        -------
        rows, weights : NDArray[np.int64], NDArray[np.float64]
            Items and their weights, the 200 highest above 0; both of shape (n,).
        """
        alike = np.repeat(self.influence @ asked, np.diff(self.taken.indptr))
        weights = np.bincount(
            self.taken.indices, alike * self.taken.weights, minlength=self.taken.n_cols
        )
        best = np.argsort(-weights, kind="stable")[:MAX_TAKEN]
        rows = np.sort(best[weights[best] > 0]).astype(np.int64)
        return rows, weights[rows].astype(np.float64)

    def moved(self, rows: NDArray[np.integer], n_items: int) -> "Asked":
        """Return the map for another numbering of the items.

        Parameters
        ----------
        rows : integer array
            New row of each item, -1 for one that is gone; shape (n_items,).
        n_items : int
            How many items there are now.

        Returns
        -------
        Asked
            The same requests; what is gone was not taken.
        """
        taken = self.taken
        requests = np.repeat(np.arange(taken.n_rows), np.diff(taken.indptr))
        columns = np.asarray(rows)[taken.indices]
        kept = columns >= 0
        edges = requests[kept], columns[kept], np.asarray(taken.weights)[kept]
        return Asked(self.influence, Csr.of(*edges, (taken.n_rows, n_items)))

    def save(self, folder: FilePath) -> None:
        """Write the map as ``asked.*.npy``."""
        np.save(folder / "asked.influence.npy", self.influence)
        self.taken.save(folder, "asked.taken")

    @classmethod
    def load(cls, folder: FilePath, n_items: int) -> Self | None:
        """Map what :meth:`save` wrote.

        Parameters
        ----------
        folder : pathlib.Path
            Where it was written.
        n_items : int
            How many items there are.

        Returns
        -------
        Asked or None
            None when nothing was written.
        """
        file = folder / "asked.influence.npy"
        if not file.exists():
            return None
        return cls(np.load(file, mmap_mode="r"), Csr.load(folder, "asked.taken", n_items))
