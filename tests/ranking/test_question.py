from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from graph.domain import Interaction
from graph.errors import NotFoundError
from llm.intent import LinkedEntity, Understanding
from ranking.asked import Asked
from ranking.profile import ProfileRule
from ranking.question import PRIOR, SUMMANDS, approximate, ask, exact, parts_beside, parts_of
from ranking.request_weights import RequestWeights
from ranking.state import ServingState

HORROR = LinkedEntity("Genre:Horror", "Entity", "Horror", (0, 6), 1.0, "exact")
LIKE = LinkedEntity("horror-2", "Item", "Horror 2", (0, 6), 1.0, "exact")


@pytest.fixture
def state(films, model, preset_films):
    return ServingState(films, model, preset_films)


def test_a_user_is_asked_about_with_all_that_is_known(state):
    question = ask(state, user_id="u21")
    assert len(question.profile.rows) == np.count_nonzero(question.history.strengths)
    assert question.people is not None
    assert not question.is_empty


@pytest.mark.parametrize("user", [None, "nobody", "quiet"])
def test_of_strangers_nothing_is_known(state, user):
    question = ask(state, user_id=user)
    assert question.is_empty
    assert question.people is None
    scores = exact(state, question, np.arange(state.n_items))
    assert np.count_nonzero(scores.any(axis=0)) == 1
    assert scores[:, PRIOR].any()


def test_of_some_users_only_demographics_are_known(state):
    question = ask(state, user_id="quiet-f")
    assert question.is_empty
    lift = question.people[[state.item_row(f"comedy-{n}") for n in range(15)]].mean()
    drop = question.people[[state.item_row(f"horror-{n}") for n in range(15)]].mean()
    assert lift > 0 > drop


def test_what_people_like_fades_as_events_come_in(state):
    few = ask(state, user_id="quiet-f").people
    state.apply_events([Interaction("quiet-f", f"comedy-{n}", at=n) for n in range(3)])
    np.testing.assert_allclose(ask(state, user_id="quiet-f").people * 4, few, rtol=1e-5)


def test_a_session_counts_as_the_newest_events(state):
    question = ask(state, user_id="u0", session=("horror-3", "comedy-new"))
    rows = [state.item_row(name) for name in ("horror-3", "comedy-new")]
    assert question.history.items[-2:].tolist() == rows
    np.testing.assert_allclose(question.profile.weights[-2:], 1.0)
    assert len(state.history("u0")) < len(question.history)


def test_a_session_is_newer_than_everything_before(films, model, preset_films):
    fading = replace(model, rule=ProfileRule(model.rule.scales, half_life_s=86_400.0))
    state = ServingState(films, fading, preset_films)
    weights = ask(state, user_id="u0", session=("comedy-new",)).profile.weights
    assert weights[-1] == 1.0
    assert weights.max() == 1.0


def test_an_unknown_session_item_is_an_error(state):
    with pytest.raises(NotFoundError, match="nowhere"):
        ask(state, session=("nowhere",))


def test_examples_of_a_request_count_as_events(state):
    question = ask(state, understood=Understanding("en", similar_to=(LIKE,)))
    assert question.profile.rows.tolist() == [state.item_row("horror-2")]
    assert not question.is_empty


def test_removed_items_do_not_count(state):
    before = ask(state, user_id="u0")
    gone = state.item(int(before.profile.rows[0])).id
    state.remove_item(gone)
    after = ask(state, user_id="u0")
    assert after.profile.rows.tolist() == before.profile.rows[1:].tolist()
    assert after.history.items.tolist() == before.history.items.tolist()


@pytest.mark.parametrize("user", ["u0", "u25", "quiet-f", None])
@pytest.mark.parametrize("asked", [None, Understanding("en", (HORROR,), similar_to=(LIKE,))])
def test_the_fast_score_is_the_sum_of_the_exact_summands(state, user, asked):
    state.apply_events([Interaction("u0", "bare", at=2e9)])
    question = ask(state, user_id=user, understood=asked)
    summands = exact(state, question, np.arange(state.n_items))
    assert summands.shape == (state.n_items, len(SUMMANDS))
    np.testing.assert_allclose(
        approximate(state, question), summands.sum(axis=1), rtol=1e-4, atol=1e-5
    )


