import numpy as np
import torch
from scipy.sparse import csr_matrix

from gnn.prepared import prepare, spread
from gnn.training_graph import TrainingGraph

CPU = torch.device("cpu")


def test_items_without_events_are_left_out(generator):
    events = csr_matrix(np.array([[1, 0, 1], [1, 0, 0]], dtype=np.float32))
    graph = prepare(TrainingGraph(events), device=CPU, generator=generator)
    assert graph.warm.tolist() == [0, 2]
    assert graph.strengths.shape == (2, 2)
    assert graph.attributes is None


def test_only_entities_with_two_items_connect(generator):
    events = csr_matrix(np.ones((2, 3), dtype=np.float32))
    edges = csr_matrix(np.array([[1, 1], [1, 0], [0, 0]], dtype=np.float32))
    graph = prepare(TrainingGraph(events, (("R", edges),)), device=CPU, generator=generator)
    assert graph.shared.tolist() == [0]
    assert graph.membership.toarray().tolist() == [[1, 1, 0], [1, 0, 0]]
    assert graph.attributes is not None
    assert graph.attributes.members.shape == (1, 3)


def test_spread_puts_vectors_into_their_rows():
    full = spread(np.ones((2, 3), dtype=np.float32), np.array([0, 3]), 4)
    assert full.sum(axis=1).tolist() == [3, 0, 0, 3]


def test_the_input_is_not_changed(groups, generator):
    before = groups.interactions.toarray().copy()
    prepare(groups, device=CPU, generator=generator)
    np.testing.assert_array_equal(groups.interactions.toarray(), before)
