"""Lists of known and of hidden items, kept apart so that a gain of the hidden ones can be tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.fusion import Gate
from ranking.scoring import Scorer

LIST_LENGTH = 20
_MAX_CELLS = 10_000_000
_STEPS = 30

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Take:
    """The best known and the best hidden items of some users, apart.

    Attributes
    ----------
    scores : FloatArray
        Known ones, then hidden ones without gain; shape (n_users, 2, 20).
    relevant : NDArray[np.bool_]
        Whether they are held out; shape (n_users, 2, 20).
    n_relevant : NDArray[np.int64]
        Number of held-out items; shape (n_users,).
    warm_share : FloatArray
        Share of the hidden items in the list when they are warm; shape (n_users,).
    n_events : NDArray[np.int64]
        Number of events shown; shape (n_users,).
    whole : bool
        Whether all that is known of the users is shown.
    """

    scores: FloatArray
    relevant: NDArray[np.bool_]
    n_relevant: NDArray[np.int64]
    warm_share: FloatArray
    n_events: NDArray[np.int64]
    whole: bool = True

    @property
    def typical_events(self) -> float:
        """Geometric mean of the number of events."""
        return float(np.expm1(np.log1p(self.n_events).mean()))

    def __len__(self) -> int:
        return len(self.n_events)

    def of(self, users: NDArray[Any]) -> "Take":
        """Return some of the users."""
        return Take(
            self.scores[users],
            self.relevant[users],
            self.n_relevant[users],
            self.warm_share[users],
            self.n_events[users],
            self.whole,
        )

    @staticmethod
    def joined(takes: "Sequence[Take]") -> "Take":
        """Put users below each other."""
        return Take(
            np.concatenate([take.scores for take in takes]),
            np.concatenate([take.relevant for take in takes]),
            np.concatenate([take.n_relevant for take in takes]),
            np.concatenate([take.warm_share for take in takes]),
            np.concatenate([take.n_events for take in takes]),
            takes[0].whole,
        )

    def lists(self, gain: float) -> tuple[FloatArray, FloatArray]:
        """Return hidden items' share of the list, and NDCG@20, of each user; both (n_users,)."""
        scores = self.scores.copy()
        scores[:, 1] += gain
        flat = scores.reshape(len(self), -1)
        order = np.argsort(-flat, axis=1, kind="stable")[:, :LIST_LENGTH]
        filled = np.isfinite(np.take_along_axis(flat, order, axis=1))
        hits = np.take_along_axis(self.relevant.reshape(len(self), -1), order, axis=1) & filled
        discount = 1.0 / np.log2(np.arange(2, LIST_LENGTH + 2))
        ideal = np.cumsum(discount)[np.clip(self.n_relevant, 1, LIST_LENGTH) - 1]
        share = ((order >= LIST_LENGTH) & filled).mean(axis=1)
        return share, (hits @ discount) / ideal

    def gain_for(self, share: float) -> float:
        """Return the gain with which hidden items have a share of the lists, as near as can be."""
        finite = self.scores[np.isfinite(self.scores)]
        reach = float(np.ptp(finite)) if len(finite) else 0.0
        low, high = -reach, reach
        for _ in range(_STEPS):
            middle = (low + high) / 2
            if self.lists(middle)[0].mean() < share:
                low = middle
            else:
                high = middle
        return high


def take(
    gate: Gate,
    scorers: tuple[Scorer, Scorer],
    profiles: tuple[sp.csr_matrix, sp.csr_matrix],
    events: tuple[sp.csr_matrix, sp.csr_matrix],
    hidden: NDArray[np.int64],
) -> Take:
    """Rank with the hidden items warm, and with them placed; block by block."""
    n_users, n_items = profiles[0].shape
    is_hidden = np.zeros(n_items, dtype=bool)
    is_hidden[hidden] = True
    size = max(_MAX_CELLS // n_items, 1)
    alike = scorers[0] is scorers[1] and profiles[0] is profiles[1]
    parts = []
    for start in range(0, n_users, size):
        rows = slice(start, start + size)
        seen, relevant = (np.asarray(each[rows].todense()) > 0 for each in events)
        new = _scored(gate, scorers[1], profiles[1][rows], seen)
        warm = new if alike else _scored(gate, scorers[0], profiles[0][rows], seen)
        known, apart = np.where(is_hidden, -np.inf, new), np.where(is_hidden, new, -np.inf)
        tops = [_top(known), _top(apart)]
        parts.append(
            Take(
                np.stack([scores for _, scores in tops], axis=1),
                np.stack([np.take_along_axis(relevant, top, 1) for top, _ in tops], axis=1),
                relevant.sum(axis=1),
                is_hidden[_top(warm)[0]].mean(axis=1),
                profiles[1][rows].getnnz(axis=1),
            )
        )
    return Take.joined(parts)


def _scored(
    gate: Gate, scorer: Scorer, profiles: sp.csr_matrix, seen: NDArray[np.bool_]
) -> NDArray[np.floating]:
    """Score all items but those seen; shape (n_users, n_items)."""
    return np.where(seen, -np.inf, scorer.score_matrix(profiles, gate))


def _top(scores: NDArray[np.floating]) -> tuple[NDArray[np.int64], FloatArray]:
    """Return the columns and scores of the best 20, in any order; both (n_users, 20)."""
    missing = LIST_LENGTH - scores.shape[1]
    if missing > 0:
        scores = np.pad(scores, ((0, 0), (0, missing)), constant_values=-np.inf)
    top = np.argpartition(-scores, LIST_LENGTH - 1, axis=1)[:, :LIST_LENGTH]
    values = np.take_along_axis(scores, top, axis=1).astype(np.float64)
    return np.where(top < scores.shape[1] - max(missing, 0), top, 0), values
