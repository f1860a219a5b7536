"""How a request in words is balanced against the taste of who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ranking.request import Heard
from ranking.request_weights import RequestWeights

_LEAD = 1.1


@dataclass(frozen=True, slots=True)
class Balance:
    """What taste and request are multiplied with.

    Attributes
    ----------
    taste, request : float
        Both in [0, 1], and one of them is 1.

    Examples
    --------
    >>> Balance.of(0.25), Balance.of(0.9).request
    (Balance(taste=1.0, request=0.5), 1.0)
    """

    taste: float
    request: float

    @classmethod
    def of(cls, request_weight: float) -> Self:
        """Return the factors of a ``request_weight``, see :class:`ranking.domain.Query`."""
        return cls(min(1.0, 2.0 - 2.0 * request_weight), min(1.0, 2.0 * request_weight))


EVEN = Balance(1.0, 1.0)


def with_examples(
    rows: NDArray[np.integer], weights: NDArray[np.floating], examples: Mapping[int, float]
) -> NDArray[np.float64]:
    """Let the examples of a request weigh as much together as all that was before.

    Parameters
    ----------
    rows : integer array
        Items of the profile, the examples among them; shape (n,).
    weights : floating array
        Their weights; shape (n,).
    examples : Mapping[int, float]
        How sure each example is, by row.

    Returns
    -------
    NDArray[np.float64]
        Weights, those of examples times how sure they are, and raised if they were the lesser part;
        shape (n,).
    """
    balanced: NDArray[np.float64] = weights.astype(np.float64)
    if not examples:
        return balanced
    named = np.isin(rows, list(examples))
    balanced[named] *= [examples[row] for row in rows[named].tolist()]
    before, now = balanced[~named].sum(), balanced[named].sum()
    if before > now > 0:
        balanced[named] *= before / now
    return balanced


def unit_of(
    heard: Heard, weights: RequestWeights, taste: NDArray[np.floating], *, has_history: bool
) -> float:
    """Return what a request weight of 1 is worth beside a taste.

    Logged requests tell how a request weighs against its own examples. Against a history nothing
    was learned: there, what has all that is wanted comes before what has none of it.

    Parameters
    ----------
    heard : Heard
        What the request says.
    weights : RequestWeights
        How much each part of it weighs.
    taste : floating array
        Score of every item without popularity and without the request; shape (n_items,).
    has_history : bool
        Whether the taste is more than the examples of this request.

    Returns
    -------
    float
        Above 0.
    """
    unit = (float(taste.std()) if len(taste) else 0.0) or 1.0
    unit /= weights.measure
    full = weights.share + weights.entities * heard.told
    if has_history and heard.wanted and full > 0:
        unit = max(unit, _LEAD * float(np.ptp(taste)) / full)
    return unit
