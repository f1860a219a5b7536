import pytest

from ranking.evaluation.causing import BINS
from ranking.evaluation.explanation_collecting import Scope, collect

SCOPE = Scope(k=3, n_draws=4, n_paths_left_out=4, n_writes=20)


@pytest.fixture
def told():
    return []


@pytest.fixture
def collected(counting, told):
    return collect(counting, ["u3", "quiet"], SCOPE, told.append)


def test_each_user_is_measured_and_progress_told(collected, told):
    assert [user.user_id for user in collected.users] == ["u3", "quiet"]
    assert collected.without_list == ()
    assert [(one.done, one.total) for one in told] == [(0, 2), (1, 2), (2, 2)]


def test_figures_of_a_user(collected):
    user = collected.users[0]
    assert user.losses.shown.shape == (len(BINS), 3)
    assert len(user.agreements) == SCOPE.n_left_out
    assert len(user.seconds) == 3
    assert user.shown.figures["coverage"] == 1.0


def test_edges_are_told_once(collected):
    shown = [edge for user in collected.users for edge in user.shown.edges]
    assert len(collected.edges) == len(set(shown)) < len(shown)


def test_answers_come_back_after_unrelated_writes(collected):
    assert collected.stable == 1.0
    assert collected.n_repeated == 2 * SCOPE.n_repeated
    assert collected.n_writes == 20


def test_somebody_to_whom_nothing_is_recommended_is_named(counting, world):
    for item in world.items:
        counting.remove_item(item.id)
    found = collect(counting, ["u3"], SCOPE)
    assert found.users == ()
    assert found.without_list == ("u3",)
