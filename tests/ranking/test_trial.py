import numpy as np
import pytest

from ranking.trial import Trial, pool, search


def trial_of(components, relevant):
    """Every item is ranked and none was seen."""
    relevant = np.asarray(relevant, dtype=bool)
    return Trial(np.asarray(components, np.float32), relevant, relevant.sum(axis=1))


def test_quality_of_known_lists():
    trial = trial_of([[[3, 2, 1], [1, 2, 3]]], [[1, 0, 0], [1, 1, 0]])
    recall, ndcg = trial.quality(np.ones(1))
    second = (1 / np.log2(3) + 1 / np.log2(4)) / (1 + 1 / np.log2(3))
    assert (recall, ndcg) == pytest.approx((1.0, (1 + second) / 2))


def test_the_search_trusts_the_component_that_tells():
    rng = np.random.default_rng(0)
    relevant = rng.random((40, 60)) < 0.05
    relevant[:, 0] = True
    noise, truth = rng.normal(size=(2, 40, 60)), relevant + 0.3 * rng.normal(size=(40, 60))
    weights = search(trial_of([noise[0], truth, noise[1]], relevant))
    assert weights[1] == weights.max()
    assert np.all(weights[[0, 2]] <= 0.2)


def test_what_cannot_be_told_from_chance_stays_as_it_was():
    rng = np.random.default_rng(1)
    relevant = rng.random((200, 60)) < 0.1
    relevant[:, 0] = True
    truth = relevant + 0.5 * rng.normal(size=(200, 60))
    trial = trial_of([truth, truth], relevant)
    assert search(trial, start=np.array([0.6, 0.4])).tolist() == [0.6, 0.4]
    noise = trial_of([truth, rng.normal(size=(200, 60))], relevant)
    assert search(noise, start=np.array([1.0, 1.0]))[1] <= 0.1


def test_only_signed_components_get_negative_weights():
    rng = np.random.default_rng(0)
    relevant = np.zeros((30, 60), dtype=bool)
    relevant[np.arange(30), rng.integers(0, 60, 30)] = True
    bad = relevant * -2.0 + rng.normal(size=(30, 60))
    good = relevant + rng.normal(size=(30, 60))
    trial = trial_of([good, bad], relevant)
    assert np.all(search(trial) >= 0)
    assert search(trial, signed=frozenset({1}))[1] < 0


def test_the_sum_is_at_least_as_good_as_each_component():
    rng = np.random.default_rng(5)
    relevant = rng.random((30, 80)) < 0.1
    relevant[:, 3] = True
    components = [relevant * 0.5 + rng.normal(size=(30, 80)) for _ in range(3)]
    trial = trial_of(components, relevant)
    assert trial.gain(search(trial)) >= max(trial.gain(unit) for unit in np.eye(3))


def test_pooling_keeps_what_ranking_needs():
    rng = np.random.default_rng(2)
    scores = rng.normal(size=(2, 20, 400)).astype(np.float32)
    seen = rng.random((20, 400)) < 0.1
    relevant = (rng.random((20, 400)) < 0.05) & ~seen
    relevant[:, 0], seen[:, 0] = True, False
    small, whole = (pool(list(scores), seen, relevant, depth=depth) for depth in (40, 400))
    assert small.scores.shape[2] == 80
    for unit in np.eye(2):
        assert small.quality(unit) == pytest.approx(whole.quality(unit))


def test_seen_items_stay_last_when_divided():
    trial = pool([np.array([[5.0, 1.0]])], np.array([[True, False]]), np.array([[False, True]]))
    divided = trial.divided(np.array([[2.0]]))
    assert divided.scores[0, 0].tolist() == [np.float32(-1e9), 0.5]


def test_joined_trials_have_the_users_of_all_and_the_width_of_the_widest():
    narrow = Trial(np.ones((1, 2, 3), np.float32), np.ones((2, 3), bool), np.array([3, 3]))
    wide = Trial(np.ones((1, 1, 5), np.float32), np.ones((1, 5), bool), np.array([5]))
    joined = Trial.joined([narrow, wide])
    assert joined.scores.shape == (1, 3, 5)
    assert joined.relevant.sum(axis=1).tolist() == [3, 3, 5]
    assert joined.scores[0, 0, 3:].max() < -1e8
    assert joined.quality(np.ones(1)) == (1.0, 1.0)
