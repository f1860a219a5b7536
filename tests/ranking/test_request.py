import numpy as np
import pytest

from llm.intent import LinkedEntity, Understanding
from ranking.request import (
    REQUEST_WEIGHT,
    SEMANTIC_WEIGHT,
    RequestScores,
    examples_of,
    score_request,
)
from ranking.state import ServingState


@pytest.fixture
def state(films, model, preset_films):
    return ServingState(films, model, preset_films)


@pytest.fixture
def worded_state(films, worded_model, preset_films):
    return ServingState(films, worded_model, preset_films)


def named(entity_id, kind="Entity", score=1.0):
    return LinkedEntity(entity_id, kind, entity_id, (0, 1), score, "exact")


def understood(**parts):
    return Understanding("en", **parts)


def test_one_wanted_entity_adds_its_weight_to_its_items(state):
    found = score_request(
        state, understood(include=(named("Genre:Horror", score=0.5),)), None, reach=1.0
    )
    total = found.total(state.n_items)
    rows = state.items_with("Genre:Horror")
    np.testing.assert_allclose(total[rows], REQUEST_WEIGHT / 2)
    assert np.count_nonzero(total) == len(rows) == 16


def test_several_wanted_entities_share_the_weight(state):
    wanted = (named("Genre:Horror"), named("Person:Edda Krol"))
    total = score_request(state, understood(include=wanted), None, reach=1.0).total(state.n_items)
    both, one = state.item_row("horror-1"), state.item_row("horror-0")
    assert total[both] == pytest.approx(2 * REQUEST_WEIGHT / 2**0.5)
    assert total[one] == pytest.approx(REQUEST_WEIGHT / 2**0.5)


def test_named_items_are_examples(state):
    asked = understood(
        include=(named("horror-2", "Item"),),
        similar_to=(named("comedy-1", "Item"), named("gone", "Item")),
    )
    assert examples_of(state, asked) == [state.item_row("comedy-1"), state.item_row("horror-2")]
    assert score_request(state, asked, None, reach=1.0).paths == ()


def test_the_weight_grows_with_the_reach_of_the_taste(state):
    asked = understood(include=(named("Genre:Horror"),))
    found = score_request(state, asked, None, reach=7.0)
    assert found.paths[0][2] == pytest.approx(7.0 * REQUEST_WEIGHT)


def test_free_text_adds_cosines_of_a_fixed_spread(worded_state, use_m3):
    asked = understood(free_text="a frightening house")
    semantic = score_request(worded_state, asked, use_m3, reach=1.0).semantic
    assert semantic.std() == pytest.approx(SEMANTIC_WEIGHT, rel=1e-4)
    horror, comedy = (
        semantic[[worded_state.item_row(f"{side}-{n}") for n in range(15)]].mean()
        for side in ("horror", "comedy")
    )
    assert horror > comedy


@pytest.mark.parametrize("case", ["no encoder", "no text", "model without text"])
def test_without_text_or_vectors_there_is_no_semantic_part(case, state, worded_state, use_m3):
    served = state if case == "model without text" else worded_state
    asked = understood(free_text=" " if case == "no text" else "fear")
    assert (
        score_request(served, asked, None if case == "no encoder" else use_m3, reach=1.0).semantic
        is None
    )


def test_nothing_asked_adds_nothing(state):
    found = score_request(state, understood(), None, reach=1.0)
    assert not found.total(state.n_items).any()
    assert not RequestScores().total(3).any()
