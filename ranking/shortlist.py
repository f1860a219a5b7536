"""From the scores of all items to the few that may be shown."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ranking.columns import Columns
from ranking.copies import Copies
from ranking.domain import Query, Removal
from ranking.limits import sift
from ranking.question import Question, approximate, exact
from ranking.state import ServingState

MARGIN = 30
POOL = 100
MAX_POOL = 200
_NO_ROWS = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The items that may be shown, best first.

    Attributes
    ----------
    rows : NDArray[np.int64]
        Item rows; shape (n,).
    summands : NDArray[np.float64]
        What their scores are made of, as in :func:`ranking.question.exact`.
    n_copies : int
        How many would have been among those shown, but are copies of one that is.
    removals : tuple of Removal
        What refusals and limits of the request took away.
    """

    rows: NDArray[np.int64]
    summands: NDArray[np.float64]
    n_copies: int
    removals: tuple[Removal, ...] = ()

    @property
    def scores(self) -> NDArray[np.float64]:
        """The exact scores, highest first; shape (n,)."""
        return np.asarray(self.summands.sum(axis=1))

    def __len__(self) -> int:
        return len(self.rows)


def shortlist(
    state: ServingState,
    question: Question,
    query: Query,
    copies: Copies,
    columns: Columns,
    *,
    seen: Sequence[int] = (),
) -> Shortlist:
    """Find the best items for a question, and score them exactly.

    All items are scored in single precision; the best of them, a margin more than asked for, are
    scored again in double precision and put in the order of those scores. What is a copy of
    something better, or of something seen, is left out.

    Parameters
    ----------
    state : ServingState
        What is served.
    question : Question
        Whose scores.
    query : Query
        How many are asked for, and what may not come.
    copies : Copies
        Which items are the same thing.
    columns : Columns
        What filters and limits look at.
    seen : Sequence of int
        Rows whose copies are left out, beside those of the history.

    Returns
    -------
    Shortlist
        At most ``query.k`` items and a margin; a pool of 100 or more where the query has the list
        reordered.
    """
    scores, removals = possible(state, question, query, columns)
    wanted = _wanted(query)
    while True:
        rows = _best(scores, wanted)
        summands = exact(state, question, rows)
        order = np.argsort(-summands.sum(axis=1), kind="stable")
        places, n_copies = order, 0
        if not query.copies:
            known = [*question.history.items.tolist(), *seen]
            kept, n_copies = copies.distinct(rows[order], enough=query.k, seen=known)
            places = order[kept]
        if len(places) >= query.k or len(rows) < wanted:
            return Shortlist(rows[places], summands[places], n_copies, removals)
        wanted *= 4


def possible(
    state: ServingState, question: Question, query: Query, columns: Columns
) -> tuple[NDArray[np.float32], tuple[Removal, ...]]:
    """Score all items that may come, in single precision.

    Parameters
    ----------
    state : ServingState
        What is served.
    question : Question
        Whose scores.
    query : Query
        What may not come.
    columns : Columns
        What filters and limits look at.

    Returns
    -------
    scores : NDArray[np.float32]
        Minus infinity for an item that may not come; shape (n_items,).
    removals : tuple of Removal
        What refusals and limits of the request took away.
    """
    scores = approximate(state, question)
    scores[_hidden(state, question, query)] = -np.inf
    sifted = sift(
        state,
        columns,
        scores > -np.inf,
        filters=query.filters,
        understood=question.understood,
        enough=query.k,
    )
    scores[~sifted.kept] = -np.inf
    return scores, sifted.removals


def _wanted(query: Query) -> int:
    """Return how many items are scored exactly."""
    if query.diversity is None and not query.calibration:
        return query.k + MARGIN
    return max(query.k + MARGIN, POOL, min(2 * query.k, MAX_POOL))


def _best(scores: NDArray[np.float32], n: int) -> NDArray[np.int64]:
    """Return the rows of the best items that may come, in order of row."""
    n = min(n, len(scores))
    rows = np.argpartition(-scores, n - 1)[:n] if n else _NO_ROWS
    return np.sort(rows[scores[rows] > -np.inf])


def _hidden(state: ServingState, question: Question, query: Query) -> NDArray[np.int64]:
    """Return the rows of items that must not come."""
    excluded = [state.find_item(name) for name in query.exclude]
    return np.concatenate([
        question.history.items,
        state.removed_rows(),
        np.array([row for row in excluded if row is not None], dtype=np.int64),
    ]).astype(np.int64)
