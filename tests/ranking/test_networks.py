import numpy as np
import pytest
import scipy.sparse as sp

from ranking.networks import Networks
from ranking.stages import Stages
from ranking.training_config import TrainingConfig
from ranking.validation import Fold


@pytest.fixture(scope="module")
def fold():
    """Two tastes of 12 items; of each user one item is held out."""
    rng = np.random.default_rng(0)
    known, held = np.zeros((40, 24), np.float32), np.zeros((40, 24), np.float32)
    for user in range(40):
        own = rng.permutation(12)[:7] + 12 * (user % 2)
        known[user, own[:6]] = 1.0
        held[user, own[6]] = 1.0
    return Fold(sp.csr_matrix(known), sp.csr_matrix(held), np.arange(40))


def networks_of(told, **settings):
    config = TrainingConfig(epochs=2, time_budget_s=60.0, device="cpu", **settings)
    return Networks([], 24, 0, config=config, stages=Stages(told.append), work=None)


def test_every_fold_gets_a_network_of_its_own_and_the_refit_averages_as_many(fold):
    told = []
    networks = networks_of(told)
    first = networks.choose([fold, fold])
    assert len(first) == 2
    assert not np.array_equal(first[0].source, first[1].source)
    joined = networks.refit(sp.csr_matrix(fold.kept + fold.held_out), first)
    assert joined.source.shape == (24, 2 * first[0].source.shape[1])
    names = {each.stage for each in told}
    assert {"choosing the graph network, 2 of 2", "graph network, 1 of 2"} <= names


def test_a_large_catalog_goes_on_from_the_first_training(fold, monkeypatch):
    monkeypatch.setattr("ranking.networks.LARGE_CATALOG", 3)
    networks = networks_of([])
    first = networks.choose([fold])
    refitted = networks.refit(fold.kept, first)
    assert refitted.report["epochs"] == 2
    assert refitted.source.shape == first[0].source.shape


def test_without_graph_network_vectors_add_nothing(fold):
    networks = networks_of([], graph_network=False)
    assert not networks.choose([fold])[0].source.any()
    assert not networks.refit(fold.kept, []).target.any()
