"""What is held out to choose by, and validation users in blocks, so that scores fit into memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.evaluation.splits import random_per_user
from ranking.profile import ProfileRule
from ranking.trial import Trial, pool

MIN_USERS = 20
_MAX_CELLS = 20_000_000

ScoreFunction = Callable[[sp.csr_matrix], Sequence[NDArray[np.float32]]]


def hold_out(
    X: sp.csr_matrix, rule: ProfileRule, *, share: float, rng: np.random.Generator
) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """Hold out a share of each user's relevant events; where users rate, those of good ratings.

    Parameters
    ----------
    X : csr_matrix
        Strengths; shape (n_users, n_items).
    rule : ProfileRule
        Tells whether strengths are ratings.
    share : float
        Share to hold out, in (0, 1).
    rng : numpy.random.Generator
        Source of the draws.

    Returns
    -------
    kept, held_out : csr_matrix
        Both of the shape of ``X``; together they are ``X``.
    """
    coo = X.tocoo()
    relevant = coo.data >= rule.good
    held = np.zeros(X.nnz, dtype=bool)
    if relevant.any():
        users = coo.row[relevant].astype(np.int64)
        held[relevant] = random_per_user(users, share=share, rng=rng)
    kept, held_out = (
        sp.csr_matrix((coo.data[mask], (coo.row[mask], coo.col[mask])), shape=X.shape)
        for mask in (~held, held)
    )
    return kept, held_out


@dataclass(frozen=True, slots=True)
class Fold:
    """One way to hold events out.

    Attributes
    ----------
    kept, held_out : csr_matrix
        From :func:`hold_out`; both of shape (n_users, n_items).
    users : integer array
        Users to measure on, each with a held-out item if anything is held out.
    """

    kept: sp.csr_matrix
    held_out: sp.csr_matrix
    users: NDArray[np.integer]

    @classmethod
    def of_all(cls, X: sp.csr_matrix) -> Self:
        """Show all events, shape (n_users, n_items), and hold out none."""
        return cls(X, sp.csr_matrix(X.shape, dtype=X.dtype), np.flatnonzero(X.getnnz(axis=1)))


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
        return Trial.joined(blocks)

    def quality(self, score: Callable[[sp.csr_matrix], NDArray[np.float32]]) -> tuple[float, float]:
        """Return mean Recall@20 and NDCG@20 of one score function."""
        return self.trial(lambda profiles: [score(profiles)], depth=20).quality(np.ones(1))
