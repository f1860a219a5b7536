import numpy as np
import torch
from scipy.sparse import csr_matrix

from gnn.model import START_RELATION, GraphModel, normalised_events, scaled
from gnn.prepared import prepare
from gnn.products import sparse_operator
from gnn.training_graph import TrainingGraph

CPU = torch.device("cpu")


def test_item_vectors_follow_the_formula(groups, generator):
    graph = prepare(groups, device=CPU, generator=generator)
    start = torch.randn(24, 4)
    model = GraphModel(start, torch.from_numpy(graph.log_degrees), n_entities=3, n_relations=1)
    with torch.no_grad():
        model.entities.copy_(torch.randn(3, 4))
        model.exponents.copy_(torch.tensor([0.2, -0.1]))
        source, target = model.item_vectors(sparse_operator(graph.events, CPU), graph.attributes)
    events, table = graph.events.toarray(), start.numpy()
    edges = groups.attributes[0][1].toarray()
    members = edges.T / np.sqrt(edges.sum(axis=0))[:, None]
    normal = edges / np.sqrt(np.outer(edges.sum(axis=1), edges.sum(axis=0)))
    hidden = members @ table + model.entities.detach().numpy()
    z = 0.1 * table + 0.9 * events.T @ (events @ table) + START_RELATION * normal @ hidden
    log_degrees = graph.log_degrees - graph.log_degrees.mean()
    np.testing.assert_allclose(source, z * np.exp(-0.2 * log_degrees)[:, None], rtol=1e-4)
    np.testing.assert_allclose(target, z * np.exp(0.1 * log_degrees)[:, None], rtol=1e-4)


def test_relation_weights_cannot_become_negative():
    model = GraphModel(torch.zeros(2, 2), torch.zeros(2), n_entities=1, n_relations=2)
    with torch.no_grad():
        model.log_relations.fill_(-50.0)
    assert (model.relation_weights >= 0).all()


def test_the_temperature_of_the_least_loss_is_set():
    model = GraphModel(torch.zeros(2, 2), torch.zeros(2), n_entities=0, n_relations=0)
    model.tune_temperature(lambda: (model.log_temperature - 2.6) ** 2)
    assert model.log_temperature.item() == 2.5
    assert model.log_temperature.grad is None


def test_scaled_divides_by_powers_of_the_sums_and_leaves_empty_rows_empty():
    matrix = csr_matrix(np.array([[4.0, 0], [0, 0]], dtype=np.float32))
    np.testing.assert_allclose(scaled(matrix, -0.5, -0.5).toarray(), [[1, 0], [0, 0]])
    np.testing.assert_allclose(normalised_events(matrix).toarray()[0, 0], 4 * 4**-0.25 * 4**-0.5)


def test_largest_singular_value_of_the_events_is_one(groups, generator):
    graph = prepare(groups, device=CPU, generator=generator)
    assert np.isclose(np.linalg.svd(graph.events.toarray())[1][0], 1, atol=1e-3)


def test_the_scale_of_strengths_does_not_matter(groups, generator):
    larger = TrainingGraph(csr_matrix(groups.interactions * 5))
    one, other = (
        prepare(g, device=CPU, generator=np.random.default_rng(0)) for g in (groups, larger)
    )
    np.testing.assert_allclose(one.events.toarray(), other.events.toarray(), atol=1e-5)
