"""How much each kind of content tells: weights of kernels, fitted to what users make alike.

Each block of content (the entities of one role, a number, the words) has a kernel of its own. Their
weights are those, at least 0, with which the sum of the kernels comes closest to the likeness of
items that the events show.
"""

from collections.abc import Sequence

import numpy as np
import scipy.linalg
import scipy.optimize
import scipy.sparse as sp
from numpy.typing import NDArray

MAX_ITEMS = 700
MAX_BLOCKS = 150
_PENALTY = 30.0

FloatArray = NDArray[np.float64]


def align_kernels(blocks: Sequence[sp.csr_matrix], likeness: FloatArray) -> FloatArray:
    """Fit a weight for each kernel, so that their sum comes close to a given likeness.

    Both sides are centred: what all items share tells nothing. Least squares over all pairs with
    weights at or above 0; the penalty of 30 pairs keeps a block that few items have from a weight
    that its few pairs happen to fit.

    Parameters
    ----------
    blocks : Sequence of csr_matrix
        Features, rows of unit length or empty; each of shape (n_items, n_columns).
    likeness : FloatArray
        Likeness of each pair; symmetric; shape (n_items, n_items).

    Returns
    -------
    FloatArray
        Scaled so that the sum of the kernels has a mean diagonal of 1; all 0 where no block tells
        anything; shape (n_blocks,).

    References
    ----------
    Cortes, Mohri and Rostamizadeh, "Algorithms for Learning Kernels Based on Centered Alignment",
    JMLR 2012.

    Examples
    --------
    >>> same = sp.csr_matrix(np.repeat(np.eye(2), 10, axis=0))
    >>> noise = sp.csr_matrix(np.tile(np.eye(2), (10, 1)))
    >>> align_kernels([same, noise], (same @ same.T).toarray()).round(2).tolist()
    [1.0, 0.0]
    """
    weights = np.zeros(len(blocks))
    filled = np.array([block.getnnz() for block in blocks])
    used = np.sort(np.argsort(-filled, kind="stable")[:MAX_BLOCKS])
    used = used[filled[used] > 0]
    pairs = np.triu_indices(len(likeness), 1)
    wanted = _centred(likeness)[pairs]
    spread = wanted.std()
    if not len(used) or not spread:
        return weights
    kernels = np.stack([_centred(_kernel(blocks[block]))[pairs] for block in used])
    square = kernels @ kernels.T + _PENALTY * np.eye(len(used))
    root = scipy.linalg.cholesky(square.astype(np.float64), lower=True)
    aim = scipy.linalg.solve_triangular(root, kernels @ (wanted / spread), lower=True)
    weights[used], _ = scipy.optimize.nnls(root.T, aim)
    diagonal = sum(
        weight * _diagonal(block) for weight, block in zip(weights, blocks, strict=True) if weight
    )
    return weights / diagonal if diagonal else weights


def _kernel(block: sp.csr_matrix) -> NDArray[np.float32]:
    return np.asarray((block @ block.T).todense(), dtype=np.float32)


def _diagonal(block: sp.csr_matrix) -> float:
    """Return the mean squared length of the rows."""
    return float(block.multiply(block).sum() / block.shape[0])


def _centred(kernel: NDArray[np.floating]) -> NDArray[np.floating]:
    means = kernel.mean(axis=0)
    return kernel - means[None, :] - means[:, None] + means.mean()
