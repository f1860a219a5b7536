"""Closed-form item graphs: who liked this item also liked that one.

Every function takes ``X``, the strengths of users' events (CSR, shape (n_users, n_items)), and
returns ``S`` of shape (n_items, n_items): ``S[i, j]`` is what an event on item ``i`` adds to the
score of item ``j``.
"""

from typing import Any

import numpy as np
import scipy.linalg
import scipy.sparse as sp
from numpy.typing import NDArray

_CHUNK = 2000


def item_filter(
    X: sp.csr_matrix, *, source_exponent: float, target_exponent: float
) -> sp.csr_matrix:
    """Count common users, each user and each item scaled by its degree.

    ``S = D_i^-a (X^T D_u^-0.5 X) D_i^-b`` with a zero diagonal. The target exponent ``b`` is the
    popularity knob: the higher, the less popular the lists.

    Parameters
    ----------
    X : csr_matrix
        Strengths; shape (n_users, n_items).
    source_exponent, target_exponent : float
        ``a`` and ``b``.

    Returns
    -------
    csr_matrix
        Shape (n_items, n_items).

    References
    ----------
    Shen et al., "How Powerful is Graph Convolution for Recommendation?", CIKM 2021.
    """
    common = common_users(X)
    degree = np.asarray(X.sum(axis=0)).ravel()
    left = sp.diags(_power(degree, -source_exponent))
    right = sp.diags(_power(degree, -target_exponent))
    return (left @ common @ right).tocsr()


def common_users(X: sp.csr_matrix) -> sp.csr_matrix:
    """Return ``X^T D_u^-0.5 X`` without its diagonal; shape (n_items, n_items)."""
    user_degree = np.asarray(X.sum(axis=1)).ravel()
    scaled = sp.diags(_power(user_degree, -0.25)) @ X
    common = (scaled.T @ scaled).tocsr()
    common.setdiag(0)
    common.eliminate_zeros()
    return common.astype(np.float32)


def ease(X: sp.csr_matrix, *, ridge: float) -> NDArray[np.float32]:
    """Regress every item on all others, in closed form.

    ``S = I - P diag(P)^-1`` with ``P = (X^T X + ridge I)^-1``. Dense: the caller decides whether
    the catalog is small enough (memory 4 n^2 bytes, time n^3).

    Parameters
    ----------
    X : csr_matrix
        Strengths; shape (n_users, n_items).
    ridge : float
        Weight of the penalty, above 0.

    Returns
    -------
    NDArray[np.float32]
        Shape (n_items, n_items), zero diagonal.

    References
    ----------
    Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019.
    """
    return _regression(X, ridge)


def balanced_ease(X: sp.csr_matrix, *, ridge: float) -> NDArray[np.float32]:
    """Regress every item on all others, with users and items scaled by their degrees.

    As :func:`ease` on ``Y = D_u^-0.25 X D_i^-0.1``, so that neither heavy users nor popular items
    drown the rest; the profile is scaled as the items of ``Y`` are, the scores are not scaled back:
    ``S = D_i^-0.1 (I - P diag(P)^-1)``. On sparse data it is ahead of the filter and of EASE.

    Parameters
    ----------
    X : csr_matrix
        Strengths; shape (n_users, n_items).
    ridge : float
        Weight of the penalty in units of the mean squared length of the columns of ``Y``.

    Returns
    -------
    NDArray[np.float32]
        Shape (n_items, n_items), zero diagonal.
    """
    users, items = (np.asarray(X.sum(axis=axis)).ravel() for axis in (1, 0))
    shrink = _power(items, -0.1)
    Y = (sp.diags(_power(users, -0.25)) @ X @ sp.diags(shrink)).tocsr()
    lengths = np.asarray(Y.multiply(Y).sum(axis=0)).ravel()
    warm = lengths > 0
    weights = _regression(Y, ridge * float(lengths[warm].mean()) if warm.any() else ridge)
    weights *= shrink[:, None]
    return weights


def less_popular(S: sp.csr_matrix | NDArray[np.float32], X: sp.csr_matrix, exponent: float) -> Any:
    """Divide what leads to an item by its degree to a power: the popularity knob of any graph.

    Parameters
    ----------
    S : csr_matrix or array
        Item graph; shape (n_items, n_items).
    X : csr_matrix
        Strengths; shape (n_users, n_items).
    exponent : float
        The higher, the less popular the lists.

    Returns
    -------
    csr_matrix or array
        As ``S``; of the same type.
    """
    scale = _power(np.asarray(X.sum(axis=0)).ravel(), -exponent)
    return (S @ sp.diags(scale)).tocsr() if sp.issparse(S) else S * scale[None, :]


def _regression(Y: sp.csr_matrix, ridge: float) -> NDArray[np.float32]:
    """Invert ``Y^T Y + ridge I`` in place, as its size allows no copies; make weights of it."""
    gram = (Y.T @ Y).astype(np.float32).toarray(order="F")
    gram[np.diag_indices_from(gram)] += np.float32(ridge)
    factor, _ = scipy.linalg.lapack.spotrf(gram, lower=1, overwrite_a=1, clean=0)
    inverse, _ = scipy.linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
    _mirror(inverse)
    inverse /= -np.diag(inverse).copy()[None, :]
    np.fill_diagonal(inverse, 0.0)
    return np.asarray(inverse)


def _mirror(lower: NDArray[np.float32]) -> None:
    """Copy the lower triangle onto the upper one, in place."""
    for start in range(0, len(lower), _CHUNK):
        stop = start + _CHUNK
        corner = np.tril(lower[start:stop, start:stop])
        lower[start:stop, start:stop] = corner + np.tril(corner, -1).T
        lower[start:stop, stop:] = lower[stop:, start:stop].T


def strongest(S: sp.csr_matrix | NDArray[np.float32], k: int) -> sp.csr_matrix:
    """Keep the k entries of each row that are largest in absolute value.

    Parameters
    ----------
    S : csr_matrix or array
        Shape (n_rows, n_cols).
    k : int
        How many entries a row keeps at most.

    Returns
    -------
    csr_matrix
        Shape (n_rows, n_cols), float32, indices sorted.
    """
    if sp.issparse(S):
        return _strongest(sp.csr_matrix(S), k)
    parts = [
        _strongest(sp.csr_matrix(S[start : start + _CHUNK]), k)
        for start in range(0, max(len(S), 1), _CHUNK)
    ]
    return sp.vstack(parts, format="csr")


def _strongest(matrix: sp.csr_matrix, k: int) -> sp.csr_matrix:
    counts = np.diff(matrix.indptr)
    keep = np.ones(matrix.nnz, dtype=bool)
    for row in np.flatnonzero(counts > k):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        size = np.abs(matrix.data[part])
        drop = np.argpartition(-size, k)[k:]
        keep[matrix.indptr[row] + drop] = False
    keep &= matrix.data != 0
    rows = np.repeat(np.arange(matrix.shape[0]), counts)[keep]
    pruned = sp.csr_matrix(
        (matrix.data[keep].astype(np.float32), (rows, matrix.indices[keep])), shape=matrix.shape
    )
    pruned.sort_indices()
    return pruned


def _power(degree: NDArray[np.floating], exponent: float) -> NDArray[np.float32]:
    """Raise to a power; what is 0 stays 0."""
    safe = np.where(degree > 0, degree, 1.0)
    return np.where(degree > 0, safe**exponent, 0.0).astype(np.float32)
