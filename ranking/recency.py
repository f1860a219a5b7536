"""How recent events are, among all events of a user."""

from dataclasses import dataclass
from itertools import accumulate
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ranking.profile import History

_SPAN = 10


@dataclass(frozen=True, slots=True)
class Recency:
    """How recent the event on each item of a user is.

    Attributes
    ----------
    rows : NDArray[np.int64]
        Item rows, ascending; shape (n,).
    values : NDArray[np.float64]
        From 0 (oldest) to 1 (newest), see :func:`recency`; shape (n,).
    """

    rows: NDArray[np.int64]
    values: NDArray[np.float64]

    @classmethod
    def in_history(cls, history: History) -> Self:
        """Return how recent the events of a history are."""
        order = np.argsort(history.items, kind="stable")
        return cls(history.items[order].astype(np.int64), recency(history.times)[order])

    def of(self, rows: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return the recency of the events on some items.

        Parameters
        ----------
        rows : integer array
            Item rows; shape (n,).

        Returns
        -------
        NDArray[np.float64]
            Shape (n,); 1 where there is no event: what is asked for is said just now.
        """
        if not len(self.rows):
            return np.ones(len(rows))
        places = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return np.where(self.rows[places] == rows, self.values[places], 1.0)


def recency(times: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return how recent events are: their smoothed times, from 0 (oldest) to 1 (newest).

    The times in order are smoothed by an exponentially weighted mean over ten events, so that long
    pauses count and single stragglers do not. The mean of it over the events that explanations
    begin with is the linking interaction recency (LIR).

    Parameters
    ----------
    times : integer array
        Seconds; shape (n,).

    Returns
    -------
    NDArray[np.float64]
        Shape (n,); events at the same time share a value. All 1 where all happened at once.

    References
    ----------
    Balloccu et al., "Post Processing Recommender Systems with Knowledge Graphs for Recency,
    Popularity, and Diversity of Explanations", SIGIR 2022.

    Examples
    --------
    >>> recency(np.array([0, 200, 0, 100])).round(3).tolist()
    [0.0, 1.0, 0.0, 0.355]
    """
    steps, places, counts = np.unique(times, return_inverse=True, return_counts=True)
    if len(steps) < 2:
        return np.ones(len(times))
    share = 2.0 / (_SPAN + 1.0)
    since = np.repeat(steps - steps[0], counts).astype(np.float64).tolist()
    smoothed = np.array(list(accumulate(since, lambda mean, time: mean + share * (time - mean))))
    by_step = np.bincount(np.repeat(np.arange(len(steps)), counts), weights=smoothed) / counts
    return np.asarray((by_step / by_step[-1])[places], dtype=np.float64)
