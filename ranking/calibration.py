"""Lists that mix kinds of items as the user does.

A user who watched 70 dramas and 30 comedies gets 100 dramas from a score alone. The *mix* of a
user is the share of each entity of one role (genre, category) in what the user chose; calibration
chooses the list whose mix is close to it, at some cost in score.
"""

from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.attributes import Attributes
from ranking.state import ServingState
from ranking.vectors import ItemVectors

MAX_KINDS = 100
_SMOOTHING = 0.01
_DIVERGENCE_SCALE = 0.25


class Mixes:
    """The kinds of items, and who mixes them how.

    Parameters
    ----------
    state : ServingState
        What is served; its preset may name the relation.
    vectors : ItemVectors
        Knows the features of items, those that came since the snapshot included.
    """

    def __init__(self, state: ServingState, vectors: ItemVectors) -> None:
        self._state = state
        self._vectors = vectors

    @cached_property
    def role(self) -> int | None:
        """Position of the role whose entities are the kinds, None when no role will do."""
        return kinds_role(self._state.attributes, self._state.preset.kinds_relation)

    @property
    def name(self) -> str:
        """Name of the role; empty when there is none."""
        return "" if self.role is None else self._state.attributes.roles[self.role].name

    def shares(self, rows: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return the share of each kind in some items.

        Parameters
        ----------
        rows : integer array
            Item rows; shape (n,).

        Returns
        -------
        NDArray[np.float64]
            Rows that sum to 1, or to 0 for an item of no kind; shape (n, n_kinds).
        """
        mine = np.flatnonzero(self._state.attributes.role_of == self.role)
        kinds = self._vectors.features(rows)[:, mine]
        present = np.asarray((sp.csr_matrix(kinds) > 0).todense(), dtype=np.float64)
        return present / np.maximum(present.sum(axis=1, keepdims=True), 1.0)

    def of_profile(
        self, rows: NDArray[np.integer], weights: NDArray[np.floating]
    ) -> NDArray[np.float64] | None:
        """Return the mix of weighted items; shape (n_kinds,), None when nothing is known of it."""
        if self.role is None or not len(rows):
            return None
        mix = np.asarray(weights, dtype=np.float64) @ self.shares(rows)
        total = float(mix.sum())
        return mix / total if total > 0 else None


def kinds_role(attributes: Attributes, relation: str | None) -> int | None:
    """Choose the role that sorts the items of a catalog into kinds.

    Parameters
    ----------
    attributes : Attributes
        Features of the items.
    relation : str or None
        A relation that is taken when it has 2 to 100 entities.

    Returns
    -------
    int or None
        Position of the role with 2 to 100 entities for which coverage (the share of items that
        have one) times entropy (in bits, of the entities' shares) is highest; None without any.
    """
    best, chosen = 0.0, None
    degrees = attributes.degrees()
    for number, role in enumerate(attributes.roles):
        mine = attributes.role_of == number
        if not 2 <= np.count_nonzero(mine) <= MAX_KINDS:
            continue
        covered = np.count_nonzero(attributes.matrix[:, np.flatnonzero(mine)].getnnz(axis=1))
        share = degrees[mine] / degrees[mine].sum()
        worth = covered / attributes.matrix.shape[0] * float(-(share * np.log2(share)).sum())
        if role.relation == relation:
            worth = np.inf
        if worth > best:
            best, chosen = worth, number
    return chosen


def divergence(wanted: NDArray[np.float64], mix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far mixes are from the one wanted: Kullback-Leibler divergence in nats.

    Parameters
    ----------
    wanted : NDArray[np.float64]
        Sums to 1; shape (n_kinds,).
    mix : NDArray[np.float64]
        Rows that sum to 1, or to 0 where nothing is known; shape (n, n_kinds).

    Returns
    -------
    NDArray[np.float64]
        At least 0; shape (n,). A hundredth of the wanted mix is mixed in, so that a kind that is
        missing costs much and not infinitely much.
    """
    near = (1.0 - _SMOOTHING) * mix + _SMOOTHING * wanted
    kinds = wanted > 0
    terms = wanted[kinds] * (np.log(wanted[kinds]) - np.log(near[:, kinds]))
    return np.maximum(terms.sum(axis=1), 0.0)


def mix_of(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mix of some items, from the shares of each; shape (1, n_kinds)."""
    total = shares.sum(axis=0, keepdims=True)
    return total / max(float(total.sum()), 1.0)


def calibrated(
    wanted: NDArray[np.float64],
    shares: NDArray[np.float64],
    scores: NDArray[np.float64],
    *,
    strength: float,
    k: int,
) -> NDArray[np.int64]:
    """Reorder candidates so that the first of them mix kinds as wanted.

    Each place goes to the candidate for which ``(1 - strength) sum(scores) - strength divergence /
    4`` of the list so far is highest, scores brought to [0, 1]. The quarter makes a strength of one
    half cost about as much of the NDCG as one half of diversity does.

    Parameters
    ----------
    wanted : NDArray[np.float64]
        The user's mix; shape (n_kinds,).
    shares : NDArray[np.float64]
        Share of each kind in each candidate; shape (n, n_kinds).
    scores : NDArray[np.float64]
        Descending; shape (n,).
    strength : float
        Between 0 (nothing moves) and 1 (only the mix counts).
    k : int
        How many are chosen that way; the others follow in their order.

    Returns
    -------
    NDArray[np.int64]
        Positions, each once; shape (n,).

    References
    ----------
    H. Steck. Calibrated recommendations. RecSys 2018.
    """
    n = len(scores)
    if strength <= 0 or n < 2:
        return np.arange(n)
    spread = float(np.ptp(scores))
    gain = (1.0 - strength) * ((scores - scores.min()) / spread if spread > 0 else np.zeros(n))
    left = np.ones(n, dtype=bool)
    total = np.zeros(shares.shape[1])
    chosen = []
    for _ in range(min(k, n)):
        sums = total + shares
        mass = sums.sum(axis=1, keepdims=True)
        far = divergence(wanted, sums / np.maximum(mass, 1.0))
        value = gain - strength * _DIVERGENCE_SCALE * far
        best = int(np.argmax(np.where(left, value, -np.inf)))
        left[best] = False
        total += shares[best]
        chosen.append(best)
    return np.concatenate([np.array(chosen, dtype=np.int64), np.flatnonzero(left)])
