"""Rank items for many users at once, with the scores that a single request would get.

Demographics and the mixing of themes for users without events are left to single requests.

Items of equal score stand in an order drawn from their ids: always the same, and blind to the order
of the files, in which popular or old items often come first.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.presets import Preset
from graph.snapshot import Snapshot
from ranking.model import Model
from ranking.state import ServingState

RowArray = NDArray[np.int64]
ScoreArray = NDArray[np.float32]

_CELLS = 4_000_000


class BlockRanker:
    """Ranks items for blocks of users, whatever the scores are.

    Parameters
    ----------
    snapshot : Snapshot
        The graph.
    score : callable
        Takes user rows, shape (n,), and returns the scores of all items in an array of its own,
        shape (n, n_items).
    """

    def __init__(self, snapshot: Snapshot, score: Callable[[RowArray], ScoreArray]) -> None:
        self._snapshot = snapshot
        self._score = score
        self._order = tie_order(list(snapshot.items.ids))

    def top_k(
        self, user_rows: RowArray, k: int, candidates: RowArray | None = None
    ) -> tuple[RowArray, ScoreArray]:
        """Return the best items for each user, without those of the user's events.

        Parameters
        ----------
        user_rows : RowArray
            Users; shape (n,).
        k : int
            How many items to return.
        candidates : RowArray or None
            Rank only these items; None for all.

        Returns
        -------
        items : RowArray
            Best first, -1 where fewer than k are left; shape (n, k).
        scores : ScoreArray
            ``-inf`` where there is no item; shape (n, k).
        """
        items = np.full((len(user_rows), k), -1, dtype=np.int64)
        scores = np.full((len(user_rows), k), -np.inf, dtype=np.float32)
        for rows, found, values in self.blocks(user_rows, k, candidates):
            items[rows, : found.shape[1]] = found
            scores[rows, : found.shape[1]] = values
        return items, scores

    def blocks(
        self, user_rows: RowArray, k: int, candidates: RowArray | None = None
    ) -> Iterator[tuple[slice, RowArray, ScoreArray]]:
        """Rank block by block.

        Parameters
        ----------
        user_rows, k, candidates
            As in :meth:`top_k`.

        Yields
        ------
        rows : slice
            Which of the users.
        items : RowArray
            As in :meth:`top_k`, for these users; at most k columns.
        scores : ScoreArray
            Parallel to ``items``.
        """
        columns = self._order
        if candidates is not None:
            columns = columns[np.isin(columns, candidates)]
        size = max(_CELLS // max(len(self._snapshot.items), 1), 1)
        for start in range(0, len(user_rows), size):
            rows = slice(start, start + size)
            scores = self._unknown(user_rows[rows])
            places, values = best(scores[:, columns], k)
            found = np.full_like(places, -1)
            found[places >= 0] = columns[places[places >= 0]]
            yield rows, found, values

    def _unknown(self, user_rows: RowArray) -> ScoreArray:
        """Score all items for some users; those of their events get ``-inf``."""
        scores = self._score(user_rows)
        events = self._snapshot.events
        for place, user in enumerate(user_rows.tolist()):
            scores[place, events.items[events.indptr[user] : events.indptr[user + 1]]] = -np.inf
        return scores


class BatchScorer(BlockRanker):
    """Ranks items with the scores of a model.

    Parameters
    ----------
    snapshot : Snapshot
        The graph.
    model : Model
        A model of it.
    preset : Preset
        What is known of the domain.
    arrived : integer array or None
        Rows of items without events that are scored as if they had come after the training.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        model: Model,
        preset: Preset,
        *,
        arrived: NDArray[np.integer] | None = None,
    ) -> None:
        super().__init__(snapshot, self._scores)
        self._gate = model.gate
        self._state = ServingState(snapshot, model, preset)
        self._scorer = self._state.scorer
        if arrived is not None:
            self._scorer = self._scorer.with_arrived(arrived)

    def _scores(self, user_rows: RowArray) -> ScoreArray:
        """Score all items for some users."""
        return self._scorer.score_matrix(self._profiles(user_rows), self._gate)

    def _profiles(self, user_rows: RowArray) -> sp.csr_matrix:
        """Return the weights of the users' items; shape (len(user_rows), n_items)."""
        histories = self._state.histories
        profiles = [histories.of(user).profile(histories.rule) for user in user_rows.tolist()]
        indptr = np.cumsum([0, *(len(items) for items, _ in profiles)])
        return sp.csr_matrix(
            (
                np.concatenate([weights for _, weights in profiles]),
                np.concatenate([items for items, _ in profiles]),
                indptr,
            ),
            shape=(len(user_rows), len(self._snapshot.items)),
        )


def tie_order(ids: Sequence[str]) -> RowArray:
    """Return the order in which items of equal score stand: that of the hashes of their ids.

    Parameters
    ----------
    ids : Sequence[str]
        Ids of the items, all different.

    Returns
    -------
    RowArray
        Every row once; for the same ids in another order, the same ids in the same order; shape
        (len(ids),).
    """
    keys = [hashlib.blake2b(name.encode(), digest_size=8).digest() + name.encode() for name in ids]
    return np.array(sorted(range(len(ids)), key=keys.__getitem__), dtype=np.int64)


def best(scores: ScoreArray, k: int) -> tuple[RowArray, ScoreArray]:
    """Return the columns with the highest scores of each row, best first.

    Parameters
    ----------
    scores : ScoreArray
        ``-inf`` where a column must not be returned; shape (n_rows, n_columns).
    k : int
        How many to return; fewer where there are fewer columns.

    Returns
    -------
    columns : RowArray
        Of equal scores the first columns are returned, in their order; -1 where nothing is left;
        shape (n_rows, min(k, n_columns)).
    values : ScoreArray
        Parallel to ``columns``.

    Examples
    --------
    >>> best(np.array([[0.1, 0.7, -np.inf]], dtype=np.float32), 3)[0].tolist()
    [[1, 0, -1]]
    """
    k = min(k, scores.shape[1])
    columns = _highest(scores, k)
    values = np.take_along_axis(scores, columns, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    columns = np.take_along_axis(columns, order, axis=1)
    values = np.take_along_axis(values, order, axis=1)
    columns[np.isneginf(values)] = -1
    return columns, values


def _highest(scores: ScoreArray, k: int) -> RowArray:
    """Return the k highest columns of each row, ascending; of equal ones at the end the first."""
    if k == scores.shape[1]:
        return np.arange(k)[None, :].repeat(len(scores), axis=0)
    columns = np.sort(np.argpartition(-scores, k - 1, axis=1)[:, :k], axis=1)
    last = np.take_along_axis(scores, columns, axis=1).min(axis=1, initial=np.inf)
    torn = np.count_nonzero(scores >= last[:, None], axis=1) > k
    for row in np.flatnonzero(torn).tolist():
        above = np.flatnonzero(scores[row] > last[row])
        level = np.flatnonzero(scores[row] == last[row])[: k - len(above)]
        columns[row] = np.sort(np.concatenate([above, level]))
    return columns
