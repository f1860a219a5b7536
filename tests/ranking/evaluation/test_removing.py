import numpy as np
import pytest

from graph.domain import Interaction
from ranking.domain import Query
from ranking.evaluation.removing import Removals, without_events
from ranking.pipeline import Recommender
from ranking.what_if import Edge


@pytest.fixture
def watched(counting):
    return [item.item_id for item in counting.recommend(Query(user_id="u3", k=5)).items]


@pytest.fixture
def removals(counting, watched):
    return Removals(counting, "u3", watched, k=5)


def test_without_removal_scores_are_those_of_the_list(counting, removals):
    scores = [item.score for item in counting.recommend(Query(user_id="u3", k=5)).items]
    assert removals.scores().tolist() == pytest.approx(scores)


def test_scores_are_those_of_a_user_who_never_had_the_events(
    counting, films, balanced, preset_films, world, watched, removals
):
    gone = set(removals.events[:3])
    mine = [e for e in world.events if e.user_id == "u3" and e.item_id not in gone]
    other = Recommender(films, balanced, preset=preset_films)
    other.apply_events([Interaction("twin", e.item_id, e.type, e.value, e.at) for e in mine])
    # The twin's age and gender are unknown.
    twin = Removals(other, "twin", watched)
    known = counting.state.demographics.lift(counting.state.user("u3"))
    assert known is None
    assert removals.scores(gone) == pytest.approx(twin.scores())


def test_one_event_less_is_what_if_one_event_less(counting, watched, removals):
    event = removals.events[-1]
    answer = counting.what_if(watched[0], Query(user_id="u3"), [Edge("u3", "INTERACTED", event)])
    assert removals.scores({event})[0] == pytest.approx(answer.score_after, abs=1e-9)


def test_nothing_is_left_changed(counting, removals):
    before = counting.recommend(Query(user_id="u3", k=5))
    removals.scores(removals.events[:2])
    removals.left_list(removals.events[:2])
    assert counting.recommend(Query(user_id="u3", k=5)) == before


def test_history_is_put_back_after_an_error(counting):
    state = counting.state
    before = state.history("u3")
    with pytest.raises(RuntimeError), without_events(state, "u3", {"comedy-1"}):
        raise RuntimeError
    assert state.history("u3").items.tolist() == before.items.tolist()
    assert state.history("u3").times.tolist() == before.times.tolist()


def test_a_user_nobody_knows_has_nothing_to_remove(counting, watched):
    with without_events(counting.state, "stranger", {"comedy-1"}) as state:
        assert state is counting.state
    assert Removals(counting, "stranger", watched).events == ()


def test_no_event_gone_and_no_item_leaves(removals):
    assert not removals.left_list(()).any()


def test_removed_items_do_not_push_others_out(counting, removals, watched):
    # Without its events a comedy fan's own films would come back; they are kept out.
    left = removals.left_list(removals.events)
    query = Query(user_id="u3", k=5, exclude=frozenset(removals.events))
    with without_events(counting.state, "u3", removals.events):
        shown = [item.item_id for item in counting.recommend(query).items]
    assert left.tolist() == [item not in shown for item in watched]


def test_draws_are_events_of_the_user_each_once(removals):
    draws = removals.draws(20, 3, np.random.default_rng(0))
    assert all(len(draw) == 3 and draw <= set(removals.events) for draw in draws)
    assert len(set(draws)) > 5
    (every,) = removals.draws(1, 1000, np.random.default_rng(0))
    assert every == set(removals.events)
