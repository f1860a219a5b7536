"""How good ranked lists are: one number per user, and how sure their mean is.

Relevance is binary. A metric at K looks at the first K places of a list; K is the width of the
arrays. Every number equals that of TREC's own program ``trec_eval`` (tested).
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.integer]
BoolArray = NDArray[np.bool_]

_CELLS = 1 << 21


@dataclass(frozen=True, slots=True)
class Judged:
    """Ranked lists compared with what was relevant.

    Attributes
    ----------
    hits : BoolArray
        Whether the item at each place is relevant; shape (n_users, k).
    n_relevant : IntArray
        How many items are relevant to each user, in the list or not; shape (n_users,). A user with
        none gets 0 from every metric; ``trec_eval`` leaves such users out, and so should means.
    """

    hits: BoolArray
    n_relevant: IntArray


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over users with its confidence interval."""

    mean: float
    low: float
    high: float


def judge(top: IntArray, relevant: sp.csr_matrix | sp.csr_array) -> Judged:
    """Compare ranked lists with what was relevant.

    Parameters
    ----------
    top : IntArray
        Item rows of each user's list, best first, without repetitions; -1 where a list is shorter;
        shape (n_users, k).
    relevant : sparse matrix
        Non-zero where an item is relevant to a user; shape (n_users, n_items).

    Returns
    -------
    Judged
        The hits.
    """
    matrix = sp.csr_array(relevant, copy=True)
    matrix.eliminate_zeros()
    matrix.sum_duplicates()
    n_relevant = np.diff(matrix.indptr)
    n_users, n_items = matrix.shape
    users = np.arange(n_users, dtype=np.int64)
    wanted = np.repeat(users, n_relevant) * n_items + matrix.indices
    shown = users[:, None] * n_items + top
    if not len(wanted):
        return Judged(np.zeros(top.shape, dtype=np.bool_), n_relevant)
    places = np.minimum(np.searchsorted(wanted, shown), len(wanted) - 1)
    return Judged((wanted[places] == shown) & (top >= 0), n_relevant)


def recall(judged: Judged) -> FloatArray:
    """Return the share of each user's relevant items that are in the list; shape (n_users,)."""
    return np.asarray(judged.hits.sum(axis=1) / np.maximum(judged.n_relevant, 1))


def precision(judged: Judged) -> FloatArray:
    """Return the share of the K places that hold a relevant item; shape (n_users,)."""
    return np.asarray(judged.hits.sum(axis=1) / judged.hits.shape[1])


def hit(judged: Judged) -> FloatArray:
    """Return 1 where at least one relevant item is in the list, else 0; shape (n_users,)."""
    return np.asarray(judged.hits.any(axis=1), dtype=np.float64)


def ndcg(judged: Judged) -> FloatArray:
    """Return the normalised discounted cumulative gain of each list.

    A hit at place p adds ``1 / log2(p + 1)``; the ideal list has the user's relevant items (all of
    them, not only those found) at the first places.

    Parameters
    ----------
    judged : Judged
        The hits.

    Returns
    -------
    FloatArray
        In [0, 1]; shape (n_users,).

    References
    ----------
    K. Järvelin and J. Kekäläinen. Cumulated gain-based evaluation of IR techniques. ACM TOIS 20(4),
    2002.
    """
    k = judged.hits.shape[1]
    discounts = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.concatenate([[0.0], np.cumsum(discounts)])[np.minimum(judged.n_relevant, k)]
    return np.asarray(judged.hits @ discounts / np.where(ideal > 0, ideal, 1))


def reciprocal_rank(judged: Judged) -> FloatArray:
    """Return 1 / place of the first hit, 0 without one.

    Parameters
    ----------
    judged : Judged
        The hits.

    Returns
    -------
    FloatArray
        Its mean is the MRR; shape (n_users,).

    References
    ----------
    E. Voorhees. The TREC-8 question answering track report. TREC-8, 1999.
    """
    return np.asarray(judged.hits.any(axis=1) / (judged.hits.argmax(axis=1) + 1))


def average_precision(judged: Judged) -> FloatArray:
    """Return the sum of the precisions at the hits, divided by the number of relevant items.

    Parameters
    ----------
    judged : Judged
        The hits.

    Returns
    -------
    FloatArray
        Its mean is the MAP; shape (n_users,).

    References
    ----------
    C. Manning, P. Raghavan and H. Schütze. Introduction to Information Retrieval, section 8.4.
    Cambridge University Press, 2008.
    """
    places = np.arange(1, judged.hits.shape[1] + 1)
    precisions = judged.hits.cumsum(axis=1) / places * judged.hits
    return np.asarray(precisions.sum(axis=1) / np.maximum(judged.n_relevant, 1))


