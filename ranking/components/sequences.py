"""The items of users as rows of tokens, in the order in which they came."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.snapshot import Events


class Sequences:
    """Orders the items of profiles by time; where events have no times, as the file does.

    Parameters
    ----------
    events : Events
        Sorted by user and time.
    longest : int
        How many of the newest items count.
    """

    def __init__(self, events: Events, longest: int) -> None:
        self._events = events
        self._longest = longest

    def of(
        self, users: NDArray[np.int64], weights: sp.csr_matrix, token: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the tokens of the newest items, oldest first, an item at its newest event.

        Parameters
        ----------
        users : NDArray[np.int64]
            User rows; shape (n,).
        weights : csr_matrix
            Only items with a weight count; shape (n, n_items).
        token : NDArray[np.int64]
            Token of each item, 0 for one that has none; shape (n_items,).

        Returns
        -------
        NDArray[np.int64]
            0 after the last; shape (n, longest).
        """
        result = np.zeros((len(users), self._longest), dtype=np.int64)
        indptr, items = self._events.indptr, self._events.items
        for place, user in enumerate(users.tolist()):
            newest_first = dict.fromkeys(items[indptr[user] : indptr[user + 1]][::-1].tolist())
            known = set(weights.indices[weights.indptr[place] : weights.indptr[place + 1]].tolist())
            tokens = [token[item] for item in newest_first if item in known and token[item]]
            row = tokens[: self._longest][::-1]
            result[place, : len(row)] = row
        return result


def shuffled(tokens: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Put the tokens of each row into a random order; 0 stays at the end.

    Parameters
    ----------
    tokens : NDArray[np.int64]
        Shape (n, longest).
    rng : numpy.random.Generator
        Source of the order.

    Returns
    -------
    NDArray[np.int64]
        Shape (n, longest).
    """
    keys = np.where(tokens > 0, rng.random(tokens.shape), 2.0)
    return np.take_along_axis(tokens, np.argsort(keys, axis=1), axis=1)
