import numpy as np
import pytest

from graph.domain import Item
from llm.intent import Constraint, LinkedEntity, Understanding
from ranking.request import (
    REQUEST_WEIGHT,
    SEMANTIC_WEIGHT,
    RequestScores,
    best_passing,
    examples_of,
    passes,
    score_request,
)
from ranking.state import ServingState

FILM = Item(
    "1", "One", attributes={"genres": ("Comedy", "Family"), "year": 1990, "color": True, "sold": ""}
)


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


def test_unwanted_entities_and_items_are_excluded(state):
    unwanted = (named("Genre:Horror"), named("comedy-0", "Item"), named("gone", "Item"))
    found = score_request(state, understood(exclude=unwanted), None, reach=1.0)
    expected = {*state.items_with("Genre:Horror").tolist(), state.item_row("comedy-0")}
    assert set(found.excluded.tolist()) == expected


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
    assert len(found.excluded) == 0


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, True),
        ({"genres": "comedy"}, True),
        ({"genres": "Horror"}, False),
        ({"genres": ("Horror", "Family")}, True),
        ({"genres": ("Horror", "War")}, False),
        ({"year": 1990}, True),
        ({"year": "1990"}, True),
        ({"min_year": 1990, "max_year": 1990}, True),
        ({"min_year": 1991}, False),
        ({"max_year": 1989.5}, False),
        ({"min_price": 3}, False),
        ({"color": True}, True),
        ({"color": False}, False),
        ({"studio": "None"}, False),
        ({"genres": "Comedy", "year": 1991}, False),
    ],
)
def test_filters(filters, expected):
    assert passes(FILM, filters, ()) is expected


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (("year", "<=", 1990), True),
        (("year", ">=", 1990), True),
        (("year", "==", 1990), True),
        (("year", "<", 1990), False),
        (("year", ">", 1990), False),
        (("price", "<=", 9), False),
        (("genres", "<=", 9), False),
        (("sold", "<=", 9), False),
    ],
)
def test_limits_are_not_met_by_what_an_item_lacks(limit, expected):
    assert passes(FILM, {}, (Constraint(*limit, (0, 1)),)) is expected


def test_the_ranking_is_walked_until_enough_items_pass(state):
    scores = np.linspace(1, 0, state.n_items).astype(np.float32)
    scores[state.item_row("comedy-2")] = -np.inf
    found = best_passing(state, scores, {"genres": "comedy"}, (), 3)
    assert [state.item(row).id for row in found.tolist()] == ["comedy-0", "comedy-1", "comedy-3"]
    late = (Constraint("year", ">=", 2001.0, (0, 1)),)
    found = best_passing(state, scores, {"genres": "comedy"}, late, 30)
    assert [state.item(row).id for row in found.tolist()] == ["comedy-new"]
    assert best_passing(state, np.full(34, -np.inf, np.float32), {"year": 1}, (), 3).shape == (0,)
