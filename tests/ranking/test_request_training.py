from dataclasses import replace

import numpy as np
import pytest

from graph.logged_requests import LoggedRequest
from ranking import request_training as module
from ranking.asked import Asked
from ranking.request_training import (
    Examiner,
    RequestLog,
    learn_requests,
    without_users,
)
from ranking.request_weights import USUAL, RequestWeights
from ranking.state import ServingState

NAMES = RequestWeights.names()
KIDS = ("a rainy day with my kids", "my kids are bored", "the kids want to laugh")
FEAR = ("to shiver at midnight", "we want to shiver tonight", "midnight shivers please")


def requests_of(n):
    """Half of those who ask want comedies, half of them horror films; both in other words."""
    rng = np.random.default_rng(0)
    return [
        LoggedRequest(
            f"{words[number % 3]}, {number}", (f"{side}-{rng.integers(15)}",), f"u{number % 60}"
        )
        for number in range(n)
        for side, words in [("comedy", KIDS) if number % 60 < 30 else ("horror", FEAR)]
    ]


@pytest.fixture
def state(films, worded_model, preset_films):
    return ServingState(films, worded_model, preset_films)


@pytest.fixture
def learn(films, worded_model, preset_films, use_m3):
    """Learn from requests; who is gone is noted instead of learning a model anew."""

    def call(requests, *, encoder=use_m3):
        gone = []

        def relearn(mask):
            gone.append(mask)
            return worded_model

        found = learn_requests(
            requests,
            films,
            relearn,
            preset=preset_films,
            encoder=encoder,
            rng=np.random.default_rng(0),
        )
        return found, gone

    return call


def test_what_is_not_known_is_left_out(films):
    requests = [
        LoggedRequest("a", ("comedy-0", "gone"), "u1"),
        LoggedRequest("b", ("gone",), "u1"),
        LoggedRequest("c", ("comedy-1",)),
        LoggedRequest("d", ("comedy-1",), "u1"),
    ]
    log = RequestLog.of(requests, films)
    assert [request.query for request in log.requests] == ["a", "c", "d"]
    assert log.taken.shape == (3, 34)
    assert log.taken.indices.tolist() == [films.items.find(f"comedy-{n}") for n in (0, 1, 1)]
    assert log.askers.tolist() == [0, 1, 0]


def test_few_requests_teach_the_map_but_no_weights(learn):
    found, gone = learn(requests_of(20))
    assert found.weights == USUAL
    assert len(found.asked) == 20
    assert not gone
    assert found.figures["n_requests"] == 20


def test_without_requests_nothing_is_learned(learn):
    found, _ = learn([LoggedRequest("x", ("gone",))])
    assert (found.weights, found.asked) == (USUAL, None)


def test_many_requests_teach_weights_on_those_held_out(learn, films):
    requests = requests_of(600)
    found, (gone,) = learn(requests)
    assert found.weights != USUAL
    assert found.weights.asked + found.weights.asked_similar + found.weights.asked_learned > 0
    assert len(found.asked) == 600
    assert found.figures["n_held_out"] == 10 * np.count_nonzero(gone)
    assert {name for name, out in zip(films.users.ids, gone, strict=True) if out} < {
        f"u{n}" for n in range(60)
    }
    told = found.figures["recall@10"]
    assert told["fitted weights"] > told["usual weights"]


def test_without_an_encoder_only_weights_are_learned(learn):
    found, _ = learn(requests_of(600), encoder=None)
    assert found.asked is None
    assert found.weights.semantic == pytest.approx(0.1, abs=0.1)


def test_a_case_holds_what_was_taken_first(state, use_m3):
    examiner = Examiner(state, use_m3, np.random.default_rng(0))
    taken = np.array([state.item_row("comedy-3"), state.item_row("horror-4")])
    case = examiner.case("comedies like Comedy 4 Picture, no horror", taken)
    assert case.n_taken == 1
    assert case.features.shape == (len(case.stands_for), len(NAMES))
    wanted = {name: case.features[0, NAMES.index(name)] for name in NAMES}
    assert wanted["share"] == pytest.approx(1.0)
    assert wanted["entities"] > 0
    assert wanted["asked"] == 0
    popularity = state.scorer.items(taken[:1]).popularity[0] / state.model.gate.scales[3]
    assert wanted["popularity"] == pytest.approx(popularity, rel=1e-5)
    n_excluded = len(state.items_with("Genre:Horror"))
    assert len(case.stands_for) == state.n_items - n_excluded - 1  # Comedy 4 is spoken of.
    assert examiner.case("no horror", taken[1:]) is None


def test_others_drawn_at_random_stand_for_the_rest(state, use_m3, monkeypatch):
    monkeypatch.setattr(module, "_HARD", 3)
    monkeypatch.setattr(module, "_RANDOM", 5)
    examiner = Examiner(state, use_m3, np.random.default_rng(0))
    case = examiner.case("comedy", np.array([state.item_row("comedy-3")]))
    assert case.stands_for.tolist() == [1.0] * 4 + [(34 - 1 - 3) / 5] * 5


def test_the_scores_that_are_fitted_are_those_that_are_served(state, use_m3):
    """A case is made of the same parts as an answer, so its weighted sum orders alike."""
    from ranking.question import approximate, ask

    asked = Asked.fit(
        use_m3.encode(list(KIDS)), RequestLog.of(requests_of(3), state.snapshot).taken
    )
    weights = RequestWeights(0.4, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    state.asked, state.request_weights = asked, weights
    examiner = Examiner(state, use_m3, np.random.default_rng(0))
    text = "funny things for kids like Comedy 4 Picture"
    understood = module.understand(text, examiner._linker)
    heard = module.hear(state, understood, text, use_m3)
    plain = module.known(state, understood=understood)
    features = examiner._features(plain, heard)
    served = approximate(state, ask(state, text=text, understood=understood, encoder=use_m3))
    fitted = features @ module.vector_of(weights)
    ratio = np.ptp(served) / np.ptp(fitted)
    np.testing.assert_allclose(served - served[0], ratio * (fitted - fitted[0]), atol=2e-3)


def test_users_who_are_gone_keep_their_rows(films):
    gone = np.zeros(len(films.users), dtype=bool)
    gone[[0, 5]] = True
    left = without_users(films.events, gone)
    assert len(left.indptr) == len(films.events.indptr)
    assert len(left) == len(films.events) - 22
    for user in (0, 1, 5, 6):
        n_before = films.events.indptr[user + 1] - films.events.indptr[user]
        n_left = left.indptr[user + 1] - left.indptr[user]
        assert n_left == (0 if gone[user] else n_before)
    part = slice(left.indptr[6], left.indptr[7])
    before = slice(films.events.indptr[6], films.events.indptr[7])
    np.testing.assert_array_equal(left.items[part], films.events.items[before])
    assert replace(films, events=left).events is left
