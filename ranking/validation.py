"""Validation users in blocks, so that score matrices fit into memory."""

from collections.abc import Callable, Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.fusion import Trial, pool

_MAX_CELLS = 20_000_000

ScoreFunction = Callable[[sp.csr_matrix], Sequence[NDArray[np.float32]]]


class Validation:
    """Users with held-out items.

    Parameters
    ----------
    profiles : csr_matrix
        What is shown to the components; shape (n_users, n_items).
    seen : csr_matrix
        Items that must not be ranked; shape (n_users, n_items).
    held_out : csr_matrix
        Items to find, at least one a user; shape (n_users, n_items).
    """

    def __init__(
        self, profiles: sp.csr_matrix, seen: sp.csr_matrix, held_out: sp.csr_matrix
    ) -> None:
        self.profiles = profiles
        self._seen = seen
        self._held_out = held_out

    def trial(self, score: ScoreFunction, *, depth: int = 150) -> Trial:
        """Score all users and keep the items that can matter.

        Parameters
        ----------
        score : ScoreFunction
            Takes profiles, shape (n, n_items), and returns the scores of each component, each of
            shape (n, n_items).
        depth : int
            How many items each component brings.

        Returns
        -------
        Trial
            The pooled scores of all users.
        """
        n_users, n_items = self.profiles.shape
        size = max(_MAX_CELLS // max(n_items, 1), 1)
        blocks = []
        for start in range(0, n_users, size):
            part = slice(start, start + size)
            seen = np.asarray(self._seen[part].todense()) > 0
            relevant = np.asarray(self._held_out[part].todense()) > 0
            blocks.append(pool(score(self.profiles[part]), seen, relevant, depth=depth))
        return Trial(
            np.concatenate([block.scores for block in blocks], axis=1),
            np.concatenate([block.relevant for block in blocks]),
            np.concatenate([block.n_relevant for block in blocks]),
        )

    def quality(self, score: Callable[[sp.csr_matrix], NDArray[np.float32]]) -> tuple[float, float]:
        """Return mean Recall@20 and NDCG@20 of one score function."""
        return self.trial(lambda profiles: [score(profiles)], depth=20).quality(np.ones(1))
