"""How the components of a score are weighed against each other, and how that is fitted.

Each component has a typical spread that depends on how much is known of the user; the gate divides
by it and multiplies with a weight that depends on the number of the user's events. Both are plain
factors, so the score stays an exact sum over paths.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

COLLABORATIVE = "collaborative"
LEARNED = "learned"
ATTRIBUTE = "attribute"
POPULARITY = "popularity"
COMPONENTS = (COLLABORATIVE, LEARNED, ATTRIBUTE, POPULARITY)

_STEPS = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.4, 2.0)
_CUTOFF = 20
_NEGATIVE_STEPS = (-0.05, -0.1, -0.2)
_ROUNDS = 3
_WORTH_IT = 3e-4
_CLEARLY = 0.5
_LAST = np.float32(-1e9)


@dataclass(frozen=True, slots=True)
class Gate:
    """Weights of the components by the number of events a user has.

    Attributes
    ----------
    knots : tuple of float
        Numbers of events at which weights were fitted, ascending.
    weights : NDArray[np.float64]
        Shape (n_knots, n_components), in the order of :data:`COMPONENTS`.
    scales, exponents : NDArray[np.float64]
        The spread of a component over the items is about ``scale * total ** exponent`` for a user
        whose event strengths sum to ``total``; both of shape (n_components,).
    new_weights : NDArray[np.float64] or None
        Weights for items that were placed by their content, which other components foretell best;
        shape (n_knots, n_components). None: the same as for all items.
    newness_knots, newness : tuple of float
        What such an item gains, at numbers of events; see :mod:`ranking.newness`.
    """

    knots: tuple[float, ...]
    weights: NDArray[np.float64]
    scales: NDArray[np.float64]
    exponents: NDArray[np.float64]
    new_weights: NDArray[np.float64] | None = None
    newness_knots: tuple[float, ...] = ()
    newness: tuple[float, ...] = ()

    def coefficients(
        self,
        n_events: NDArray[np.floating],
        total: NDArray[np.floating],
        *,
        new: bool = False,
    ) -> NDArray[np.float64]:
        """Return what each component is multiplied with.

        Parameters
        ----------
        n_events : floating array
            Number of items in the profile; shape (n_users,).
        total : floating array
            Sum of the profile's weights; shape (n_users,).
        new : bool
            For items that were placed by their content, instead of those with events.

        Returns
        -------
        NDArray[np.float64]
            Shape (n_users, n_components). Without events, only the popularity prior counts.
        """
        at = np.log1p(np.asarray(self.knots))
        position = np.log1p(n_events)
        weights = self.new_weights if new and self.new_weights is not None else self.weights
        blended = np.stack([np.interp(position, at, column) for column in weights.T], axis=1)
        size = np.maximum(total, 1e-9)[:, None]
        result = blended / (self.scales * size**self.exponents)
        result[n_events == 0] = 0.0
        prior = COMPONENTS.index(POPULARITY)
        result[n_events == 0, prior] = 1.0 / self.scales[prior]
        return np.asarray(result, dtype=np.float64)

    def newness_of(self, n_events: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return what an item placed by its content gains for users with so many events.

        Parameters
        ----------
        n_events : floating array
            Number of items in the profile; shape (n_users,).

        Returns
        -------
        NDArray[np.float64]
            0 for a user without events; shape (n_users,).
        """
        if not self.newness_knots:
            return np.zeros(len(n_events))
        at = np.log1p(np.asarray(self.newness_knots))
        gain = np.interp(np.log1p(n_events), at, self.newness)
        return np.asarray(np.where(n_events > 0, gain, 0.0))

    @classmethod
    def default(cls) -> Self:
        """Return the weights that hold where nothing could be fitted."""
        n = len(COMPONENTS)
        return cls((1.0,), np.array([[1.0, 0.5, 0.3, 0.1]]), np.ones(n), np.zeros(n))

    def to_json(self) -> dict[str, Any]:
        """Return the gate as plain values."""
        return {
            "components": list(COMPONENTS),
            "knots": list(self.knots),
            "weights": self.weights.tolist(),
            "scales": self.scales.tolist(),
            "exponents": self.exponents.tolist(),
            "new_weights": None if self.new_weights is None else self.new_weights.tolist(),
            "newness_knots": list(self.newness_knots),
            "newness": list(self.newness),
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        """Return the gate that :meth:`to_json` described."""
        new_weights = fields.get("new_weights")
        return cls(
            tuple(fields["knots"]),
            np.array(fields["weights"]),
            np.array(fields["scales"]),
            np.array(fields["exponents"]),
            None if new_weights is None else np.array(new_weights),
            tuple(fields.get("newness_knots", ())),
            tuple(fields.get("newness", ())),
        )


@dataclass(frozen=True, slots=True)
class Trial:
    """Component scores of validation users, on the items that can matter.

    Attributes
    ----------
    scores : NDArray[np.float32]
        Shape (n_components, n_users, n_pool); ``-1e9`` where the item must not be ranked.
    relevant : NDArray[np.bool_]
        Whether the pooled item is held out for the user; shape (n_users, n_pool).
    n_relevant : NDArray[np.int64]
        Number of held-out items of each user; shape (n_users,).
    """

    scores: NDArray[np.float32]
    relevant: NDArray[np.bool_]
    n_relevant: NDArray[np.int64]

    def quality(self, weights: NDArray[np.floating]) -> tuple[float, float]:
        """Return mean Recall@20 and NDCG@20 of the weighted sum."""
        recall, ndcg = self.by_user(weights).mean(axis=1)
        return float(recall), float(ndcg)

    def by_user(self, weights: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return Recall@20 and NDCG@20 of the weighted sum; shape (2, n_users)."""
        score = np.tensordot(np.asarray(weights, dtype=np.float32), self.scores, axes=1)
        k = min(_CUTOFF, score.shape[1])
        top = np.argpartition(-score, k - 1, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(score, top, axis=1), axis=1, kind="stable")
        hits = np.take_along_axis(self.relevant, np.take_along_axis(top, order, axis=1), axis=1)
        discount = 1.0 / np.log2(np.arange(2, k + 2))
        ideal = np.cumsum(discount)[np.minimum(self.n_relevant, k) - 1]
        return np.stack([hits.sum(axis=1) / self.n_relevant, (hits @ discount) / ideal])

    @classmethod
    def joined(cls, trials: "Sequence[Trial]") -> Self:
        """Put the users of several trials below each other; shorter pools are filled up."""
        width = max(trial.relevant.shape[1] for trial in trials)

        def filled(values: NDArray[Any], value: Any) -> NDArray[Any]:
            missing = width - values.shape[-1]
            around = [(0, 0)] * (values.ndim - 1) + [(0, missing)]
            return np.pad(values, around, constant_values=value) if missing else values

        return cls(
            np.concatenate([filled(trial.scores, _LAST) for trial in trials], axis=1),
            np.concatenate([filled(trial.relevant, value=False) for trial in trials]),
            np.concatenate([trial.n_relevant for trial in trials]),
        )

    def divided(self, spreads: NDArray[np.floating]) -> "Trial":
        """Divide each component of each user by its spread; shape (n_components, n_users)."""
        scores = self.scores / spreads[:, :, None].astype(np.float32)
        return Trial(np.where(self.scores <= _LAST, _LAST, scores), self.relevant, self.n_relevant)

    def spread(self, weights: NDArray[np.floating]) -> float:
        """Return the standard deviation of the weighted sum over the items, mean of the users."""
        score = np.tensordot(np.asarray(weights, dtype=np.float32), self.scores, axes=1)
        ranked = np.where(self.scores[0] > _LAST, score, np.nan)
        return float(np.nanstd(ranked, axis=1).mean())

    def gain(self, weights: NDArray[np.floating]) -> float:
        """Return what the search maximises: Recall@20 plus NDCG@20."""
        return sum(self.quality(weights))


def pool(
    components: Sequence[NDArray[np.float32]],
    seen: NDArray[np.bool_],
    relevant: NDArray[np.bool_],
    *,
    depth: int = 150,
) -> Trial:
    """Keep, for each user, the items that some component ranks high.

    Parameters
    ----------
    components : Sequence of NDArray[np.float32]
        Scores of each component; each of shape (n_users, n_items).
    seen : NDArray[np.bool_]
        Items that must not be ranked; shape (n_users, n_items).
    relevant : NDArray[np.bool_]
        Held-out items, at least one a user; shape (n_users, n_items).
    depth : int
        How many items each component brings.

    Returns
    -------
    Trial
        The pooled scores.
    """
    n_relevant = relevant.sum(axis=1)
    if relevant.shape[1] <= depth * len(components):
        hidden = [np.where(seen, _LAST, scores) for scores in components]
        return Trial(np.stack(hidden).astype(np.float32), relevant, n_relevant)
    telling = [scores for scores in components if scores.any()] or list(components[:1])
    places = np.concatenate([_highest(scores, seen, depth) for scores in telling], axis=1)
    places.sort(axis=1)
    repeated = np.zeros_like(places, dtype=bool)
    repeated[:, 1:] = places[:, 1:] == places[:, :-1]
    repeated |= np.take_along_axis(seen, places, axis=1)
    pooled = np.stack([np.take_along_axis(scores, places, axis=1) for scores in components])
    pooled[:, repeated] = _LAST
    return Trial(
        pooled.astype(np.float32),
        np.take_along_axis(relevant, places, axis=1) & ~repeated,
        n_relevant,
    )


def _highest(scores: NDArray[np.float32], seen: NDArray[np.bool_], depth: int) -> NDArray[np.int64]:
    """Return the columns of the highest unseen scores of each row; shape (n_users, depth)."""
    negative = np.negative(scores, dtype=np.float32)
    negative[seen] = np.inf
    return np.argpartition(negative, depth, axis=1)[:, :depth]


def search(
    trial: Trial,
    *,
    start: NDArray[np.floating] | None = None,
    signed: frozenset[int] = frozenset(),
) -> NDArray[np.float64]:
    """Find component weights by coordinate search.

    A weight changes only if the lists get better by more than half the standard error of the
    difference: what cannot be told from chance stays as it was.

    Parameters
    ----------
    trial : Trial
        Pooled validation scores, each component divided by its spread.
    start : floating array or None
        Weights to begin with; shape (n_components,). None: the strongest component alone.
    signed : frozenset of int
        Components whose weight may be negative.

    Returns
    -------
    NDArray[np.float64]
        Shape (n_components,).
    """
    n = len(trial.scores)
    if start is None:
        start = np.eye(n)[int(np.argmax([trial.gain(unit) for unit in np.eye(n)]))]
    weights = np.array(start, dtype=np.float64)
    best = trial.by_user(weights).sum(axis=0)
    for _ in range(_ROUNDS):
        before = weights
        for component in range(n):
            steps = (*_STEPS, *(_NEGATIVE_STEPS if component in signed else ()))
            known = best
            for step in steps:
                candidate = weights.copy()
                candidate[component] = step
                if not candidate.any():
                    continue
                found = trial.by_user(candidate).sum(axis=0)
                if found.mean() > best.mean() and _is_clear(found - known):
                    best, weights = found, candidate
        if np.array_equal(weights, before):
            break
    return weights


def _is_clear(differences: NDArray[np.float64]) -> bool:
    """Tell whether a mean is above half its standard error, and not only just above 0."""
    error = float(differences.std()) / np.sqrt(len(differences))
    return bool(differences.mean() > max(_CLEARLY * error, _WORTH_IT))


def spread(
    deviations: NDArray[np.floating], totals: NDArray[np.floating]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit how the spread of each component grows with the size of the profile.

    Parameters
    ----------
    deviations : floating array
        Standard deviation over the items; shape (n_components, n_users).
    totals : floating array
        Sums of the profiles' weights; shape (n_users,).

    Returns
    -------
    scales, exponents : NDArray[np.float64]
        Both of shape (n_components,); the exponent is within [0, 1], and 0 for the prior.
    """
    n = len(deviations)
    scales, exponents = np.ones(n), np.zeros(n)
    size = np.log(np.maximum(totals, 1e-9))
    for component, deviation in enumerate(deviations):
        known = deviation > 0
        if not known.any():
            continue
        x, y = size[known], np.log(deviation[known])
        if np.ptp(x) > 0.1 and COMPONENTS[component] != POPULARITY:
            exponents[component] = np.clip(np.polyfit(x, y, 1)[0], 0.0, 1.0)
        scales[component] = np.exp(np.mean(y - exponents[component] * x))
    return scales, exponents
