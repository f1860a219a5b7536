"""Whether explanations are true: the paths add up to the score, and without them it falls.

Pure functions over scores before and after something was left out; who leaves it out and asks again
is :mod:`ranking.evaluation.removing`. A drop is relative to the score before, so that users and
items can be averaged.

References
----------
J. DeYoung et al. ERASER: a benchmark to evaluate rationalized NLP models. ACL 2020.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

BINS = (1, 3, 5, 10)
SHOWN_BIN = 3
_CLOSE = 1e-9


def additivity_error(score: float, parts: Iterable[float], path_values: Iterable[float]) -> float:
    """Return how far the named parts and all paths are from adding up to the score (ADD).

    Parameters
    ----------
    score : float
        The score as it is told.
    parts : iterable of float
        The named parts apart from the paths.
    path_values : iterable of float
        What every path adds, shown or not.

    Returns
    -------
    float
        ``|score - parts - paths| / |score|``; of a score of 0 the absolute difference.

    Examples
    --------
    >>> additivity_error(2.0, [0.5], [1.0, 0.25])
    0.125
    """
    difference = abs(score - sum(parts) - sum(path_values))
    return difference / abs(score) if score else difference


def drops(before: FloatArray, after: FloatArray) -> FloatArray:
    """Return the share of each score that is lost when something is left out.

    Parameters
    ----------
    before : FloatArray
        Scores; shape (n,).
    after : FloatArray
        The same without something, once or by several draws; shape (n,) or (n, n_draws).

    Returns
    -------
    FloatArray
        ``(before - after) / before``, of the shape of ``after``: 1 where nothing is left, more
        where the score turns negative. NaN where the score was not positive: there is nothing to
        lose.
    """
    positive = np.where(before > 0, before, np.nan)
    if after.ndim > 1:
        positive = positive[:, None]
    return np.asarray(1.0 - after / positive)


def comprehensiveness(before: FloatArray, without: FloatArray) -> float:
    """Return the mean drop when the events of the shown paths are left out (COMP@k).

    Parameters
    ----------
    before, without : FloatArray
        Scores with everything, and without these events; both of shape (n,).

    Returns
    -------
    float
        High for an explanation that names what the score rests on.
    """
    return _nanmean(drops(before, without))


def sufficiency(before: FloatArray, alone: FloatArray) -> float:
    """Return the mean share of the score that the shown paths alone give (SUFF@k).

    Parameters
    ----------
    before : FloatArray
        Scores; shape (n,).
    alone : FloatArray
        The same of a graph that has no other paths to the items: the named parts and the shown
        paths. The weights stay those of the whole history, because the model measures a user with
        few events in another unit; shape (n,).

    Returns
    -------
    float
        High for an explanation that is enough. ERASER reports the difference ``m(x) - m(r)``
        instead, which is 1 less this share in units of the score.
    """
    return _nanmean(1.0 - drops(before, alone))


def aopc(by_bin: Sequence[float]) -> float:
    """Return the mean of a measure over the bins, the area over the perturbation curve.

    Parameters
    ----------
    by_bin : Sequence of float
        The measure for each k of :data:`BINS`.

    Returns
    -------
    float
        Independent of a single choice of k.
    """
    return _nanmean(np.array(by_bin, dtype=np.float64))


def win_rate(shown: FloatArray, random: FloatArray) -> float:
    """Return how often leaving out the shown costs more than leaving out as much at random.

    Parameters
    ----------
    shown : FloatArray
        Drops without the events of the shown paths; shape (n,).
    random : FloatArray
        Drops without random events of the same user; shape (n, n_draws).

    Returns
    -------
    float
        Share of all comparisons, in [0, 1]; a tie is no win. NaN is left out.
    """
    known = ~(np.isnan(shown)[:, None] | np.isnan(random))
    return _nanmean((shown[:, None] > random)[known].astype(np.float64))


def ratio(shown: FloatArray, random: FloatArray) -> float:
    """Return how many times as much the shown cost as random ones: the ratio of the mean drops.

    Parameters
    ----------
    shown, random : FloatArray
        As in :func:`win_rate`.

    Returns
    -------
    float
        The ratio of means, not the mean of ratios, which single drops near 0 would rule. Infinite
        where random ones cost nothing or even help.
    """
    mean, other = _nanmean(shown), _nanmean(random)
    return mean / other if other > 0 else float("inf")


def flip_rate(left: BoolArray) -> float:
    """Return the share of items that leave the list (FLIP@k).

    Parameters
    ----------
    left : BoolArray
        Whether each item left when something was left out; any shape.

    Returns
    -------
    float
        In [0, 1]; NaN without items.
    """
    return float(left.mean()) if left.size else float("nan")


def agreement(values: FloatArray, lost: FloatArray) -> float:
    """Return how well the values of the paths order what leaving each out takes away (EXACT).

    Parameters
    ----------
    values : FloatArray
        What each path of an item is said to add; shape (n_paths,).
    lost : FloatArray
        ``D_p = s(G) - s(G without the edges of p)`` of each; shape (n_paths,).

    Returns
    -------
    float
        Spearman's rank correlation, equal values with their mean rank; in [-1, 1]. Differences
        below 1e-9 of the largest value are rounding, and count as equal. NaN for fewer than three
        paths (two always agree or disagree fully) and where either side has one value only.

    References
    ----------
    C. Spearman. The proof and measurement of association between two things. American Journal of
    Psychology 15, 1904.
    """
    if len(values) < 3:
        return float("nan")
    ranks = np.stack([_ranks(values), _ranks(lost)])
    ranks -= ranks.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(ranks, axis=1)
    return float(ranks[0] @ ranks[1] / norms.prod()) if norms.all() else float("nan")


def stable_share(first: Sequence[bytes], again: Sequence[bytes]) -> float:
    """Return the share of answers that come back byte for byte (STABLE); NaN without answers."""
    same = [one == other for one, other in zip(first, again, strict=True)]
    return sum(same) / len(same) if same else float("nan")


def _ranks(values: FloatArray) -> FloatArray:
    """Rank values from 1; equal ones get the mean of their ranks."""
    grain = _CLOSE * float(np.abs(values).max())
    rounded = np.round(values / grain) if grain else values
    _, places, counts = np.unique(rounded, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2.0)[places], dtype=np.float64)


def _nanmean(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
