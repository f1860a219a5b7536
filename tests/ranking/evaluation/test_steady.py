from dataclasses import replace

import pytest

from graph.domain import Interaction
from ranking.domain import Query
from ranking.evaluation.steady import digest, write_unrelated


@pytest.fixture
def item_id(counting):
    return counting.recommend(Query(user_id="u3", k=1)).items[0].item_id


def test_the_same_answer_has_the_same_digest(counting, item_id):
    assert digest(counting, "u3", item_id) == digest(counting, "u3", item_id)


def test_another_event_of_the_user_changes_it(counting, item_id):
    before = digest(counting, "u3", item_id)
    counting.apply_events([Interaction("u3", "horror-3", "rating", 5.0, 1.8e9)])
    assert digest(counting, "u3", item_id) != before


def test_unrelated_writes_do_not(counting, item_id):
    before = digest(counting, "u3", item_id)
    assert write_unrelated(counting, {item_id}, n=100) == 100
    assert digest(counting, "u3", item_id) == before


def test_unrelated_writes_are_really_made(counting):
    n_items = counting.state.n_items
    write_unrelated(counting, {"comedy-1"}, n=50)
    assert counting.state.n_items == n_items + 5
    history = counting.state.history("unrelated-user-0")
    assert 1 < len(history) <= 8
    assert counting.state.item_row("comedy-1") not in history.items


def test_the_version_of_the_graph_is_not_part_of_the_answer(counting, item_id):
    before = digest(counting, "u3", item_id)
    counting.advance(counting.graph_version + 7)
    assert digest(counting, "u3", item_id) == before
    assert replace(counting.explain(item_id, Query(user_id="u3")), graph_version=0)


def test_where_everything_is_to_be_avoided_there_are_no_events(counting):
    every = list(counting.state.snapshot.items.ids)
    assert write_unrelated(counting, every, n=100) == 20
