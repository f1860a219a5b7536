"""Matrix factorisation for implicit feedback, and the item graph that it implies."""

from typing import Any

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg
from numpy.typing import NDArray


def als(X: sp.csr_matrix, *, factors: int, regularization: float, alpha: float) -> Any:
    """Factorise by alternating least squares over all pairs of users and items.

    Minimises ``sum_uj c_uj (t_uj - <p_u, q_j>)^2 + regularization (|P|^2 + |Q|^2)`` with
    ``c = 1 + alpha x`` and ``t = 1`` where ``x > 0``. It starts from the strongest singular
    vectors, so that the result does not depend on the order of users and items.

    Parameters
    ----------
    X : csr_matrix
        Strengths; shape (n_users, n_items).
    factors : int
        Length of the vectors.
    regularization, alpha : float
        Penalty, and how much more an event counts than its absence.

    Returns
    -------
    implicit.cpu.als.AlternatingLeastSquares
        The fitted model of the library.

    References
    ----------
    Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", ICDM 2008;
    computed by the library implicit.
    """
    # Commands that do not factorise must not wait for the library.
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    # The library splits the rows among threads itself; more of them inside each row only wait.
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(
            factors=factors,
            regularization=regularization,
            alpha=alpha,
            iterations=15,
        )
        model.item_factors = _singular_vectors(X, factors)
        model.user_factors = np.zeros((X.shape[0], factors), dtype=np.float32)
        model.fit(X, show_progress=False)
    return model


def item_factor_graph(X: sp.csr_matrix) -> NDArray[np.float32]:
    """Write factorisation as an item graph: ``S = Q (Q^T W Q + ridge I)^-1 Q^T``, no diagonal.

    The vector of a user solves a least-squares problem whose matrix depends on the user's events.
    With their expectation in its place, ``W = I + alpha diag(share of users)``, it is linear in the
    events, and the score is a sum over them. Strongly regularised factors lose little by that.

    Parameters
    ----------
    X : csr_matrix
        Strengths; shape (n_users, n_items).

    Returns
    -------
    NDArray[np.float32]
        Shape (n_items, n_items).
    """
    factors, ridge, alpha = 64, 150.0, 80.0
    vectors = als(X, factors=factors, regularization=ridge, alpha=alpha).item_factors
    warm = X.getnnz(axis=0) > 0
    vectors = np.where(warm[:, None], vectors, 0.0).astype(np.float64)
    share = np.asarray(X.sum(axis=0)).ravel() / max(X.shape[0], 1)
    matrix = vectors.T @ (vectors * (1.0 + alpha * share)[:, None]) + ridge * np.eye(factors)
    graph = (vectors @ np.linalg.solve(matrix, vectors.T)).astype(np.float32)
    np.fill_diagonal(graph, 0.0)
    return graph


def _singular_vectors(X: sp.csr_matrix, count: int) -> NDArray[np.float32]:
    """Return the right singular vectors times the roots of their values; (n_items, count)."""
    if min(X.shape) <= count:
        _, values, vectors = np.linalg.svd(X.toarray().astype(np.float64), full_matrices=False)
    else:
        start = np.ones(min(X.shape))
        _, values, vectors = scipy.sparse.linalg.svds(X.astype(np.float64), k=count, v0=start)
    result = np.zeros((X.shape[1], count), dtype=np.float32)
    result[:, : len(values)] = vectors.T * np.sqrt(np.maximum(values, 0.0))
    return result
