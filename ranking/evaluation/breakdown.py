"""For whom, and with which items, systems are good: metrics by groups of users and of items."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ranking.evaluation.metrics import Interval, intervals, ratio_intervals
from ranking.evaluation.systems import Known, System, Trial
from ranking.evaluation.table import FloatArray, IntArray

N_BINS = 5
ALONE = "0"
NEVER = "cold"
_DAY_S = 86_400.0
_USER_METRICS = ("ndcg", "recall")


@dataclass(frozen=True, slots=True)
class Group:
    """Users, or items, that are alike.

    Attributes
    ----------
    label : str
        What they have in common.
    size : int
        Number of users, or of test events with these items.
    share : float
        Share of all users, or of all test events.
    figures : dict of str to dict
        By system and metric. Of users: ``ndcg`` and ``recall``, means over them. Of items:
        ``recall``, the share of the test events with them that the lists hold, and ``exposure``,
        the share of the places on the lists that they take.
    """

    label: str
    size: int
    share: float
    figures: dict[str, dict[str, Interval]]


@dataclass(frozen=True, slots=True)
class Bins:
    """Users, or items, by a whole number that each of them has.

    Attributes
    ----------
    ranges : list of (int, int) or None
        Lowest and highest number of each bin, ascending; None first for those without any.
    bin_of : NDArray[np.int64]
        Bin of each user or item; shape (n,).
    """

    ranges: list[tuple[int, int] | None]
    bin_of: NDArray[np.int64]

    def labels(self, none: str, write: Callable[[int], str] = str) -> list[str]:
        """Name the bins: ``none``, then ``"1"``, ``"2 to 4"`` and so on."""
        return [
            " to ".join(write(end) for end in sorted(set(ends))) if ends else none
            for ends in self.ranges
        ]


def by_activity(trial: Trial, known: Known, *, seed: int = 0) -> list[Group]:
    """Measure the systems on users with few and with many training events.

    Parameters
    ----------
    trial : Trial
        Judged lists.
    known : Known
        What the train file says.
    seed : int
        Start of the draws for the intervals.

    Returns
    -------
    list of Group
        Of about as many users each, by number of events; those without any by themselves.
    """
    bins = quantile_bins(known.n_events, known.n_events > 0)
    groups = []
    for number, label in enumerate(bins.labels(ALONE)):
        users = bins.bin_of == number
        values = [s.columns[metric][users] for s in trial.systems for metric in _USER_METRICS]
        found = iter(intervals(np.stack(values, axis=1), rng=np.random.default_rng(seed)))
        figures = {s.name: {metric: next(found) for metric in _USER_METRICS} for s in trial.systems}
        size = int(users.sum())
        groups.append(Group(label, size, size / trial.n_users, figures))
    return groups


def by_popularity(trial: Trial, known: Known, *, seed: int = 0) -> list[Group]:
    """Measure the systems on items that few and that many users had.

    Parameters
    ----------
    trial, known, seed
        As in :func:`by_activity`.

    Returns
    -------
    list of Group
        Of about as many test events each, by number of users in the train file; cold items by
        themselves.
    """
    bins = quantile_bins(known.n_fans, known.n_fans > 0, trial.relevant.indices)
    return _of_items(trial, bins, bins.labels(NEVER), seed)


def by_age(trial: Trial, known: Known, *, seed: int = 0) -> list[Group]:
    """Measure the systems on items that appeared early and late.

    Parameters
    ----------
    trial, known, seed
        As in :func:`by_activity`; the train file has timestamps.

    Returns
    -------
    list of Group
        Of about as many test events each, by day of the first training event; cold items by
        themselves.
    """
    days = (np.nan_to_num(known.first_at) // _DAY_S).astype(np.int64)
    bins = quantile_bins(days, np.isfinite(known.first_at), trial.relevant.indices)
    return _of_items(trial, bins, bins.labels(NEVER, _date), seed)


def quantile_bins(
    values: IntArray, counted: NDArray[np.bool_], drawn: IntArray | None = None
) -> Bins:
    """Put whole numbers into up to five bins of about the same size; equal ones stay together.

    Parameters
    ----------
    values : IntArray
        One per user or item; shape (n,).
    counted : NDArray[np.bool_]
        Which of them have a value at all; shape (n,).
    drawn : IntArray or None
        Rows, repeated or not, that make up the size of a bin; None is each row once.

    Returns
    -------
    Bins
        None of them empty.

    Examples
    --------
    >>> quantile_bins(np.array([0, 1, 1, 2, 9]), np.arange(5) > 0).ranges
    [None, (1, 1), (2, 2), (9, 9)]
    """
    bin_of = np.zeros(len(values), dtype=np.int64)
    ranges: list[tuple[int, int] | None] = [] if counted.all() else [None]
    if counted.any():
        mine = values[counted]
        sizing = mine if drawn is None else values[drawn[counted[drawn]]]
        shares = np.arange(1, N_BINS) / N_BINS
        bounds = np.unique(
            np.quantile(sizing if len(sizing) else mine, shares, method="inverted_cdf")
        )
        used, number = np.unique(np.searchsorted(bounds, mine), return_inverse=True)
        bin_of[counted] = number + len(ranges)
        for place in range(len(used)):
            inside = mine[number == place]
            ranges.append((int(inside.min()), int(inside.max())))
    return Bins(ranges, bin_of)


def _of_items(trial: Trial, bins: Bins, labels: list[str], seed: int) -> list[Group]:
    """Measure, bin by bin of items, what is found of the test events and what is shown."""
    users, items = trial.relevant.nonzero()
    wanted = _counts(users, items, bins, trial.n_users)
    sizes = wanted.sum(axis=0)
    groups = [
        Group(label, int(size), float(size / sizes.sum()), {s.name: {} for s in trial.systems})
        for label, size in zip(labels, sizes, strict=True)
    ]
    ratios: dict[tuple[int, str, str], tuple[FloatArray, FloatArray]] = {}
    for system in trial.systems:
        hits = _shown(system, system.judged.hits, bins)
        shown = _shown(system, system.top >= 0, bins)
        total = shown.sum(axis=1)
        for number, group in enumerate(groups):
            if group.size:
                ratios[number, system.name, "recall"] = hits[:, number], wanted[:, number]
            if total.any():
                ratios[number, system.name, "exposure"] = shown[:, number], total
            else:
                group.figures[system.name]["exposure"] = Interval(0.0, 0.0, 0.0)
    above, below = (np.stack(parts, axis=1) for parts in zip(*ratios.values(), strict=True))
    found = ratio_intervals(above, below, rng=np.random.default_rng(seed))
    for (number, name, metric), interval in zip(ratios, found, strict=True):
        groups[number].figures[name][metric] = interval
    return groups


def _shown(system: System, places: NDArray[np.bool_], bins: Bins) -> FloatArray:
    """Count some places of each list by the bins of their items; shape (n_users, n_bins)."""
    users = np.nonzero(places)[0]
    return _counts(users, system.top[places], bins, len(places))


def _counts(users: IntArray, items: IntArray, bins: Bins, n_users: int) -> FloatArray:
    """Count pairs by user and by the bin of the item; shape (n_users, n_bins)."""
    n_bins = len(bins.ranges)
    cells = np.bincount(users * n_bins + bins.bin_of[items], minlength=n_users * n_bins)
    return cells.reshape(n_users, n_bins).astype(np.float64)


def _date(day: int) -> str:
    """Write a day since 1970."""
    return f"{np.datetime64(day, 'D')}"
