"""Leading singular vectors of the events: where the training of the item table starts."""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, svd
from scipy.sparse import csr_matrix

_OVERSAMPLING = 16
_ENTRY = 0.1


def right_singular(
    matrix: csr_matrix, rank: int, *, generator: np.random.Generator, rounds: int = 8
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Approximate the leading right singular vectors by subspace iteration.

    Parameters
    ----------
    matrix : csr_matrix
        Shape (n, m).
    rank : int
        How many vectors; at most min(n, m) are returned.
    generator : numpy.random.Generator
        Source of the first subspace.
    rounds : int
        Number of products with the matrix and its transpose.

    Returns
    -------
    vectors : NDArray[np.float32]
        Orthonormal columns with a fixed sign; shape (m, k).
    values : NDArray[np.float32]
        Singular values, largest first; shape (k,).

    References
    ----------
    Halko, Martinsson, Tropp: Finding structure with randomness, SIAM Review 2011.
    """
    k = min(rank, *matrix.shape)
    width = min(k + _OVERSAMPLING, *matrix.shape)
    basis = generator.standard_normal((matrix.shape[1], width), dtype=np.float32)
    for _ in range(rounds):
        basis, _ = qr(matrix.T @ (matrix @ basis), mode="economic", overwrite_a=True)
    _, values, rotation = svd(matrix @ basis, full_matrices=False)
    vectors = basis @ rotation[:k].T
    largest = np.abs(vectors).argmax(axis=0)
    vectors *= np.sign(vectors[largest, np.arange(k)])
    return vectors.astype(np.float32), values[:k].astype(np.float32)


def spectral_start(
    matrix: csr_matrix,
    dim: int,
    power: float,
    *,
    generator: np.random.Generator,
    rounds: int = 8,
) -> NDArray[np.float32]:
    """Return a first item table: right singular vectors times a power of the singular values.

    Parameters
    ----------
    matrix : csr_matrix
        Normalised events; shape (n_users, n_items).
    dim : int
        Columns of the table; those beyond the rank of the matrix are zero.
    power : float
        Exponent of the relative singular values.
    generator : numpy.random.Generator
        Source of randomness.
    rounds : int
        As in :func:`right_singular`.

    Returns
    -------
    NDArray[np.float32]
        Shape (n_items, dim), scaled to a root mean square of 0.1.
    """
    vectors, values = right_singular(matrix, dim, generator=generator, rounds=rounds)
    table = np.zeros((matrix.shape[1], dim), dtype=np.float32)
    table[:, : vectors.shape[1]] = vectors * (values / values[0]) ** power
    spread = np.sqrt(np.mean(table**2))
    return np.asarray(table * (_ENTRY / spread), dtype=np.float32)