def coverage(top: IntArray, n_items: int) -> float:
    """Return the share of ``n_items`` items that at least one list (-1: no item) shows."""
    return len(np.unique(top[top >= 0])) / n_items if n_items else 0.0


def novelty(top: IntArray, n_fans: IntArray, n_users: int) -> FloatArray:
    """Return the mean surprise of each list's items, in bits.

    The surprise of an item is ``-log2((n_fans + 1) / (n_users + 1))``: how unlikely it is that a
    random user knows it, smoothed so that items nobody knows stay finite.

    Parameters
    ----------
    top : IntArray
        Item rows of each list, -1 where it is shorter; shape (n_lists, k).
    n_fans : IntArray
        In how many users' training events each item occurs; shape (n_items,).
    n_users : int
        Number of training users.

    Returns
    -------
    FloatArray
        0 for an empty list; shape (n_lists,).

    References
    ----------
    T. Zhou et al. Solving the apparent diversity-accuracy dilemma of recommender systems. PNAS
    107(10), 2010.
    """
    surprise = np.append(-np.log2((n_fans + 1) / (n_users + 1)), 0.0)
    return np.asarray(surprise[top].sum(axis=1) / np.maximum((top >= 0).sum(axis=1), 1))


def intervals(
    values: FloatArray,
    *,
    rng: np.random.Generator,
    confidence: float = 0.95,
    n_resamples: int = 1000,
) -> list[Interval]:
    """Return the means of metrics over users with bootstrap confidence intervals.

    Users are drawn with replacement, the same draws for all metrics; the interval lies between the
    percentiles of the means.

    Parameters
    ----------
    values : FloatArray
        One column per metric; shape (n_users, n_metrics), at least one user.
    rng : numpy.random.Generator
        Source of the draws.
    confidence : float
        Share of the means that the interval holds.
    n_resamples : int
        Number of draws.

    Returns
    -------
    list of Interval
        One per column.

    References
    ----------
    B. Efron and R. Tibshirani. An Introduction to the Bootstrap, chapter 13. Chapman & Hall, 1993.
    """
    return ratio_intervals(
        values, np.ones((len(values), 1)), rng=rng, confidence=confidence, n_resamples=n_resamples
    )


def ratio_intervals(
    numerators: FloatArray,
    denominators: FloatArray,
    *,
    rng: np.random.Generator,
    confidence: float = 0.95,
    n_resamples: int = 1000,
) -> list[Interval]:
    """Return ratios of two totals over users with bootstrap confidence intervals.

    Parameters
    ----------
    numerators : FloatArray
        What each of at least one user adds above, one column per ratio; shape (n_users, n_ratios).
    denominators : FloatArray
        What each user adds below, with totals above 0; shape (n_users, n_ratios), or (n_users, 1)
        for all ratios.
    rng : numpy.random.Generator
        Source of the draws.
    confidence : float
        Share of the ratios that the interval holds.
    n_resamples : int
        Number of draws; one in which a denominator vanishes does not count for that ratio.

    Returns
    -------
    list of Interval
        One per column.
    """
    totals = _resampled(np.concatenate([numerators, denominators], axis=1), rng, n_resamples)
    above, below = np.split(totals, [numerators.shape[1]], axis=1)
    drawn = np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
    tail = (1 - confidence) / 2
    bounds = np.nanquantile(drawn, [tail, 1 - tail], axis=0)
    ratios = numerators.sum(axis=0) / denominators.sum(axis=0)
    return [
        Interval(float(ratio), float(low), float(high))
        for ratio, low, high in zip(ratios, *bounds, strict=True)
    ]


def _resampled(values: FloatArray, rng: np.random.Generator, n_resamples: int) -> FloatArray:
    """Return totals over users drawn with replacement; shape (n_resamples, n_columns)."""
    n_users = len(values)
    totals = np.empty((n_resamples, values.shape[1]))
    size = max(_CELLS // n_users, 1)
    for start in range(0, n_resamples, size):
        part = totals[start : start + size]
        counts = np.empty((len(part), n_users))
        for row in counts:
            row[:] = np.bincount(rng.integers(n_users, size=n_users), minlength=n_users)
        part[:] = counts @ values
    return totals
