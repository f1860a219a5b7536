"""Some rows of a sparse matrix times a vector, without copying the rows.

Slicing a sparse matrix makes a new one, which costs more than the few hundred products that serving
one user needs of it. These functions read the arrays of the matrix where they lie. Sums are in
double precision, row by row, so that a row's sum does not depend on which others are asked for.
"""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def entries(
    indptr: NDArray[np.integer], rows: NDArray[np.integer]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the entries of some rows.

    Parameters
    ----------
    indptr : integer array
        Where the entries of each row begin and end; shape (n_rows + 1,).
    rows : integer array
        Which rows; shape (n,).

    Returns
    -------
    places : NDArray[np.int64]
        Positions of all entries, row after row.
    lengths : NDArray[np.int64]
        How many each row has; shape (n,).

    Examples
    --------
    >>> places, lengths = entries(np.array([0, 2, 2, 5]), np.array([2, 0]))
    >>> places.tolist(), lengths.tolist()
    ([2, 3, 4, 0, 1], [3, 2])
    """
    starts = indptr[rows].astype(np.int64)
    lengths = indptr[rows + 1] - starts
    before = np.cumsum(lengths) - lengths
    return np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths), lengths


def mixed(matrix: sp.csr_matrix, rows: NDArray[np.integer], weights: FloatArray) -> FloatArray:
    """Add up weighted rows.

    Parameters
    ----------
    matrix : csr_matrix
        Shape (n_rows, n_columns).
    rows : integer array
        Which rows; shape (n,).
    weights : FloatArray
        Shape (n,).

    Returns
    -------
    FloatArray
        ``weights @ matrix[rows]``; shape (n_columns,).
    """
    places, lengths = entries(matrix.indptr, rows)
    values = matrix.data[places] * np.repeat(weights, lengths)
    return _sums(matrix.indices[places], values, matrix.shape[1])


def products(matrix: sp.csr_matrix, rows: NDArray[np.integer], vector: FloatArray) -> FloatArray:
    """Multiply rows with a vector.

    Parameters
    ----------
    matrix : csr_matrix
        Shape (n_rows, n_columns).
    rows : integer array
        Which rows; shape (n,).
    vector : FloatArray
        At least one value for each column.

    Returns
    -------
    FloatArray
        ``matrix[rows] @ vector``; shape (n,).
    """
    places, lengths = entries(matrix.indptr, rows)
    values = matrix.data[places] * vector[matrix.indices[places]]
    return _sums(np.repeat(np.arange(len(rows)), lengths), values, len(rows))


def _sums(where: NDArray[np.integer], values: FloatArray, n: int) -> FloatArray:
    """Add up values by where they belong, in the order in which they come."""
    sums = np.bincount(where, weights=values, minlength=n)
    return sums.astype(np.float64, copy=False)
