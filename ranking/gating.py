"""Fit the gate: simulate users of whom little is known, and see what helps them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.fusion import ATTRIBUTE, COMPONENTS, POPULARITY, Gate, spread
from ranking.reasons import Wanted, strongest_paths, with_reasons
from ranking.scoring import Scorer
from ranking.trial import Trial, search
from ranking.validation import MIN_USERS, Fold, Validation

_FEW_EVENTS = (1, 4)
_FEWEST = 0.2
_MAX_USERS = 5000
_DEPTH = 100
_LOOKED_AT = 60
# What holds in the order of COMPONENTS unless validation clearly says otherwise.
_USUAL = np.array([1.0, 1.0, 0.1, 0.0])
# So much an attribute path always weighs, so that what an item shares with a user is never hidden:
# a choice, not what validation asks for.
_LEAST_ATTRIBUTE = 0.02


@dataclass(frozen=True, slots=True)
class GateFit:
    """A fitted gate and what it reaches on validation.

    Attributes
    ----------
    gate : Gate
        The gate.
    figures : dict
        (Recall@20, NDCG@20) with full histories of each component alone and of the sum.
    """

    gate: Gate
    figures: dict[str, tuple[float, float]]


def fit_gate(
    scorers: Sequence[Scorer],
    folds: Sequence[Fold],
    *,
    worth: float = 0.0,
    rng: np.random.Generator,
) -> GateFit:
    """Weigh the components for users with one event, with four, and with all they have.

    Parameters
    ----------
    scorers : Sequence of Scorer
        For each fold one that knows the components, learned without the held-out events.
    folds : Sequence of Fold
        One or more; their users are measured together.
    worth : float
        Share of the quality that may be lost for reasons that vary (:mod:`ranking.reasons`).
    rng : numpy.random.Generator
        Draws users, and the events that are kept.

    Returns
    -------
    GateFit
        The default gate when there are fewer than 20 users to learn from.
    """
    users = [_known_users(fold, rng)[: _MAX_USERS // len(folds)] for fold in folds]
    if max(len(some) for some in users) < MIN_USERS:
        return GateFit(Gate.default(), {})
    groups = [
        _Group.joined([
            _Group.of(scorer, fold.kept[some], fold.held_out[some], n_events, rng=rng)
            for scorer, fold, drawn in zip(scorers, folds, users, strict=True)
            for some in [drawn[: _MAX_USERS // (len(folds) * (1 if n_events is None else 4))]]
        ])
        for n_events in (*_FEW_EVENTS, None)
    ]
    knots = [float(n) for n in _FEW_EVENTS] + [groups[-1].few_events]
    used = [g for g, knot in zip(groups, knots, strict=True) if knot <= knots[-1]]
    scales, exponents = spread(
        np.concatenate([group.deviations for group in used], axis=1),
        np.concatenate([group.totals for group in used]),
    )
    trials = [
        group.trial.divided(scales[:, None] * group.totals[None, :] ** exponents[:, None])
        for group in used
    ]
    signed = frozenset({COMPONENTS.index(POPULARITY)})
    weights = [search(trials[-1], start=_USUAL, signed=signed)]
    for trial in reversed(trials[:-1]):
        weights.insert(0, search(trial, start=weights[0], signed=signed))
    figures = {
        name: trials[-1].quality(unit)
        for name, unit in zip(COMPONENTS, np.eye(len(COMPONENTS)), strict=True)
    }
    kept = tuple(knot for knot in knots if knot <= knots[-1])
    gate = Gate(kept, np.stack(weights), scales, exponents)
    if worth:
        strongest = strongest_paths(gate, _wanted(scorers, folds, users))
        pairs = zip(trials, weights, strict=True)
        weights = [with_reasons(*pair, strongest, worth=worth) for pair in pairs]
        gate = replace(gate, weights=np.stack(weights))
    gate = gate.with_least(ATTRIBUTE, _LEAST_ATTRIBUTE)
    figures["sum"] = trials[-1].quality(gate.weights[-1])
    return GateFit(gate, figures)


def _wanted(
    scorers: Sequence[Scorer], folds: Sequence[Fold], users: Sequence[NDArray[np.integer]]
) -> Iterator[tuple[Scorer, Wanted]]:
    """Yield some users of each fold, and the items held out of them."""
    for scorer, fold, some in zip(scorers, folds, users, strict=True):
        for user in some[:_LOOKED_AT].tolist():
            yield scorer, (fold.kept[[user]], fold.held_out[[user]].indices)


def _known_users(fold: Fold, rng: np.random.Generator) -> NDArray[np.integer]:
    """Return the users of whom something is known, in random order."""
    return rng.permutation(fold.users[fold.kept.getnnz(axis=1)[fold.users] > 0])


@dataclass(frozen=True, slots=True)
class _Group:
    """Validation users of whom the same number of events is known."""

    trial: Trial
    deviations: NDArray[np.float64]
    totals: NDArray[np.float64]
    n_events: NDArray[np.integer]

    @property
    def few_events(self) -> float:
        """Number of known events that a fifth of the users stays below."""
        return max(float(np.quantile(self.n_events, _FEWEST)), 1.0)

    @classmethod
    def joined(cls, groups: "Sequence[_Group]") -> "_Group":
        """Put the users of several groups below each other."""
        return cls(
            Trial.joined([group.trial for group in groups]),
            np.concatenate([group.deviations for group in groups], axis=1),
            np.concatenate([group.totals for group in groups]),
            np.concatenate([group.n_events for group in groups]),
        )

    @classmethod
    def of(
        cls,
        scorer: Scorer,
        X: sp.csr_matrix,
        held_out: sp.csr_matrix,
        n_events: int | None,
        *,
        rng: np.random.Generator,
    ) -> "_Group":
        profiles = X if n_events is None else truncated(X, n_events, rng)
        deviations = []

        def scores(known: sp.csr_matrix) -> list[NDArray[np.float32]]:
            components = scorer.component_matrices(known)
            deviations.append(np.stack([component.std(axis=1) for component in components]))
            return components

        return cls(
            Validation(profiles, X, held_out).trial(scores, depth=_DEPTH),
            np.concatenate(deviations, axis=1).astype(np.float64),
            np.asarray(profiles.sum(axis=1), dtype=np.float64).ravel(),
            np.asarray(profiles.getnnz(axis=1)),
        )


def truncated(X: sp.csr_matrix, n_events: int, rng: np.random.Generator) -> sp.csr_matrix:
    """Keep some random events of each user."""
    order = np.lexsort((rng.random(X.nnz), np.repeat(np.arange(X.shape[0]), np.diff(X.indptr))))
    place = np.arange(X.nnz) - np.repeat(X.indptr[:-1], np.diff(X.indptr))
    kept = np.sort(order[place < n_events])
    rows = np.repeat(np.arange(X.shape[0]), np.diff(X.indptr))[kept]
    return sp.csr_matrix((X.data[kept], (rows, X.indices[kept])), shape=X.shape)
