"""Ways to hold events out for testing.

Every split takes arrays with one row per event and returns a mask of the rows held out, so that
``items[~held]`` is what is trained on. All are deterministic for a seed.
"""

import numpy as np
from numpy.typing import NDArray

from graph.errors import InvalidError

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.integer]


def random_per_user(users: IntArray, *, share: float, rng: np.random.Generator) -> BoolArray:
    """Hold out a share of each user's events, drawn at random.

    A user with n events loses ``share * n`` of them, rounded up or down at random so that the share
    is right on average also where histories are short; one event always stays.

    Parameters
    ----------
    users : IntArray
        User row of each event; shape (n_events,).
    share : float
        Share to hold out, in (0, 1).
    rng : numpy.random.Generator
        Source of the draws.

    Returns
    -------
    BoolArray
        Which events are held out; shape (n_events,).

    Raises
    ------
    InvalidError
        If the share is not between 0 and 1.
    """
    _check(share)
    sizes = np.bincount(users)
    quotas = np.floor(share * sizes + rng.random(len(sizes)))
    quotas = np.minimum(quotas, np.maximum(sizes - 1, 0))
    return _first_of_each(users, rng.random(len(users)), quotas)


def leave_last(
    users: IntArray, times: NDArray[np.number], *, n_last: int = 1, n_kept: int = 1
) -> BoolArray:
    """Hold out the newest events of each user.

    Parameters
    ----------
    users : IntArray
        User row of each event; shape (n_events,).
    times : array
        When; of equal times the later row is the newer one; shape (n_events,).
    n_last : int
        How many to hold out per user.
    n_kept : int
        A user keeps at least so many; one with fewer gives none.

    Returns
    -------
    BoolArray
        Which events are held out; shape (n_events,).
    """
    quotas = np.clip(np.bincount(users) - n_kept, 0, n_last)
    newest_first = np.empty(len(users), dtype=np.int64)
    newest_first[np.argsort(times, kind="stable")] = -np.arange(len(users))
    return _first_of_each(users, newest_first, quotas)


def temporal(times: NDArray[np.number], *, share: float) -> BoolArray:
    """Hold out everything after a point in time that is the same for all users.

    Parameters
    ----------
    times : array
        When; shape (n_events,).
    share : float
        Share to hold out, in (0, 1); less is held out where events of equal time would be torn
        apart.

    Returns
    -------
    BoolArray
        Which events are held out; shape (n_events,).

    Raises
    ------
    InvalidError
        If the share is not between 0 and 1.
    """
    _check(share)
    if not len(times):
        return np.zeros(0, dtype=np.bool_)
    return np.asarray(times > np.quantile(times, 1 - share, method="higher"))


def cold_items(items: IntArray, *, share: float, rng: np.random.Generator) -> BoolArray:
    """Hold out all events of a share of the items, drawn at random: nobody trains on them.

    Parameters
    ----------
    items : IntArray
        Item row of each event; shape (n_events,).
    share : float
        Share of the items that occur, in (0, 1).
    rng : numpy.random.Generator
        Source of the draws.

    Returns
    -------
    BoolArray
        Which events are held out; ``np.unique(items[held])`` are the cold items; shape (n_events,).

    Raises
    ------
    InvalidError
        If the share is not between 0 and 1.
    """
    _check(share)
    known = np.unique(items)
    cold = rng.choice(known, size=round(share * len(known)), replace=False)
    return np.isin(items, cold)


def _first_of_each(
    users: IntArray, keys: NDArray[np.number], quotas: NDArray[np.number]
) -> BoolArray:
    """Mark the ``quotas[user]`` events with the smallest keys of each user."""
    order = np.lexsort((keys, users))
    sizes = np.bincount(users, minlength=len(quotas))
    places = np.arange(len(users)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    held = np.zeros(len(users), dtype=np.bool_)
    held[order] = places < np.repeat(quotas, sizes)
    return held


def _check(share: float) -> None:
    if not 0 < share < 1:
        raise InvalidError(f"A share to hold out lies between 0 and 1, not at {share}.")
