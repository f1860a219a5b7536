import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix, hstack

from gnn.config import GraphTrainingConfig, choose_device, plan_training
from gnn.training_graph import TrainingGraph
from graph.errors import InvalidError, UnavailableError


def graph_of(n_users: int, n_items: int) -> TrainingGraph:
    rows = np.arange(max(n_users, n_items))
    ones = np.ones(len(rows), dtype=np.float32)
    shape = (n_users, n_items)
    return TrainingGraph(csr_matrix((ones, (rows % n_users, rows % n_items)), shape=shape))


def test_a_small_catalog_is_compared_whole():
    plan = plan_training(GraphTrainingConfig(), graph_of(1_000, 2_000), has_validation=True)
    assert (plan.negatives, plan.batch_users, plan.edge_drop) == (0, 125, 0.2)
    assert not plan.sampled


def test_a_large_catalog_is_compared_with_drawn_items():
    plan = plan_training(GraphTrainingConfig(), graph_of(50_000, 20_000), has_validation=True)
    assert (plan.negatives, plan.batch_users, plan.edge_drop) == (4_096, 512, 0.0)


def test_items_without_events_do_not_make_a_catalog_large():
    graph = graph_of(100, 100)
    wide = hstack([graph.interactions, csr_matrix((100, 19_900))], format="csr")
    plan = plan_training(GraphTrainingConfig(), TrainingGraph(wide), has_validation=True)
    assert plan.negatives == 0


def test_without_validation_the_number_of_epochs_is_needed():
    with pytest.raises(InvalidError, match="number of epochs"):
        plan_training(GraphTrainingConfig(), graph_of(3, 3), has_validation=False)


@pytest.mark.parametrize(
    "setting",
    [
        {"dim": 0},
        {"epochs": -1},
        {"edge_drop": 1.0},
        {"patience": 0},
        {"time_budget_s": 0.0},
        {"learning_rate": -1.0},
        {"negatives": -5},
    ],
    ids=str,
)
def test_settings_out_of_range_are_refused(setting):
    with pytest.raises(InvalidError) as caught:
        plan_training(GraphTrainingConfig(**setting), graph_of(3, 3), has_validation=True)
    assert next(iter(setting)) in caught.value.fix


def test_the_device_must_exist():
    assert choose_device("cpu") == torch.device("cpu")
    if torch.cuda.is_available():
        assert choose_device("auto").type == "cuda"
    else:
        assert choose_device("auto").type == "cpu"
        with pytest.raises(UnavailableError):
            choose_device("cuda")
