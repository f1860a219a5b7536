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
    assert rest.stored.tolist() == summands.stored[kept].tolist()
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
    passed_on = (summands.kinds == LEARNED) & (summands.through >= 0)
    speaks = (summands.values > 0) & ~passed_on
    expected = speaks & (~learned | (summands.sources % 2 == 1))
    assert summands.showable.tolist() == np.flatnonzero(expected).tolist()
    assert every.showable.tolist() == np.flatnonzero(speaks).tolist()
    assert 0 < len(summands.showable) < len(every.showable)


def test_what_the_network_passed_on_goes_through_the_closest_item_of_the_user(state):
    question, summands = summands_of(state, "horror-3")
    passed_on = (summands.kinds == LEARNED) & (summands.through >= 0)
    assert passed_on.any()
    assert (summands.values[passed_on] > 0).all()
    through = summands.through[passed_on].tolist()
    assert len(set(through)) == len(through)
    assert {state.features.feature(c)[1] for c in through} >= {"Person:Dorian Vance"}
    row = state.item_row("horror-3")
    columns, vectors = state.scorer.passed_on.to(row, state.attributes.matrix[[row]].indices)
    sources = state.scorer.vectors(question.profile.rows).astype(float)
    near = (question.profile.weights[:, None] * sources) @ vectors.T
    for column, source in zip(through, summands.sources[passed_on].tolist(), strict=True):
        closest = question.profile.rows[near[:, columns.tolist().index(column)].argmax()]
        assert source == closest
