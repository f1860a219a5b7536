"""A sparse linear model of every item on its neighbours."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.progress import ProgressCallback
from ranking.components.component import Fitted, Scores
from ranking.components.data import ComponentData
from ranking.components.item_graph import walk
from ranking.components.tuning import Settings, tuned
from ranking.similarity import strongest

_NEIGHBOURS = 50
_SWEEPS = 30
_BLOCK = 512
_OPTIONS = tuple(
    {"lasso": lasso, "ridge": ridge} for lasso in (1.0, 0.1) for ridge in (10.0, 50.0, 200.0)
)


class SparseLinear:
    """SLIM, every item regressed on few others: ``s(u, j) = sum_i x_ui w_ij``.

    Each column minimises ``|x_j - X w_j|^2 / 2 + ridge |w_j|^2 / 2 + lasso |w_j|_1`` with
    ``w_j >= 0`` and ``w_jj = 0``, over the 50 items most similar by cosine (the paper's feature
    selection), by coordinate descent on all items at once. Penalties are chosen on validation.

    References
    ----------
    Ning and Karypis, "SLIM: Sparse Linear Methods for Top-N Recommender Systems", ICDM 2011.
    """

    name = "linear"
    description = "baseline: SLIM, a sparse non-negative linear regression of each item on others"
    ranks_new_items = False
    max_items = None

    def fit(self, data: ComponentData, *, progress: ProgressCallback) -> Fitted:
        """Choose the penalties and solve."""
        last: list[tuple[sp.csr_matrix, Problem]] = []

        def learn(X: sp.csr_matrix, option: Settings) -> Scores:
            if not last or last[-1][0] is not X:
                last[:] = [(X, Problem(X))]
            return walk(last[-1][1].solve(lasso=option["lasso"], ridge=option["ridge"]))

        fixed = {"neighbours": _NEIGHBOURS}
        return tuned(data, _OPTIONS, learn, fixed=fixed, progress=progress)


class Problem:
    """One regression for each item, on its most similar ones.

    Parameters
    ----------
    X : csr_matrix
        Strengths; shape (n_users, n_items).
    """

    def __init__(self, X: sp.csr_matrix) -> None:
        gram = sp.csr_matrix(X.T @ X, dtype=np.float32)
        gram.sort_indices()
        self._n_items = X.shape[1]
        self._neighbours = _most_similar(gram)
        self._grams = np.concatenate([
            _inner(gram, self._neighbours[start : start + _BLOCK])
            for start in range(0, max(self._n_items, 1), _BLOCK)
        ])
        own = np.arange(self._n_items)[:, None]
        real = self._neighbours >= 0
        targets = np.asarray(gram[own, np.maximum(self._neighbours, 0)].todense())
        self._targets = np.where(real, targets, 0.0).astype(np.float32)

    def solve(self, *, lasso: float, ridge: float) -> sp.csr_matrix:
        """Solve all regressions.

        Parameters
        ----------
        lasso, ridge : float
            Penalties on the sum of the weights and of their squares; ``ridge`` above 0.

        Returns
        -------
        csr_matrix
            Row ``i`` and column ``j`` hold what ``i`` tells of ``j``; shape (n_items, n_items).
        """
        weights = np.zeros_like(self._targets)
        diagonal = np.einsum("nkk->nk", self._grams)
        for _ in range(_SWEEPS):
            for k in range(weights.shape[1]):
                rest = self._targets[:, k] - np.einsum("nk,nk->n", self._grams[:, k], weights)
                rest += diagonal[:, k] * weights[:, k]
                weights[:, k] = np.maximum(rest - lasso, 0.0) / (diagonal[:, k] + ridge)
        targets, places = np.nonzero(weights)
        sources = self._neighbours[targets, places]
        shape = (self._n_items, self._n_items)
        return sp.csr_matrix((weights[targets, places], (sources, targets)), shape=shape)


def _most_similar(gram: sp.csr_matrix) -> NDArray[np.int64]:
    """Return the items of highest cosine, -1 where there are fewer; shape (n_items, 50)."""
    norm = np.sqrt(gram.diagonal())
    scale = sp.diags(1.0 / np.where(norm > 0, norm, 1.0))
    similar = sp.csr_matrix(scale @ gram @ scale)
    similar.setdiag(0)
    similar.eliminate_zeros()
    kept = strongest(similar, _NEIGHBOURS)
    counts = np.diff(kept.indptr)
    rows = np.repeat(np.arange(kept.shape[0]), counts)
    places = np.arange(kept.nnz) - np.repeat(kept.indptr[:-1], counts)
    neighbours = np.full((kept.shape[0], _NEIGHBOURS), -1, dtype=np.int64)
    neighbours[rows, places] = kept.indices
    return neighbours


def _inner(gram: sp.csr_matrix, neighbours: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the products of the neighbours of each item; shape (n, 50, 50)."""
    shape = (len(neighbours), neighbours.shape[1], neighbours.shape[1])
    rows = np.broadcast_to(neighbours[:, :, None], shape).reshape(len(neighbours), -1)
    cols = np.broadcast_to(neighbours[:, None, :], shape).reshape(len(neighbours), -1)
    real = (rows >= 0) & (cols >= 0)
    values = np.zeros(rows.shape, dtype=np.float32)
    values[real] = np.asarray(gram[rows[real], cols[real]]).ravel()
    return values.reshape(shape)
