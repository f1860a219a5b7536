"""Component scores of validation users, and the weights with which their sum ranks best."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

_STEPS = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.4, 2.0)
_CUTOFF = 20
_NEGATIVE_STEPS = (-0.05, -0.1, -0.2)
_ROUNDS = 3
_WORTH_IT = 3e-4
_CLEARLY = 0.5
_LAST = np.float32(-1e9)


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
