"""Whether two systems really differ."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from ranking.evaluation.metrics import FloatArray, Interval, intervals

_CHUNK = 1 << 22


@dataclass(frozen=True, slots=True)
class PairedTest:
    """How two systems differ over the same users.

    Attributes
    ----------
    difference : Interval
        Mean of first minus second.
    p_t : float
        Two-sided p-value of the paired t-test.
    p_permutation : float
        Two-sided p-value of the paired randomisation test.
    """

    difference: Interval
    p_t: float
    p_permutation: float


def paired_test(
    first: FloatArray,
    second: FloatArray,
    *,
    rng: np.random.Generator,
    n_resamples: int = 2000,
) -> PairedTest:
    """Test whether two systems differ on the same users.

    Parameters
    ----------
    first, second : FloatArray
        A metric per user under each system, in the same order of at least two users; shape
        (n_users,).
    rng : numpy.random.Generator
        Source of the draws.
    n_resamples : int
        Number of random exchanges, and of bootstrap draws.

    Returns
    -------
    PairedTest
        The difference and two p-values.
    """
    (test,) = paired_tests((first - second)[:, None], rng=rng, n_resamples=n_resamples)
    return test


def paired_tests(
    gaps: FloatArray, *, rng: np.random.Generator, n_resamples: int = 2000
) -> list[PairedTest]:
    """Test, column by column, whether differences over users are more than chance.

    All columns share their draws, so that many metrics cost little more than one.

    Parameters
    ----------
    gaps : FloatArray
        Differences between two systems, one column per metric; shape (n_users, n_columns), at
        least two users.
    rng : numpy.random.Generator
        Source of the draws.
    n_resamples : int
        Number of random exchanges, and of bootstrap draws.

    Returns
    -------
    list of PairedTest
        One per column.

    References
    ----------
    M. Smucker, J. Allan and B. Carterette. A comparison of statistical significance tests for
    information retrieval evaluation. CIKM 2007.
    """
    differences = intervals(gaps, rng=rng, n_resamples=n_resamples)
    p_exchange = _exchange(gaps, rng, n_resamples)
    return [
        PairedTest(difference, _p_t(column), float(p))
        for difference, column, p in zip(differences, gaps.T, p_exchange, strict=True)
    ]


def holm(p_values: Sequence[float]) -> FloatArray:
    """Correct p-values for making several tests at once.

    Parameters
    ----------
    p_values : Sequence[float]
        One per test.

    Returns
    -------
    FloatArray
        Corrected p-values in the same order; shape (len(p_values),).

    References
    ----------
    S. Holm. A simple sequentially rejective multiple test procedure. Scandinavian Journal of
    Statistics 6(2), 1979.

    Examples
    --------
    >>> [round(float(p), 3) for p in holm([0.04, 0.01, 0.03])]
    [0.06, 0.03, 0.06]
    """
    values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    steps = values[order] * np.arange(len(values), 0, -1)
    corrected = np.empty_like(values)
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return corrected


def _p_t(gaps: FloatArray) -> float:
    """Return the p-value of the t-test; differences that are all the same leave it no doubt."""
    return float(stats.ttest_1samp(gaps, 0.0).pvalue) if np.ptp(gaps) else float(not gaps.any())


def _exchange(gaps: FloatArray, rng: np.random.Generator, n_resamples: int) -> FloatArray:
    """Return how often random signs give sums at least as far from 0 as the true ones."""
    observed = np.abs(gaps.sum(axis=0)) * (1 - 1e-12)
    n_far = np.zeros(gaps.shape[1], dtype=np.int64)
    n_done = 0
    per_chunk = max(_CHUNK // max(len(gaps), 1), 1)
    while n_done < n_resamples:
        size = min(per_chunk, n_resamples - n_done)
        signs = rng.integers(0, 2, size=(size, len(gaps)), dtype=np.int8) * 2.0 - 1.0
        n_far += (np.abs(signs @ gaps) >= observed).sum(axis=0)
        n_done += size
    return np.asarray((n_far + 1) / (n_resamples + 1))
