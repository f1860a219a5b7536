import numpy as np
import torch

from gnn.config import GraphTrainingConfig, plan_training
from gnn.model import GraphModel
from gnn.prepared import prepare
from gnn.products import sparse_operator
from gnn.sampled_batch import SampledSteps, _local

CPU = torch.device("cpu")


def test_whole_neighbourhoods_give_the_vectors_of_the_whole_graph(groups):
    config = GraphTrainingConfig(dim=8, epochs=1, propagation="sampled")
    plan = plan_training(config, groups, has_validation=False)
    generator = np.random.default_rng(0)
    ready = prepare(groups, device=CPU, generator=generator)
    model = GraphModel(torch.randn(24, 8), torch.from_numpy(ready.log_degrees))
    optimizer = torch.optim.Adam(model.parameters())
    steps = SampledSteps(model, optimizer, graph=ready, plan=plan, device=CPU)
    # 12 users and 8 items in a group: the first hop (64) takes every neighbour of the seeds, which
    # here are all users and items with events, so that nothing is left to draw at random.
    sampler, loader = steps._loader(1)
    batch = next(iter(loader))
    nodes = batch.n_id.numpy()
    factors = steps._edge_factors(batch, nodes, sampler)
    convolution = _local(batch, batch.edge_weight.numpy() * factors, len(nodes))
    with torch.no_grad():
        source, target = steps._local_vectors(nodes, convolution)
        full = model.item_vectors(sparse_operator(ready.events, CPU), None)
    items = nodes >= 36
    for local, whole in zip((source, target), full, strict=True):
        torch.testing.assert_close(local[items], whole[nodes[items] - 36])


def test_the_loss_falls(groups):
    plan = plan_training(
        GraphTrainingConfig(dim=8, epochs=1, propagation="sampled"), groups, has_validation=False
    )
    generator = np.random.default_rng(0)
    ready = prepare(groups, device=CPU, generator=generator)
    table = ready.start(8, balanced=True, generator=generator)
    model = GraphModel(torch.from_numpy(table), torch.from_numpy(ready.log_degrees))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    steps = SampledSteps(model, optimizer, graph=ready, plan=plan, device=CPU)
    steps.tune_temperature()
    losses = [steps.epoch(number) for number in range(1, 16)]
    assert losses[-1] < losses[0]
