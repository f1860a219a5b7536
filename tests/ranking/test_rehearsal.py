import numpy as np
import pytest

from ranking.rehearsal import LIST_LENGTH, Take


@pytest.fixture
def drawn():
    rng = np.random.default_rng(0)
    n = 200
    scores = rng.normal(size=(n, 2, LIST_LENGTH))
    scores[:, 1] -= 5.0
    relevant = np.zeros((n, 2, LIST_LENGTH), dtype=bool)
    relevant[:, 0, 0] = True
    return Take(scores, relevant, np.ones(n, dtype=int), np.full(n, 0.2), np.full(n, 10))


def test_without_gain_only_known_items_come(drawn):
    share, quality = drawn.lists(-np.inf)
    assert not share.any()
    place = (drawn.scores[:, 0] > drawn.scores[:, 0, :1]).sum(axis=1)
    np.testing.assert_allclose(quality, 1 / np.log2(place + 2))


def test_a_large_gain_fills_the_list(drawn):
    share, quality = drawn.lists(100.0)
    np.testing.assert_array_equal(share, 1.0)
    assert not quality.any()


def test_the_gain_gives_the_share_that_is_wanted(drawn):
    for wanted in (0.08, 0.5):
        share, _ = drawn.lists(drawn.gain_for(wanted))
        assert share.mean() == pytest.approx(wanted, abs=0.002)


def test_places_left_empty_count_for_nothing(drawn):
    scores = drawn.scores.copy()
    scores[:, :, 5:] = -np.inf
    scarce = Take(scores, drawn.relevant, drawn.n_relevant, drawn.warm_share, drawn.n_events)
    np.testing.assert_allclose(scarce.lists(0.0)[0], 5 / LIST_LENGTH)


def test_users_are_taken_and_joined(drawn):
    both = Take.joined([drawn.of(np.arange(50)), drawn.of(np.arange(50, 200))])
    np.testing.assert_array_equal(both.scores, drawn.scores)
    assert len(both) == 200
    assert both.typical_events == pytest.approx(10.0)
