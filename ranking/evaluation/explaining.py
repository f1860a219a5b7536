"""How good the paths are that are shown beside a list: recent, varied, known, and telling.

Each function measures the shown paths of one user's list and returns a number; a report takes the
mean over users. Field names follow xrecsys: LIR, SEP and ETD (Balloccu et al. 2022), LID and SED
(Balloccu et al. 2023). Whether the paths are true is measured by :mod:`ranking.evaluation.causing`.

References
----------
G. Balloccu, L. Boratto, G. Fenu and M. Marras. Post processing recommender systems with knowledge
graphs for recency, popularity, and diversity of explanations. SIGIR 2022.

G. Balloccu, L. Boratto, C. Cancedda, G. Fenu and M. Marras. Knowledge is power, understanding is
impact: utility and beyond goals, explanation quality, and fairness in path reasoning
recommendation. ECIR 2023.
"""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

SPAN = 10
MAX_DEGREE = 300
HUB_SHARE = 0.1


def smoothed(values: NDArray[np.number], *, span: int = SPAN) -> FloatArray:
    """Place values between the lowest and the highest of them, smoothed: what LIR and SEP share.

    The values are sorted, ``m_1 = v_1`` and ``m_n = (1 - b) m_(n-1) + b v_n`` with
    ``b = 2 / (span + 1)``, and the ``m`` are stretched to [0, 1].

    Parameters
    ----------
    values : array of numbers
        Times of a user's events (LIR) or degrees of the entities of one type (SEP); shape (n,).
    span : int
        How many values the mean remembers, as pandas counts it.

    Returns
    -------
    FloatArray
        One per value, in the order given; shape (n,). Equal values share the mean of their places,
        so that nothing depends on the order in which they come. NaN where all are equal: there is
        no early and no late.

    References
    ----------
    Balloccu et al. 2022, sections 3.1 and 3.2 (published without the rule for equal values).

    Examples
    --------
    >>> smoothed(np.array([30.0, 10.0, 20.0]), span=1).tolist()
    [1.0, 0.0, 0.5]
    """
    if not len(values):
        return np.zeros(0)
    steps, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    if len(steps) == 1:
        return np.full(len(values), np.nan)
    beta, mean = 2.0 / (span + 1.0), float(steps[0])
    means = np.empty(len(steps))
    for place, (value, count) in enumerate(zip(steps.tolist(), counts.tolist(), strict=True)):
        # What is left of the distance to the value after 1, 2, ... count steps, and its mean.
        left = (1.0 - beta) ** np.arange(1, count + 1)
        means[place] = value + (mean - value) * float(left.mean())
        mean = value + (mean - value) * float(left[-1])
    low, high = float(means[0]), float(means.max())
    return np.asarray(((means - low) / (high - low))[places], dtype=np.float64)


def recency(times: NDArray[np.number], linking: Sequence[int], *, span: int = SPAN) -> float:
    """Return the linking interaction recency (LIR) of a list: how new the events behind it are.

    Parameters
    ----------
    times : array of numbers
        Times of all of the user's events; shape (n_events,).
    linking : Sequence of int
        Position in ``times`` of the event that each shown path begins with.
    span : int
        As in :func:`smoothed`.

    Returns
    -------
    float
        In [0, 1], 1 for the newest event; NaN without a path through an event, and for a user all
        of whose events happened at once.
    """
    return _mean(smoothed(times, span=span)[list(linking)])


def entity_popularity(places: Sequence[float]) -> float:
    """Return the shared entity popularity (SEP) of a list: how known its entities are.

    Parameters
    ----------
    places : Sequence of float
        For each shown path through an entity, its place among the entities of its type: their
        degrees under :func:`smoothed`.

    Returns
    -------
    float
        In [0, 1]; reported, not maximised. NaN without a path through an entity whose type has
        entities of different degrees.
    """
    return _mean(np.array(places, dtype=np.float64))


