import json
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from ranking.network import Learned, NetworkSettings, averaged, no_network, train_network

SETTINGS = NetworkSettings(epochs=4, time_budget_s=30.0, device="cpu", seed=0)


@pytest.fixture(scope="module")
def tastes():
    """Two tastes of 12 items; of each user one item is held out."""
    rng = np.random.default_rng(0)
    known, held = np.zeros((40, 24), np.float32), np.zeros((40, 24), np.float32)
    for user in range(40):
        own = rng.permutation(12)[:7] + 12 * (user % 2)
        known[user, own[:6]] = 1.0
        held[user, own[6]] = 1.0
    genre = sp.csr_matrix(np.kron(np.eye(2), np.ones((12, 1))).astype(np.float32))
    return sp.csr_matrix(known), [("HAS_GENRE:out", genre)], sp.csr_matrix(held)


def learn(tastes, held_out=True, folder=None):
    known, attributes, held = tastes
    told = []
    learned = train_network(
        known,
        attributes,
        held if held_out else None,
        settings=SETTINGS,
        progress=told.append,
        folder=folder,
    )
    return learned, told


def test_items_of_one_taste_come_close_to_each_other(tastes):
    learned, told = learn(tastes)
    closeness = learned.source @ learned.target.T
    same = np.kron(np.eye(2), np.ones((12, 12))) > 0
    assert closeness[same].mean() > closeness[~same].mean()
    assert learned.source.shape == learned.target.shape
    assert len(learned.entities) == 2
    assert 1 <= learned.best_epoch <= 4
    assert told


def test_vectors_can_be_written(tastes):
    learned, _ = learn(tastes)
    learned.source[0] = learned.target[0] = 0.0


def test_without_held_out_events_all_epochs_are_trained(tastes):
    learned, _ = learn(tastes, held_out=False)
    assert learned.report["epochs"] == 4


def test_the_report_is_plain_json(tastes):
    json.dumps(learn(tastes)[0].report, allow_nan=False)


def test_a_folder_keeps_the_state_and_gives_the_same_vectors_again(tastes, tmp_path):
    first, again = (learn(tastes, folder=tmp_path / "work")[0] for _ in range(2))
    assert (tmp_path / "work").is_dir()
    np.testing.assert_array_equal(first.source, again.source)
    np.testing.assert_array_equal(first.source, learn(tastes)[0].source)


def test_several_networks_pass_on_what_each_of_them_does(tastes):
    one = learn(tastes)[0]
    both = averaged([one, one])
    places, vectors = both.messages.of(0)
    np.testing.assert_array_equal(places, one.messages.of(0)[0])
    np.testing.assert_array_equal(vectors, np.tile(one.messages.of(0)[1], 2))
    assert averaged([one, replace(one, messages=None)]).messages is None


def test_no_network_adds_nothing():
    nothing = no_network(5, 3)
    assert nothing.source.shape == nothing.target.shape == (5, 1)
    assert nothing.entities.shape == (3, 1)
    assert not (nothing.source @ nothing.target.T).any()
    nothing.source[:] = 1.0
    assert not nothing.target.any()


def test_the_mean_of_several_scores_is_the_score_of_the_vectors_side_by_side():
    rng = np.random.default_rng(0)
    several = [
        Learned(*(rng.random((rows, dims)).astype(np.float32) for rows in (5, 5, 3)))
        for dims in (2, 4)
    ]
    joined = averaged(several)
    mean = np.mean([each.source @ each.target.T for each in several], axis=0)
    np.testing.assert_allclose(joined.source @ joined.target.T, mean, rtol=1e-5)
    assert joined.entities.shape == (3, 6)
    assert averaged(several[:1]) is several[0]
