"""From the scores of all items to the few that may be shown."""

import numpy as np
from numpy.typing import NDArray

from ranking.domain import Query
from ranking.question import Question, approximate, exact
from ranking.request import best_passing
from ranking.state import ServingState

MARGIN = 30
_NO_ROWS = np.zeros(0, dtype=np.int64)


def shortlist(
    state: ServingState, question: Question, query: Query
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find the best items for a question, and score them exactly.

    All items are scored in single precision; the best of them, a margin more than asked for, are
    scored again in double precision and put in the order of those scores.

    Parameters
    ----------
    state : ServingState
        What is served.
    question : Question
        Whose scores.
    query : Query
        How many are asked for, and what may not come.

    Returns
    -------
    rows : NDArray[np.int64]
        Item rows, best first; shape (n,) with n at most ``query.k`` and the margin.
    summands : NDArray[np.float64]
        What their scores are made of, as in :func:`ranking.question.exact`.
    """
    scores = approximate(state, question)
    scores[_hidden(state, question, query)] = -np.inf
    limits = question.understood.constraints if question.understood else ()
    wanted = query.k + MARGIN
    if query.filters or limits:
        rows = best_passing(state, scores, query.filters, limits, wanted)
    else:
        n = min(wanted, len(scores))
        rows = np.argpartition(-scores, n - 1)[:n] if n else _NO_ROWS
    rows = np.sort(rows[scores[rows] > -np.inf])
    summands = exact(state, question, rows)
    order = np.argsort(-summands.sum(axis=1), kind="stable")
    return rows[order], summands[order]


def _hidden(state: ServingState, question: Question, query: Query) -> NDArray[np.int64]:
    """Return the rows of items that must not come."""
    excluded = [state.find_item(name) for name in query.exclude]
    return np.concatenate([
        question.history.items,
        state.removed_rows(),
        question.request.excluded,
        np.array([row for row in excluded if row is not None], dtype=np.int64),
    ]).astype(np.int64)
