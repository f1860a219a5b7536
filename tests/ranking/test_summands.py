import numpy as np
import pytest

from llm.intent import LinkedEntity, Understanding
from ranking.question import ask, exact
from ranking.score_split import Breakdown
from ranking.state import ServingState
from ranking.summands import COLLABORATIVE, KINDS, LEARNED, Summands

HORROR = LinkedEntity("Genre:Horror", "Entity", "Horror", (0, 6), 1.0, "exact")


@pytest.fixture
def state(films, balanced, preset_films):
    return ServingState(films, balanced, preset_films)


def summands_of(state, item, user_id="u40", stored=None, **asked):
    row = state.item_row(item)
    question = ask(state, user_id=user_id, **asked)
    breakdown = Breakdown(state.scorer, question.profile)
    return question, Summands.of(breakdown, row, question.request, stored)


@pytest.mark.parametrize("user", ["u40", "u0", "nobody"])
@pytest.mark.parametrize("item", ["horror-3", "comedy-3", "horror-new", "bare"])
def test_paths_sum_to_the_path_summands_of_the_score(state, user, item):
    asked = Understanding("en", (HORROR,))
    question, summands = summands_of(state, item, user, understood=asked)
    expected = exact(state, question, np.array([state.item_row(item)]))[0]
    assert summands.values.sum() == pytest.approx(expected[[0, 1, 2, 4, 5]].sum())
    for kind, place in enumerate((0, 1, 2, 4, 5)):
        assert summands.values[summands.kinds == kind].sum() == pytest.approx(expected[place])
    assert len(KINDS) == 5


def test_summands_come_by_value_without_zeros(state):
    _, summands = summands_of(state, "horror-3")
    assert np.all(np.diff(summands.values) <= 0)
    assert np.all(summands.values != 0)
    assert summands.total == pytest.approx(summands.values[summands.values > 0].sum())


def test_some_paths_can_be_left_out(state):
    _, summands = summands_of(state, "horror-3")
    rest = summands.without([0, 2])
    kept = [1, *range(3, len(summands))]
    for part in ("kinds", "sources", "through", "values"):
        assert getattr(rest, part).tolist() == getattr(summands, part)[kept].tolist()
    assert rest.stored is None
    assert len(summands.without([])) == len(summands)


class _Odd:
    """A store that holds only the edges from items of odd rows to one item."""

    def __init__(self, target):
        self.target = target

    def similar(self, sources, target_row):
        return (sources % 2 == 1) & (target_row == self.target)

    close = similar


def test_only_paths_whose_edges_are_stored_may_be_shown(state):
    _, every = summands_of(state, "horror-3")
    _, summands = summands_of(state, "horror-3", stored=_Odd(state.item_row("horror-3")))
    assert summands.values.tolist() == every.values.tolist()
    learned = np.isin(summands.kinds, [COLLABORATIVE, LEARNED])
    expected = (summands.values > 0) & (~learned | (summands.sources % 2 == 1))
    assert summands.showable.tolist() == np.flatnonzero(expected).tolist()
    assert every.showable.tolist() == np.flatnonzero(every.values > 0).tolist()
    assert 0 < len(summands.showable) < len(every.showable)
