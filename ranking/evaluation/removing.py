"""Asks again without some of a user's events, as if they had never happened.

The history of one user in the memory of a recommender is shortened and put back afterwards; the
answer in between is the answer that the same recommender gives after the events are really deleted.
Nothing is written to a store.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ranking.domain import Query
from ranking.pipeline import Recommender
from ranking.profile import History
from ranking.question import ask, exact
from ranking.state import ServingState

FloatArray = NDArray[np.float64]


class Removals:
    """Scores and lists of one user without some of the user's events.

    Parameters
    ----------
    recommender : Recommender
        Who is asked; nobody else may ask it meanwhile.
    user_id : str
        A user who has events.
    items : Sequence of str
        Ids of the items whose scores and places are watched.
    k : int
        Length of the list.
    """

    def __init__(
        self, recommender: Recommender, user_id: str, items: Sequence[str], *, k: int = 10
    ) -> None:
        state = recommender.state
        self._recommender, self._user_id, self._k = recommender, user_id, k
        self._items = tuple(items)
        self._rows = np.array([state.item_row(item_id) for item_id in items], dtype=np.int64)
        history = state.history(user_id)
        self.events = tuple(state.item(row).id for row in history.items) if history else ()
        self._scores: dict[frozenset[str], FloatArray] = {}
        self._left: dict[frozenset[str], NDArray[np.bool_]] = {}

    @property
    def n_items(self) -> int:
        """Number of watched items."""
        return len(self._items)

    def scores(self, removed: Collection[str] = ()) -> FloatArray:
        """Return the scores of the watched items without some events.

        Parameters
        ----------
        removed : Collection of str
            Items of the events that are left out.

        Returns
        -------
        FloatArray
            Shape (n_items,).
        """
        key = frozenset(removed)
        if key not in self._scores:
            with without_events(self._recommender.state, self._user_id, key) as state:
                question = ask(state, user_id=self._user_id)
                self._scores[key] = exact(state, question, self._rows).sum(axis=1)
        return self._scores[key]

    def left_list(self, removed: Collection[str]) -> NDArray[np.bool_]:
        """Tell which watched items are not in the user's list any more without some events.

        Parameters
        ----------
        removed : Collection of str
            Items of the events that are left out. They do not come into the list themselves, so
            that an item leaves it only if its score falls below that of others.

        Returns
        -------
        NDArray[np.bool_]
            Shape (n_items,).
        """
        key = frozenset(removed)
        if key not in self._left:
            query = Query(user_id=self._user_id, k=self._k, exclude=key)
            with without_events(self._recommender.state, self._user_id, key):
                found = {item.item_id for item in self._recommender.recommend(query).items}
            self._left[key] = np.array([item_id not in found for item_id in self._items])
        return self._left[key]

    def draws(self, n: int, k: int, rng: np.random.Generator) -> list[frozenset[str]]:
        """Draw events to leave out.

        Parameters
        ----------
        n : int
            How many draws.
        k : int
            Events of each, without repetition; all that the user has, if fewer.
        rng : numpy.random.Generator
            Source of the draws.

        Returns
        -------
        list of frozenset of str
            Items of the events.
        """
        k = min(k, len(self.events))
        return [frozenset(rng.choice(self.events, k, replace=False).tolist()) for _ in range(n)]


@contextmanager
def without_events(
    state: ServingState, user_id: str, removed: Collection[str]
) -> Iterator[ServingState]:
    """Let a user have no events on some items while the block runs.

    Parameters
    ----------
    state : ServingState
        What is asked.
    user_id : str
        A user that is known.
    removed : Collection of str
        Ids of the items.

    Yields
    ------
    ServingState
        The same, with the shorter history.
    """
    row = state.find_user(user_id)
    if row is None:
        yield state
        return
    history = state.histories.of(row)
    found = [state.find_item(item_id) for item_id in removed]
    gone = np.array([item for item in found if item is not None], dtype=np.int64)
    kept = ~np.isin(history.items, gone)
    parts: Any = (history.items[kept], history.strengths[kept], history.times[kept])
    state.histories.replace(row, History(*parts))
    try:
        yield state
    finally:
        state.histories.replace(row, history)
