import numpy as np
import pytest
import torch

from gnn.config import GraphTrainingConfig, plan_training
from gnn.full_batch import FullBatchSteps
from gnn.model import GraphModel
from gnn.prepared import prepare
from gnn.training_graph import TrainingGraph

CPU = torch.device("cpu")


def steps_of(graph: TrainingGraph, **settings: object) -> tuple[GraphModel, FullBatchSteps]:
    config = GraphTrainingConfig(dim=8, epochs=5, **settings)
    plan = plan_training(config, graph, has_validation=False)
    generator = np.random.default_rng(0)
    ready = prepare(graph, device=CPU, generator=generator)
    model = GraphModel(
        torch.from_numpy(ready.start(8, balanced=True, generator=generator)),
        torch.from_numpy(ready.log_degrees),
        n_entities=len(ready.shared),
        n_relations=1,
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=plan.learning_rate)
    return model, FullBatchSteps(model, optimizer, graph=ready, plan=plan, device=CPU)


@pytest.mark.parametrize("negatives", [0, 10])
def test_the_loss_falls(groups, negatives):
    _, steps = steps_of(groups, negatives=negatives, edge_drop=0.0)
    steps.tune_temperature()
    losses = [steps.epoch(number) for number in range(1, 9)]
    assert losses[-1] < losses[0]


def test_a_good_temperature_is_where_training_starts(groups):
    model, steps = steps_of(groups, edge_drop=0.0, learning_rate=1e-9)
    untuned = steps.epoch(1)
    steps.tune_temperature()
    assert model.log_temperature.item() != 0
    assert steps.epoch(1) <= untuned


def test_every_parameter_learns(groups):
    model, steps = steps_of(groups)
    before = {name: value.detach().clone() for name, value in model.named_parameters()}
    steps.epoch(1)
    for name, value in model.named_parameters():
        assert not torch.equal(before[name], value), name
