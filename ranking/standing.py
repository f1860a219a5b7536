"""Where one item stands among all that could be recommended: the place that a list would give it.

A list scores all items in single precision and the best of them exactly. For the place of any item
the same is done around its own score: what is clearly above it counts as it is, what lies near it
is scored exactly, and of copies only the best one counts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ranking.columns import Columns
from ranking.copies import Copies
from ranking.domain import Query
from ranking.question import Question, exact
from ranking.shortlist import possible
from ranking.state import ServingState

_NEAR = 3e-5


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an item stands.

    Attributes
    ----------
    summands : NDArray[np.float64]
        What its score is made of, as in :func:`ranking.question.exact`; shape (n_summands,).
    rank : int or None
        Its place by score, from 1; None for an item that may not come, or is a copy of one that
        comes before it or was seen.
    copy_of : int or None
        Row of the item in whose stead it may not come.
    """

    summands: NDArray[np.float64]
    rank: int | None
    copy_of: int | None = None


def standing(
    state: ServingState,
    question: Question,
    query: Query,
    copies: Copies,
    columns: Columns,
    row: int,
    *,
    less: float = 0.0,
) -> Standing:
    """Find the place of an item in the list that a query would get if it were long enough.

    Parameters
    ----------
    state : ServingState
        What is served.
    question : Question
        Whose scores.
    query : Query
        What may not come.
    copies : Copies
        Which items are the same thing.
    columns : Columns
        What filters and limits look at.
    row : int
        Row of the item.
    less : float
        What the score of the item is taken to be less than it is.

    Returns
    -------
    Standing
        Of equal scores the one of the lower row comes first, as in :func:`shortlist`.
    """
    scores, _ = possible(state, question, query, columns)
    if scores[row] == -np.inf:
        return Standing(exact(state, question, np.array([row]))[0], None)
    mine = scores[row] - np.float32(less)
    near = np.float32(_NEAR * (1.0 + np.abs(scores[scores > -np.inf]).max()))
    clear = np.flatnonzero(scores > mine + near)
    close = np.flatnonzero(np.abs(scores - mine) <= near)
    twice = clear[:0] if query.copies else copies.among(clear)
    rows = np.unique(np.concatenate([close, twice, [row]]))
    summands = exact(state, question, rows)
    totals, place = summands.sum(axis=1), int(np.searchsorted(rows, row))
    totals[place] -= less
    ahead = (totals > totals[place]) | ((totals == totals[place]) & (rows < row))
    above = np.setdiff1d(np.union1d(clear, rows[ahead]), [row])
    if query.copies:
        return Standing(summands[place], len(above) + 1)
    twice = copies.among(above)
    order = np.argsort(-totals[np.searchsorted(rows, twice)], kind="stable")
    seen = question.history.items.tolist()
    kept, _ = copies.distinct(twice[order], enough=0, seen=seen)
    others = copies.of(row)
    stead = next((one for one in (*seen, *twice[order][kept].tolist()) if one in others), None)
    rank = len(above) - len(twice) + len(kept) + 1 if stead is None else None
    return Standing(summands[place], rank, stead)
