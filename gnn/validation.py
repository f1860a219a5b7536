"""How good the vectors are on held-out events: Recall and NDCG at 20 over all items."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from torch import Tensor

from graph.errors import InvalidError

K = 20
_SCORES_AT_ONCE = 8_000_000


class Validation:
    """Held-out events of a fixed sample of users.

    Parameters
    ----------
    strengths : csr_matrix
        Training events, by which users are represented and which are never recommended; shape
        (n_users, n_items).
    held_out : csr_matrix
        Held-out events; same shape. Users without any do not count.
    max_users : int
        Size of the sample.
    generator : numpy.random.Generator
        Source of the sample.

    Raises
    ------
    InvalidError
        If the shapes differ or no user has both a training event and a held-out event.
    """

    def __init__(
        self,
        strengths: csr_matrix,
        held_out: csr_matrix,
        *,
        max_users: int,
        generator: np.random.Generator,
    ) -> None:
        if strengths.shape != held_out.shape:
            raise InvalidError(
                f"The validation matrix has the shape {held_out.shape}, not {strengths.shape}.",
                fix="Use the same users and items in both matrices.",
            )
        fresh = held_out - held_out.multiply(strengths > 0)
        wanted = csr_matrix(fresh)
        wanted.eliminate_zeros()
        users = np.flatnonzero((np.diff(wanted.indptr) > 0) & (np.diff(strengths.indptr) > 0))
        if not len(users):
            raise InvalidError(
                "No user has both training events and held-out events.",
                fix="Train for a fixed number of epochs without a validation matrix.",
            )
        if len(users) > max_users:
            users = np.sort(generator.choice(users, max_users, replace=False))
        self._users = users
        self._history = csr_matrix(strengths[users], dtype=np.float32)
        self._wanted = csr_matrix(wanted[users])

    def measure(self, source: Tensor, target: Tensor) -> tuple[float, float]:
        """Rank all items for each user and compare with the held-out events.

        Parameters
        ----------
        source, target : Tensor
            Vectors of the items; shape (n_items, d).

        Returns
        -------
        tuple of float
            Mean Recall@20 and NDCG@20 over users.
        """

        def queries(part: slice) -> Tensor:
            vectors = self._history[part] @ source.cpu().numpy()
            return torch.from_numpy(vectors).to(target.device)

        return self._mean(queries, target)

    def measure_users(self, users: Tensor, target: Tensor) -> tuple[float, float]:
        """Do the same for a model in which users have vectors of their own.

        Parameters
        ----------
        users : Tensor
            Vectors of all users; shape (n_users, d).
        target : Tensor
            Vectors of the items; shape (n_items, d).

        Returns
        -------
        tuple of float
            Mean Recall@20 and NDCG@20 over users.
        """
        vectors = users[torch.as_tensor(self._users, device=users.device)]
        return self._mean(lambda part: vectors[part], target)

    def _mean(self, queries: Callable[[slice], Tensor], target: Tensor) -> tuple[float, float]:
        n_users, n_items = self._history.shape
        step = max(_SCORES_AT_ONCE // n_items, 1)
        totals = np.zeros(2)
        for start in range(0, n_users, step):
            part = slice(start, start + step)
            totals += self._measure_part(queries(part) @ target.T, part)
        return float(totals[0] / n_users), float(totals[1] / n_users)

    def _measure_part(self, scores: Tensor, part: slice) -> NDArray[np.float64]:
        seen = self._history[part].tocoo()
        rows, cols = (torch.as_tensor(x, device=scores.device).long() for x in (seen.row, seen.col))
        scores[rows, cols] = -torch.inf
        top = torch.topk(scores, min(K, scores.shape[1]), dim=1).indices.cpu().numpy()
        return _sum_of_metrics(top, self._wanted[part])


def _sum_of_metrics(top: NDArray[np.int64], wanted: csr_matrix) -> NDArray[np.float64]:
    """Return the sums of Recall and NDCG over users; shape (2,)."""
    relevant = np.zeros(wanted.shape, dtype=bool)
    edges = wanted.tocoo()
    relevant[edges.row, edges.col] = True
    hits = np.take_along_axis(relevant, top, axis=1)
    counts = np.diff(wanted.indptr)
    discounts = 1 / np.log2(np.arange(2, K + 2))
    ideal = np.cumsum(discounts)[np.minimum(counts, K) - 1]
    gains = hits @ discounts[: hits.shape[1]]
    return np.array([(hits.sum(axis=1) / counts).sum(), (gains / ideal).sum()])
