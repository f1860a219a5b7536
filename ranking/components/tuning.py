"""Choose the settings of a component on validation, then let it learn from all events."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.progress import Progress, ProgressCallback
from ranking.components.component import Figures, Fitted, Profiles, ScoreArray, Scores
from ranking.components.data import ComponentData
from ranking.validation import MIN_USERS, Validation

Settings = Mapping[str, Any]
_CELLS = 10_000_000


def quality(scores: Scores, data: ComponentData, *, max_users: int | None = None) -> Figures:
    """Measure a scorer that has learned from the kept events on the held-out ones.

    Parameters
    ----------
    scores : callable
        Scores all items for profiles.
    data : ComponentData
        Whose held-out events are to be found.
    max_users : int or None
        Measure on so many of the users, evenly spaced; None for all.

    Returns
    -------
    recall, ndcg : float
        Means over users at 20 places; 0 where there is nobody to measure on.
    """
    users = data.users
    if max_users is not None and len(users) > max_users:
        users = users[np.linspace(0, len(users) - 1, max_users).astype(np.int64)]
    size = max(_CELLS // max(data.X.shape[1], 1), 1)
    total = np.zeros(2)
    for start in range(0, len(users), size):
        rows = users[start : start + size]
        known, wanted = data.kept[rows], data.held_out[rows]
        one_block = Validation(known, known, wanted)
        figures = one_block.quality(partial(_scored, scores, rows))
        total += len(rows) * np.array(figures)
    recall, ndcg = total / max(len(users), 1)
    return float(recall), float(ndcg)


def _scored(scores: Scores, rows: NDArray[np.int64], weights: sp.csr_matrix) -> ScoreArray:
    return scores(Profiles(rows, weights))


def tuned(
    data: ComponentData,
    options: Sequence[Settings],
    learn: Callable[[sp.csr_matrix, Settings], Scores],
    *,
    fixed: Settings | None = None,
    progress: ProgressCallback,
) -> Fitted:
    """Try settings on the kept events, and learn from all events with the best.

    Parameters
    ----------
    data : ComponentData
        What there is to learn from.
    options : Sequence of Mapping
        Settings to try; the first holds where there is too little to choose by.
    learn : callable
        Takes strengths, shape (n_users, n_items), and settings; returns a scorer.
    fixed : Mapping or None
        Settings that are not chosen, to be told.
    progress : ProgressCallback
        Told of every try.

    Returns
    -------
    Fitted
        The scorer with its settings and the figures of all that was tried.
    """
    figures: list[Figures] = []
    notes: tuple[str, ...] = ()
    if data.enough:
        for number, option in enumerate(options):
            progress(Progress("choosing settings", number, len(options), "settings"))
            figures.append(quality(learn(data.kept, option), data))
    else:
        notes = (too_few(data),)
    best = int(np.argmax([sum(pair) for pair in figures])) if figures else 0
    progress(Progress("learning from all events", 0, 1, "stages"))
    chosen = options[best]
    return Fitted(
        learn(data.X, chosen),
        {**(fixed or {}), **chosen},
        {told(option): pair for option, pair in zip(options, figures, strict=False)},
        notes,
    )


def told(option: Settings) -> str:
    """Write settings as one line; ``"as it is"`` where there are none."""
    return ", ".join(f"{name} {value}" for name, value in option.items()) or "as it is"


def too_few(data: ComponentData) -> str:
    """Say that there is too little to choose by."""
    return f"{len(data.users)} users can be validated on, {MIN_USERS} are needed: defaults hold."
