import numpy as np
import pytest
from scipy.sparse import coo_matrix, csr_matrix

from gnn.training_graph import TrainingGraph, as_edges
from graph.errors import InvalidError


def matrix(values: list[list[float]]) -> csr_matrix:
    return csr_matrix(np.array(values, dtype=np.float32))


@pytest.mark.parametrize(
    "graph",
    [
        TrainingGraph(matrix([[0, 0]])),
        TrainingGraph(matrix([[1, -1]])),
        TrainingGraph(matrix([[1, np.nan]])),
        TrainingGraph(matrix([[1, 1]]), (("R", matrix([[1], [1], [1]])),)),
        TrainingGraph(matrix([[1, 1]]), (("R", matrix([[1], [-2]])),)),
        TrainingGraph(
            matrix([[1, 1]]), (("R", matrix([[1], [1]])), ("S", matrix([[1, 1], [1, 1]])))
        ),
    ],
    ids=["no events", "negative", "not a number", "other items", "negative edge", "other entities"],
)
def test_unusable_graphs_are_refused_with_a_way_out(graph):
    with pytest.raises(InvalidError) as caught:
        graph.check()
    assert caught.value.fix


def test_sizes():
    graph = TrainingGraph(matrix([[1, 0, 1]]), (("R", matrix([[1, 1], [0, 0], [0, 0]])),))
    graph.check()
    assert (graph.n_users, graph.n_items, graph.n_entities) == (1, 3, 2)
    assert TrainingGraph(matrix([[1]])).n_entities == 0


def test_edges_are_summed_and_zeros_dropped():
    raw = coo_matrix(([1.0, 2.0, 0.0], ([0, 0, 1], [1, 1, 0])), shape=(2, 2))
    edges = as_edges(csr_matrix(raw))
    assert edges.nnz == 1
    assert edges[0, 1] == 3
    assert edges.dtype == np.float32
