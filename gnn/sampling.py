"""What a step of the training sees: users, hidden edges, shared negatives."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from gnn.losses import Batch


def stream(seed: int, *path: int) -> np.random.Generator:
    """Return a random generator of its own for a place in the training.

    Because every epoch has its own, a resumed run draws the same numbers as one that was never
    interrupted.

    Parameters
    ----------
    seed : int
        Seed of the run.
    *path : int
        The place, such as the kind of draw and the epoch.

    Returns
    -------
    numpy.random.Generator
        The generator.
    """
    return np.random.default_rng([seed, *path])


def batches(
    rows: NDArray[np.int64], size: int, *, generator: np.random.Generator
) -> Iterator[NDArray[np.int64]]:
    """Deal rows out in random order.

    Parameters
    ----------
    rows : NDArray[np.int64]
        What to deal out.
    size : int
        Most rows in a batch.
    generator : numpy.random.Generator
        Source of the order.

    Yields
    ------
    NDArray[np.int64]
        Rows; every row occurs once.
    """
    order = generator.permutation(rows)
    for start in range(0, len(order), size):
        yield order[start : start + size]


def hide_edges(
    matrix: csr_matrix, share: float, *, generator: np.random.Generator
) -> NDArray[np.float32]:
    """Choose which edges of a matrix are kept.

    Parameters
    ----------
    matrix : csr_matrix
        Any edges.
    share : float
        Probability with which an edge is hidden, in [0, 1).
    generator : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    NDArray[np.float32]
        1 for kept and 0 for hidden edges; shape (n_edges,).
    """
    if share == 0:
        return np.ones(matrix.nnz, dtype=np.float32)
    return (generator.random(matrix.nnz, dtype=np.float32) >= share).astype(np.float32)


def with_data(matrix: csr_matrix, data: NDArray[np.float32]) -> csr_matrix:
    """Return a matrix with the same pattern and other numbers."""
    return csr_matrix((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def draw_items(n_items: int, n: int, *, generator: np.random.Generator) -> torch.Tensor:
    """Draw distinct items uniformly.

    Parameters
    ----------
    n_items : int
        How many items there are.
    n : int
        How many to draw, at most ``n_items``.
    generator : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    torch.Tensor
        int64, shape (n,).
    """
    drawn = generator.choice(n_items, n, replace=False, shuffle=False)
    return torch.from_numpy(drawn.astype(np.int64))


def event_batch(strengths: csr_matrix, kept: csr_matrix, device: torch.device) -> Batch:
    """Turn the events of some users into pairs for the loss.

    Pairs whose user has nothing left but the item itself teach nothing and get weight 0.

    Parameters
    ----------
    strengths : csr_matrix
        All events of the users, which are the positives; shape (n_rows, n_items).
    kept : csr_matrix
        Same pattern, 0 where an event is hidden from the user's own vector.
    device : torch.device
        Where the loss is computed.

    Returns
    -------
    Batch
        The pairs, in the order of the matrix.
    """
    counts = np.diff(strengths.indptr)
    rows = np.repeat(np.arange(len(counts)), counts)
    rest = np.asarray(kept.sum(axis=1)).ravel()[rows] - kept.data
    useful = rest > 1e-6 * kept.data
    return Batch(
        rows=torch.as_tensor(rows, device=device),
        items=torch.as_tensor(strengths.indices, device=device).long(),
        kept=torch.as_tensor(kept.data, device=device),
        weights=torch.as_tensor(strengths.data * useful, device=device),
    )
