import numpy as np
import pytest
import scipy.sparse as sp

from graph.domain import Item
from llm.intent import LinkedEntity, Understanding
from ranking.asked import Asked
from ranking.request import (
    RequestScores,
    examples_of,
    hear,
    weigh,
)
from ranking.request_weights import RequestWeights
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


def scored(state, asked, *weights, text="", encoder=None, unit=1.0):
    return weigh(state, hear(state, asked, text, encoder), RequestWeights(*weights), unit=unit)


def test_a_wanted_entity_tells_how_rare_and_how_sure_it_is(state):
    asked = understood(include=(named("Genre:Horror", score=0.5), named("Person:Edda Krol")))
    genre, person = hear(state, asked, "", None).wanted
    assert len(genre.rows) == 16
    assert genre.tells == pytest.approx(np.log(34 / 16) / 2)
    assert person.tells == pytest.approx(np.log(34 / len(person.rows)))
    assert person.tells > genre.tells


def test_what_half_the_catalog_has_still_tells_a_little(state):
    (wanted,) = hear(state, understood(include=(named("Country:France"),)), "", None).wanted
    assert wanted.tells == max(np.log(34 / len(wanted.rows)), 0.5)


def test_an_entity_adds_what_it_tells_and_its_share(state):
    asked = understood(include=(named("Genre:Horror"), named("Person:Edda Krol")))
    genre, person = hear(state, asked, "", None).wanted
    total = scored(state, asked, 0, 0, 2.0, 3.0, 0, unit=5.0).total(state.n_items)
    both, one = state.item_row("horror-1"), state.item_row("horror-0")
    told = genre.tells + person.tells
    assert total[both] == pytest.approx(5 * (2 * told + 3))
    assert total[one] == pytest.approx(5 * genre.tells * (2 + 3 / told))
    assert total[state.item_row("comedy-0")] == 0


def test_named_items_are_examples(state):
    asked = understood(
        include=(named("horror-2", "Item", 0.5),),
        similar_to=(named("comedy-1", "Item"), named("gone", "Item")),
    )
    assert examples_of(state, asked) == {
        state.item_row("comedy-1"): 1.0,
        state.item_row("horror-2"): 0.5,
    }
    assert hear(state, asked, "", None).wanted == ()


def test_free_text_adds_cosines_of_the_same_spread(worded_state, use_m3):
    asked = understood(free_text="a frightening house")
    semantic = scored(worded_state, asked, 0, 0, 0, 0, 0.5, encoder=use_m3).semantic
    assert semantic.std() == pytest.approx(0.5, rel=1e-4)
    horror, comedy = (
        semantic[[worded_state.item_row(f"{side}-{n}") for n in range(15)]].mean()
        for side in ("horror", "comedy")
    )
    assert horror > comedy


@pytest.mark.parametrize("case", ["no encoder", "no text", "model without text"])
def test_without_text_or_vectors_there_is_no_semantic_part(case, state, worded_state, use_m3):
    served = state if case == "model without text" else worded_state
    asked = understood(free_text=" " if case == "no text" else "fear")
    encoder = None if case == "no encoder" else use_m3
    heard = hear(served, asked, asked.free_text, encoder)
    assert heard.semantic is None
    assert not len(heard.taken[0])


def logged(state, encoder, *pairs):
    """Let requests be logged that took one item each."""
    rows = [state.item_row(item) for _, item in pairs]
    taken = sp.csr_matrix(
        (np.ones(len(rows)), (np.arange(len(rows)), rows)), shape=(len(rows), state.n_items)
    )
    state.asked = Asked.fit(encoder.encode([text for text, _ in pairs]), taken)


def test_what_those_took_who_asked_alike_is_added(worded_state, use_m3):
    logged(worded_state, use_m3, ("my kids are bored", "comedy-3"), ("rust and gears", "bare"))
    asked = scored(
        worded_state, understood(), 0, 0, 0, 0, 0, 1.0, text="something for kids", encoder=use_m3
    ).asked
    assert np.argmax(asked) == worded_state.item_row("comedy-3")
    assert asked.max() > 2 * asked[worded_state.item_row("bare")]


def test_from_what_others_took_the_walk_goes_on(worded_state, use_m3):
    logged(worded_state, use_m3, ("my kids are bored", "comedy-3"))
    heard = hear(worded_state, understood(), "kids are bored", use_m3)
    rows, weights = heard.taken
    assert rows.tolist() == [worded_state.item_row("comedy-3")]
    walked = weigh(worded_state, heard, RequestWeights.only("asked_similar"), unit=2.0).asked
    edges = worded_state.scorer.items(np.arange(worded_state.n_items)).similar
    np.testing.assert_allclose(
        walked, 2.0 * weights[0] * edges[:, rows].toarray().ravel(), rtol=1e-5
    )


def test_removed_items_lead_nowhere(worded_state, use_m3):
    logged(worded_state, use_m3, ("my kids are bored", "comedy-3"))
    worded_state.remove_item("comedy-3")
    assert scored(
        worded_state, understood(), 0, 0, 0, 0, 0, 1.0, text="bored kids", encoder=use_m3
    ).asked is None  # fmt: skip


def test_nothing_asked_adds_nothing(state):
    found = scored(state, understood(), 1, 1, 1, 1, 1, 1, 1)
    assert not found.total(state.n_items).any()
    assert not RequestScores().total(3).any()
