import numpy as np
import pytest
import scipy.sparse as sp

from ranking.fusion import Gate
from ranking.item_block import ItemBlock
from ranking.reasons import strongest_paths, with_reasons
from ranking.scoring import Scorer
from ranking.trial import Trial

GATE = Gate((1.0,), np.array([[1.0, 0.5, 0.0, 0.1]]), np.array([1.0, 2.0, 4.0, 1.0]), np.zeros(4))
BEST = np.array([1.0, 0.2, 0.05, 0.1])


def test_the_strongest_path_of_each_component_is_that_of_an_explanation():
    rng = np.random.default_rng(0)
    similar, features = rng.random((6, 6)), rng.random((6, 4))
    source, target = rng.normal(size=(2, 6, 3)).astype(np.float32)
    sparse = (sp.csr_matrix(m.astype(np.float32)) for m in (similar, features))
    known, shared = sparse
    block = ItemBlock(known, source, target, shared, np.zeros(6, np.float32))
    x = np.array([0.0, 2.0, 0.0, 1.0, 0.5, 0.0])
    asked = [(Scorer(block), (sp.csr_matrix(x[None]), np.array([0, 5])))]
    found = []
    for row in (0, 5):
        through = x[:, None] * features * features[row]
        each = (x * similar[row], x * (source @ target[row]) / 2.0, through / 4.0)
        found.append([max(values.max(), 0.0) for values in each])
    strongest = strongest_paths(GATE, asked)
    np.testing.assert_allclose(strongest, [*np.mean(found, axis=0), 0.0], rtol=1e-5)
    assert strongest_paths(GATE, []).tolist() == [0, 0, 0, 0]


@pytest.fixture
def flat():
    """Item graph, vectors and attributes tell the same; the prior nothing."""
    rng = np.random.default_rng(2)
    relevant = rng.random((300, 60)) < 0.1
    relevant[:, 0] = True
    told = relevant + 0.5 * rng.normal(size=(300, 60))
    noisy = relevant + 1.5 * rng.normal(size=(300, 60))
    scores = np.stack([told, told, told, noisy]).astype(np.float32)
    return Trial(scores, relevant, relevant.sum(axis=1))


def test_where_it_costs_nothing_all_kinds_get_about_as_strong(flat):
    strongest = np.array([3.0, 1.0, 1.0, 0.0])
    found = with_reasons(flat, BEST, strongest, worth=0.01)
    paths = (found * strongest)[:3]
    assert paths.min() > 0.7 * paths.max()
    assert found[:2].sum() == pytest.approx(1.2)
    assert found[3] == 0.1


def test_no_more_is_lost_than_reasons_are_worth(flat):
    scores = flat.scores.copy()
    scores[2] = np.random.default_rng(3).normal(size=scores[2].shape)
    trial, strongest = Trial(scores, flat.relevant, flat.n_relevant), np.array([3.0, 1.0, 1.0, 0.0])
    gains = []
    for worth in (0.0, 0.01, 0.05):
        found = with_reasons(trial, BEST, strongest, worth=worth)
        assert trial.gain(found) >= (1.0 - worth) * trial.gain(BEST)
        gains.append(found[2])
    assert gains[0] <= gains[1] < gains[2]


def test_where_there_is_nothing_to_vary_the_best_weights_stay(flat):
    alike = np.array([3.0, 1.0, 1.0, 0.0])
    without_attributes = np.array([1.0, 1.0, 0.0, 0.0])
    assert with_reasons(flat, BEST, without_attributes, worth=0.01) is BEST
    alone = np.array([0.0, 0.0, 1.0, 0.5])
    assert with_reasons(flat, alone, alike, worth=0.01) is alone
    even = np.array([1.0, 3.0, 3.0, 0.0])
    assert with_reasons(flat, even, alike, worth=0.01) is even
