"""Lists that trade score against being alike.

The library *pyversity* holds the strategies; here scores are brought to scales on which a strength
of one half costs about the same, whatever the strategy, the catalog and the user
(``benchmarks/diversity/run.py`` measures what that is).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ranking.domain import Diversity

MAX_CHOSEN = 100
_VOLUME_SCALE = 0.2
_SPECTRUM_SCALE = 5.0
_MAX_EXPONENT = 40.0
_OWN_SHARE = 0.01


def diversified(
    vectors: NDArray[np.float32], scores: NDArray[np.float64], diversity: Diversity, *, k: int
) -> NDArray[np.int64]:
    """Reorder candidates so that the first of them differ from each other.

    Parameters
    ----------
    vectors : NDArray[np.float32]
        One per candidate, of unit length or all zero; shape (n, n_dims).
    scores : NDArray[np.float64]
        Descending; shape (n,).
    diversity : Diversity
        Strategy and strength.
    k : int
        Length of the list that will be shown.

    Returns
    -------
    NDArray[np.int64]
        Positions, each once; shape (n,). The strategy chooses the first k, at most 100; the others
        follow by score. At strength 0 nothing moves.

    References
    ----------
    J. Carbonell, J. Goldstein. The use of MMR, diversity-based reranking. SIGIR 1998.
    S. Gollapudi, A. Sharma. An axiomatic approach for result diversification. WWW 2009.
    L. Chen, G. Zhang, E. Zhou. Fast greedy MAP inference for determinantal point process to improve
    recommendation diversity. NeurIPS 2018.
    Y. Huang et al. Sliding spectrum decomposition for diversified recommendation. KDD 2021.
    """
    n_chosen = min(k, MAX_CHOSEN, len(scores))
    if diversity.strength <= 0 or n_chosen < 2:
        return np.arange(len(scores))
    from pyversity import diversify

    relevance, options = _scaled(scores, diversity, n_chosen)
    if diversity.strategy == "dpp":
        vectors = _independent(vectors)
    found = diversify(
        vectors, relevance, n_chosen, diversity.strategy, diversity.strength, **options
    )
    chosen = np.asarray(found.indices, dtype=np.int64)
    return np.concatenate([chosen, np.setdiff1d(np.arange(len(scores)), chosen)])


def _independent(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give each item a little of a direction of its own: volumes of equal items are not 0 then."""
    own = np.eye(len(vectors), dtype=np.float32) * np.float32(_OWN_SHARE**0.5)
    return np.hstack([vectors * np.float32((1.0 - _OWN_SHARE) ** 0.5), own])


def _scaled(
    scores: NDArray[np.float64], diversity: Diversity, k: int
) -> tuple[NDArray[np.float64], dict[str, Any]]:
    """Return the scores as the strategy weighs them, and what else it needs to know."""
    spread = float(np.ptp(scores))
    relevance = (scores - scores.min()) / spread if spread > 0 else np.zeros(len(scores))
    strength = diversity.strength
    match diversity.strategy:
        case "msd":
            # The k-th item adds its score once and its distance to k - 1 others.
            return relevance * (k - 1) / 2, {}
        case "cover":
            # What an item covers is summed over all candidates.
            return relevance * len(scores), {}
        case "ssd":
            return relevance, {"gamma": _SPECTRUM_SCALE}
        case "dpp":
            # The library weighs by exp(beta z) with beta = (1 - strength) scale; without bounds
            # a small strength would leave half of the variety in.
            highest = float(relevance.max() - relevance.mean()) / (float(relevance.std()) or 1.0)
            beta = _VOLUME_SCALE * (1.0 - strength) / strength
            beta = min(beta, _MAX_EXPONENT / max(highest, 1.0))
            return relevance, {"scale": beta / (1.0 - strength) if strength < 1 else 1.0}
        case _:
            return relevance, {}
