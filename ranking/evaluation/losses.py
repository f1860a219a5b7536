"""What is lost without the events behind the shown paths, beside as many random ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.domain import Path
from ranking.evaluation.causing import BINS, SHOWN_BIN, drops
from ranking.evaluation.explained import ExplainedItem, ExplainedList, linking_of
from ranking.evaluation.removing import Removals
from ranking.pipeline import Recommender

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Losses:
    """What leaving events of one user out does to the user's list.

    Attributes
    ----------
    shown : FloatArray
        Drop of each item without the events of its first k paths, for each k of
        :data:`ranking.evaluation.causing.BINS`; shape (n_bins, n_items).
    random : FloatArray
        Drop of each item without k random events of the user; shape (n_bins, n_items, n_draws).
        NaN where the user has not more than k, and in the last draws of other k than that of the
        shown paths, for which fewer are made.
    alone : FloatArray
        Share of its score that the named parts and the first k paths of each item make; shape
        (n_bins, n_items).
    left_shown : BoolArray
        Whether each item leaves the list without the events of its shown paths; shape (n_items,).
    left_random : BoolArray
        The same without as many random events; shape (n_items, n), with half of the draws, or none
        where the user has not more events than are left out.
    """

    shown: FloatArray
    random: FloatArray
    alone: FloatArray
    left_shown: BoolArray
    left_random: BoolArray


def losses_of(
    recommender: Recommender,
    listed: ExplainedList,
    *,
    n_draws: int,
    rng: np.random.Generator,
) -> Losses:
    """Leave out what is shown, and as much at random, and ask again.

    Parameters
    ----------
    recommender : Recommender
        Who is asked.
    listed : ExplainedList
        The list of one user; at least one item.
    n_draws : int
        How often as many random events are drawn as paths were asked for, and a quarter as often
        for each other k; the draws are the same for all items.
    rng : numpy.random.Generator
        Source of the draws.

    Returns
    -------
    Losses
        Drops and departures.
    """
    items = listed.items
    removals = Removals(recommender, listed.user_id, [i.item_id for i in items], k=len(items))
    before = removals.scores()
    draws = {k: removals.draws(n_draws if k == SHOWN_BIN else n_draws // 4, k, rng) for k in BINS}
    behind = [[_events(_first(item, k)) for item in items] for k in BINS]
    without = [
        [removals.scores(events)[place] for place, events in enumerate(row)] for row in behind
    ]
    random = [_random(removals, draws[k], k, n_draws) for k in BINS]
    shown = [_events(_first(item, SHOWN_BIN)) for item in items]
    more = len(removals.events) > SHOWN_BIN
    departed = [removals.left_list(events) for events in draws[SHOWN_BIN][::2]] if more else []
    return Losses(
        np.stack([drops(before, np.array(row)) for row in without]),
        np.stack([drops(before, row) for row in random]),
        np.stack([[_alone(item, k) for item in items] for k in BINS]),
        np.array([removals.left_list(events)[place] for place, events in enumerate(shown)]),
        np.stack(departed, axis=1) if departed else np.zeros((len(items), 0), dtype=np.bool_),
    )


def _random(
    removals: Removals, draws: Sequence[frozenset[str]], k: int, n_draws: int
) -> FloatArray:
    """Return the scores without each draw of k events; shape (n_items, n_draws)."""
    scores = np.full((removals.n_items, n_draws), np.nan)
    if len(removals.events) > k:
        for place, events in enumerate(draws):
            scores[:, place] = removals.scores(events)
    return scores


def _first(item: ExplainedItem, k: int) -> Sequence[Path]:
    """Return the first k paths of an explanation: the shown ones, and beyond those by value."""
    return item.paths[: _length(item, k)]


def _length(item: ExplainedItem, k: int) -> int:
    return min(k, len(item.shown)) if k <= SHOWN_BIN else k


def _alone(item: ExplainedItem, k: int) -> float:
    """Return the share of a score that its parts and its first k paths make."""
    left_out = float(item.values[_length(item, k) :].sum())
    return 1.0 - left_out / item.score if item.score > 0 else float("nan")


def _events(paths: Sequence[Path]) -> frozenset[str]:
    """Return the items of the events that paths begin with."""
    return frozenset(item for path in paths if (item := linking_of(path)) is not None)
