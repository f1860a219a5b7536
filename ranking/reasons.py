"""Weights with which reasons vary: among those that rank about as well as the best.

Many weights of the components rank about equally well. With those that rank best by a hair, the
strongest path may be of one kind for every item, and then every line of a list tells the same. So
of all weights that cost no more than reasons are worth, those are taken with which the strongest
paths of the kinds come closest to each other.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.fusion import ATTRIBUTE, COLLABORATIVE, COMPONENTS, LEARNED, Gate
from ranking.score_split import Breakdown
from ranking.scoring import Profile, Scorer
from ranking.trial import Trial

_CF, _GNN, _ATT = (COMPONENTS.index(name) for name in (COLLABORATIVE, LEARNED, ATTRIBUTE))
_SHARES = (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
_MIXES = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)

Wanted = tuple[sp.csr_matrix, NDArray[np.integer]]
"""Profile of a user, shape (1, n_items), and rows of items that the user wants."""


def strongest_paths(gate: Gate, asked: Iterable[tuple[Scorer, Wanted]]) -> NDArray[np.float64]:
    """Return what the strongest path of each component adds to an item that a user wants.

    Parameters
    ----------
    gate : Gate
        Knows how much each component spreads.
    asked : iterable of (Scorer, Wanted)
        Users and what they want, with who knows the components.

    Returns
    -------
    NDArray[np.float64]
        At a weight of 1, mean over these items; shape (n_components,), 0 for the prior.
    """
    alike = Gate(gate.knots, np.ones_like(gate.weights), gate.scales, gate.exponents)
    found = []
    for scorer, (known, rows) in asked:
        breakdown = Breakdown(scorer, Profile.of(known.indices, known.data, alike))
        for row in rows.tolist():
            split = breakdown.of(row)
            paths = (split.collaborative, split.learned, split.attribute)
            found.append([values.max(initial=0.0) for values in paths])
    return np.append(np.mean(found, axis=0), 0.0) if found else np.zeros(len(COMPONENTS))


def with_reasons(
    trial: Trial, best: NDArray[np.float64], strongest: NDArray[np.float64], *, worth: float
) -> NDArray[np.float64]:
    """Bring the strongest paths of the kinds as close to each other as that is worth.

    Parameters
    ----------
    trial : Trial
        Validation scores, each component divided by its spread.
    best : NDArray[np.float64]
        Weights that rank best; shape (n_components,).
    strongest : NDArray[np.float64]
        From :func:`strongest_paths`; shape (n_components,).
    worth : float
        Share of Recall@20 + NDCG@20 that may be lost.

    Returns
    -------
    NDArray[np.float64]
        Item graph and learned vectors weigh as much as before together; the prior stays.
        ``best`` itself where items share no attributes.
    """
    if not (strongest[_ATT] and best[_CF] + best[_GNN]):
        return best
    enough = (1.0 - worth) * trial.gain(best)

    def kinds(weights: NDArray[np.float64]) -> float:
        """Count kinds of paths, each by its strength beside the strongest."""
        paths = weights * strongest
        return float(paths.sum() / paths.max())

    for weights in sorted(_candidates(best), key=kinds, reverse=True):
        if kinds(weights) <= kinds(best):
            break
        if trial.gain(weights) >= enough:
            return weights
    return best


def _candidates(best: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    """Yield weights with other mixes of item graph and vectors, and other shares of attributes."""
    others = best[_CF] + best[_GNN]
    for mix in (best[_CF] / others, *_MIXES):
        for share in (best[_ATT] / (others + best[_ATT]), *_SHARES):
            weights = best.copy()
            weights[_CF], weights[_GNN] = mix * others, (1.0 - mix) * others
            weights[_ATT] = others * share / (1.0 - share)
            yield weights
