"""How much each part of a request weighs, and how that is learned from logged requests."""

from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

_PULL = 1e-3
_FLOOR = 0.02


@dataclass(frozen=True, slots=True)
class RequestWeights:
    """What each part of a request is multiplied with.

    Attributes
    ----------
    taste : float
        Weight of the user's taste and of the examples that the request names, by standard
        deviation over the items. All other weights are measured by it.
    popularity : float
        Of ``log(1 + events)``, by its usual spread; takes the place of the gate's weight, and of
        what new items gain without a request.
    entities : float
        Of each wanted thing that an item has, times how much the thing tells.
    share : float
        Of the share of all that is wanted that an item has.
    semantic : float
        Of the cosine with the item's text, by standard deviation over the items.
    asked : float
        Of the items that those took who asked alike.
    asked_similar, asked_learned, asked_attributes : float
        Of the collaborative, learned and attribute walks that start at these items.
    """

    taste: float
    popularity: float
    entities: float
    share: float
    semantic: float
    asked: float = 0.0
    asked_similar: float = 0.0
    asked_learned: float = 0.0
    asked_attributes: float = 0.0

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the weights, in order."""
        return tuple(field.name for field in fields(cls))

    @classmethod
    def only(cls, name: str) -> Self:
        """Return weights of which one is 1 and the others are 0."""
        return cls(**{each: float(each == name) for each in cls.names()})

    @property
    def measure(self) -> float:
        """Weight of the taste, at least a little: what others are divided by."""
        return max(self.taste, _FLOOR)

    def to_json(self) -> dict[str, Any]:
        """Return the weights as plain values."""
        return asdict(self)


USUAL = RequestWeights(taste=0.3, popularity=0.25, entities=0.3, share=1.5, semantic=0.3)
"""Weights where no requests were logged: near those that a thousand dialogues on films led to, with
more weight on having all that is wanted, as those expect who ask with a long history of their own.
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A logged request with items to choose from, as the fit sees it.

    Attributes
    ----------
    features : NDArray[np.float64]
        What each part says of each item, in the order of :meth:`RequestWeights.names`; shape
        (n_taken + n_others, n_features). The items that were taken come first.
    n_taken : int
        How many were taken.
    stands_for : NDArray[np.float64]
        How many items each of them stands for: 1, or more for one drawn at random from many; shape
        (n_taken + n_others,).
    """

    features: NDArray[np.float64]
    n_taken: int
    stands_for: NDArray[np.float64]


def fit_weights(cases: Sequence[Case]) -> RequestWeights:
    """Fit the weights under which people most likely took what they took.

    The likelihood is that of a choice among all items, ``exp(score) / sum exp(scores)``; no weight
    is negative.

    Parameters
    ----------
    cases : Sequence of Case
        Logged requests; the parts must come from a model that has not seen them.

    Returns
    -------
    RequestWeights
        The weights.

    References
    ----------
    .. [1] McFadden, "Conditional Logit Analysis of Qualitative Choice Behavior", 1974.
    """
    from scipy.optimize import minimize

    spread = np.concatenate([case.features for case in cases]).std(axis=0)
    scales = np.where(spread > 0, spread, 1.0)
    scaled = [replace(case, features=case.features / scales) for case in cases]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        losses, slopes = zip(*(_loss(case, weights) for case in scaled), strict=True)
        pull = _PULL * weights
        return (
            float(np.mean(losses) + 0.5 * pull @ weights),
            np.mean(slopes, axis=0) + pull,
        )

    start = np.full(len(scales), 0.1)
    bounds = [(0.0, None)] * len(scales)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return RequestWeights(*(found.x / scales).tolist())


def _loss(case: Case, weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Return minus the log likelihood of what was taken, an item, and its slope."""
    scores = case.features @ weights
    top, mine = scores.max(), slice(case.n_taken)
    odds = np.exp(scores - top) * case.stands_for
    total = odds.sum()
    loss = top + np.log(total) - scores[mine].mean()
    slope = odds @ case.features / total - case.features[mine].mean(axis=0)
    return float(loss), slope


def vector_of(weights: RequestWeights) -> NDArray[np.float64]:
    """Return the weights as an array, in the order of :meth:`RequestWeights.names`."""
    return np.array(astuple(weights))