@pytest.fixture
def logged(films, worded_model, preset_films, use_m3):
    """A state that learned from one logged request, with weights for every part."""
    rows = [films.items.find(name) for name in ("comedy-3", "comedy-5")]
    taken = sp.csr_matrix(([1.0, 1.0], ([0, 0], rows)), shape=(1, len(films.items)))
    model = replace(
        worded_model,
        asked=Asked.fit(use_m3.encode(["my kids are bored"]), taken),
        request_weights=RequestWeights(0.4, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
    )
    return ServingState(films, model, preset_films)


WORDS = Understanding("en", (HORROR,), similar_to=(LIKE,), free_text="kids")


@pytest.mark.parametrize("user", ["u0", "quiet-f", None])
@pytest.mark.parametrize("weight", [0.0, 0.3, 0.5, 0.8, 1.0])
def test_every_part_of_a_request_adds_up(logged, use_m3, user, weight):
    logged.apply_events([Interaction("u0", "bare", at=2e9)])
    question = ask(
        logged, user_id=user, text="bored kids", understood=WORDS, encoder=use_m3,
        request_weight=weight,
    )  # fmt: skip
    summands = exact(logged, question, np.arange(logged.n_items))
    np.testing.assert_allclose(
        approximate(logged, question), summands.sum(axis=1), rtol=1e-4, atol=1e-5
    )
    for name in ("request", "semantic", "asked_alike"):
        assert summands[:, SUMMANDS.index(name)].any() == (weight > 0)


def test_a_request_that_weighs_nothing_changes_no_score(logged, use_m3):
    refused = replace(WORDS, similar_to=(), exclude=(LIKE,))
    plain = ask(logged, user_id="u0")
    asked = ask(
        logged, user_id="u0", text="kids", understood=refused, encoder=use_m3, request_weight=0.0
    )
    np.testing.assert_allclose(approximate(logged, asked), approximate(logged, plain), rtol=1e-6)
    nobody = ask(logged, text="kids", understood=refused, encoder=use_m3, request_weight=0.0)
    np.testing.assert_allclose(
        approximate(logged, nobody), approximate(logged, ask(logged)), rtol=1e-6
    )


def test_with_the_whole_weight_the_taste_does_not_count(logged, use_m3):
    asked = replace(WORDS, similar_to=())
    orders = []
    for user in ("u0", "u40", "quiet-f", None):
        question = ask(
            logged, user_id=user, text="kids", understood=asked, encoder=use_m3, request_weight=1.0
        )
        summands = exact(logged, question, np.arange(logged.n_items))
        assert not summands[:, [0, 1, 2, 6]].any()
        orders.append(np.argsort(-summands.sum(axis=1)).tolist())
    assert orders.count(orders[0]) == 4


def test_up_to_the_balance_the_request_grows_and_then_the_taste_shrinks(logged, use_m3):
    def parts(weight):
        question = ask(
            logged, user_id="u0", text="kids", understood=WORDS, encoder=use_m3,
            request_weight=weight,
        )  # fmt: skip
        own = ~np.isin(question.profile.rows, [logged.item_row("horror-2")])
        return question.request.paths[0][2], question.profile.weights[own].sum()

    (half, taste_at_half), (full, taste), (most, least) = parts(0.25), parts(0.5), parts(0.75)
    assert half == pytest.approx(full / 2)
    assert (most, taste_at_half) == (full, taste)
    assert least == pytest.approx(taste / 2)


def test_beside_a_history_the_gate_weighs_popularity(logged, use_m3):
    asked = replace(WORDS, similar_to=())
    own, stranger = (
        ask(logged, user_id=user, text="kids", understood=asked, encoder=use_m3).profile
        for user in ("u0", None)
    )
    gate = ask(logged, user_id="u0").profile.coefficients[:, PRIOR]
    np.testing.assert_array_equal(own.coefficients[:, PRIOR], gate)
    scale = logged.model.gate.scales[PRIOR]
    np.testing.assert_allclose(stranger.coefficients[:, PRIOR], 0.2 / 0.4 / scale)


@pytest.mark.parametrize("user", ["u0", "u10", "u50"])
def test_what_a_known_user_wants_comes_first_in_the_order_of_the_taste(state, user):
    asked = Understanding("en", (HORROR,))
    plain, steered = (
        approximate(state, ask(state, user_id=user, understood=one)) for one in (None, asked)
    )
    horror = np.isin(np.arange(state.n_items), state.items_with("Genre:Horror"))
    assert steered[horror].min() > steered[~horror].max()
    for side in (horror, ~horror):
        assert np.argsort(-steered[side]).tolist() == np.argsort(-plain[side]).tolist()


def test_examples_weigh_as_much_as_all_that_was_before(state):
    question = ask(state, user_id="u0", understood=Understanding("en", similar_to=(LIKE,)))
    example = question.profile.rows == state.item_row("horror-2")
    weights = question.profile.weights
    assert weights[example].sum() == pytest.approx(weights[~example].sum())


def test_an_example_counts_as_far_as_it_is_sure(state):
    unsure = replace(LIKE, score=0.25, entity_id="comedy-1")
    question = ask(state, understood=Understanding("en", similar_to=(LIKE, unsure)))
    weights = dict(zip(question.profile.rows, question.profile.weights, strict=True))
    assert weights == {state.item_row("horror-2"): 1.0, state.item_row("comedy-1"): 0.25}


def test_parts_are_named_and_sum_to_the_score():
    summands = np.array([0.5, -0.25, 1.0, 0.125, 2.0, 0.5, 0.0, 0.75, 0.0])
    parts = parts_of(summands)
    assert parts == {"paths": 3.75, "popularity": 0.125, "semantic": 0.75}
    assert sum(parts.values()) == summands.sum()
    assert parts_of(np.zeros(9)) == {"paths": 0.0, "popularity": 0.0}


@pytest.mark.parametrize("user", [None, "u21"])
def test_parts_beside_known_paths_are_those_of_all_summands(state, user):
    question = ask(state, user_id=user, understood=Understanding("en", (HORROR,)))
    for item in ("horror-3", "comedy-1"):
        row = state.item_row(item)
        parts = parts_of(exact(state, question, np.array([row]))[0])
        assert parts_beside(state, question, row, parts["paths"]) == parts