def type_diversity(types: Sequence[Hashable], n_types: int) -> float:
    """Return the explanation type diversity (ETD) of a list.

    Parameters
    ----------
    types : Sequence of hashable
        Type of each shown path: the relation by which it reaches the item.
    n_types : int
        How many types a path of this graph and model can have.

    Returns
    -------
    float
        Distinct types / ``n_types``, in [0, 1]; NaN where there are no types. Balloccu et al.
        divide by ``min(k, n_types)``, which is the same for a list of at least ``n_types`` items
        and higher for a shorter one; this one is never higher than theirs.
    """
    return len(set(types)) / n_types if n_types else float("nan")


def distinct_share(things: Sequence[Hashable]) -> float:
    """Return the share of distinct things: LID over linking items, SED over shared entities.

    Parameters
    ----------
    things : Sequence of hashable
        One per shown path that has such a thing, in the whole list.

    Returns
    -------
    float
        Distinct things / things, in (0, 1]; NaN without any.

    Examples
    --------
    >>> distinct_share(["Alien", "Heat", "Alien", "Fargo"])
    0.75
    """
    return len(set(things)) / len(things) if things else float("nan")


def share_carried(values: FloatArray, shown: Sequence[int]) -> float:
    """Return the share of the positive part of a score that the shown paths carry.

    Parameters
    ----------
    values : FloatArray
        What every path adds to the score; shape (n_paths,).
    shown : Sequence of int
        Positions of the shown paths.

    Returns
    -------
    float
        In [0, 1]; 0 for an item that no path speaks for.
    """
    positive = np.maximum(values, 0.0)
    total = float(positive.sum())
    return float(positive[list(shown)].sum()) / total if total > 0 else 0.0


def value_kept(values: FloatArray, first: int) -> float:
    """Return what the path that is shown first adds, as a share of what the strongest adds.

    Parameters
    ----------
    values : FloatArray
        What every path adds to the score; shape (n_paths,).
    first : int
        Position of the path that is shown first.

    Returns
    -------
    float
        1 where it is the strongest; NaN for an item that no path speaks for.
    """
    strongest = float(values.max(initial=0.0))
    return float(values[first]) / strongest if strongest > 0 else float("nan")


def coverage(n_paths: Sequence[int]) -> float:
    """Return the share of items with at least one path (COV).

    Parameters
    ----------
    n_paths : Sequence of int
        Paths of each item that speak for it; those that add nothing or less do not count.

    Returns
    -------
    float
        In [0, 1]; NaN without items.
    """
    return _mean(np.array([count > 0 for count in n_paths], dtype=np.float64))


def has_telling_entity(
    degrees: NDArray[np.integer], values: FloatArray, *, most: int = MAX_DEGREE
) -> bool:
    """Tell whether a path leads through an entity that few items share (COV_KG counts these).

    Parameters
    ----------
    degrees : integer array
        Number of items linked to the entity of each attribute path; shape (n_paths,).
    values : FloatArray
        What each of them adds; shape (n_paths,).
    most : int
        Highest degree of an entity that still tells something.

    Returns
    -------
    bool
        Whether one with a positive value is there, shown or not.
    """
    return bool(np.any((degrees <= most) & (values > 0)))


def generic_share(
    degrees: Sequence[int | None], n_items: int, *, hub_share: float = HUB_SHARE
) -> float:
    """Return the share of first reasons that say next to nothing (GENERIC).

    Parameters
    ----------
    degrees : Sequence of int or None
        For the path shown first of each item, the number of items linked to its entity; None for a
        path without an entity.
    n_items : int
        Size of the catalog.
    hub_share : float
        Share of the catalog above which an entity is too common to be a reason.

    Returns
    -------
    float
        In [0, 1], best 0; NaN without first paths.
    """
    common = [degree is not None and degree > hub_share * n_items for degree in degrees]
    return _mean(np.array(common, dtype=np.float64))


def _mean(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
