import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix, random_array

from gnn.products import (
    RelationEdges,
    ScipyOperator,
    SparseOperator,
    TorchOperator,
    multiply,
    multiply_relations,
    sparse_operator,
)

CPU = torch.device("cpu")


@pytest.fixture(params=["scipy", "torch"])
def operator(request: pytest.FixtureRequest, edges: csr_matrix) -> SparseOperator:
    return ScipyOperator(edges) if request.param == "scipy" else TorchOperator(edges, CPU)


@pytest.mark.parametrize("transposed", [False, True])
def test_product_and_gradient_equal_the_dense_ones(operator, edges, transposed):
    dense = torch.from_numpy(edges.toarray())
    dense = dense.T if transposed else dense
    x = torch.randn(dense.shape[1], 3, requires_grad=True)
    twin = x.detach().clone().requires_grad_()
    product, expected = multiply(operator, x, transposed=transposed), dense @ twin
    (product**2).sum().backward()
    (expected**2).sum().backward()
    torch.testing.assert_close(product, expected)
    torch.testing.assert_close(x.grad, twin.grad)


def test_operator_knows_its_shape(operator):
    assert operator.shape == (9, 7)


def test_cpu_uses_scipy(edges):
    assert isinstance(sparse_operator(edges, CPU), ScipyOperator)


def test_relation_product_and_both_gradients_equal_the_dense_ones(generator):
    matrices = [random_array((6, 5), density=0.5, rng=generator).tocoo() for _ in range(3)]
    relations = RelationEdges(
        np.concatenate([m.row for m in matrices]),
        np.concatenate([m.col for m in matrices]),
        np.repeat(np.arange(3), [m.nnz for m in matrices]),
        np.concatenate([m.data for m in matrices]),
        shape=(6, 5),
        device=CPU,
    )
    x, weights = torch.randn(5, 4, requires_grad=True), torch.rand(3, requires_grad=True)
    x2, weights2 = (t.detach().clone().requires_grad_() for t in (x, weights))
    stack = torch.stack([torch.from_numpy(m.toarray()).float() for m in matrices])
    product = multiply_relations(relations, weights, x)
    expected = torch.einsum("r,rij,jd->id", weights2, stack, x2)
    (product**2).sum().backward()
    (expected**2).sum().backward()
    torch.testing.assert_close(product, expected)
    torch.testing.assert_close(x.grad, x2.grad)
    torch.testing.assert_close(weights.grad, weights2.grad)


def test_large_product_does_not_depend_on_the_number_of_threads(generator):
    matrix = csr_matrix(random_array((2_000, 1_500), density=0.05, rng=generator, dtype=np.float32))
    x = torch.randn(1_500, 64)
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        one = ScipyOperator(matrix).times(x)
        torch.set_num_threads(2)
        two = ScipyOperator(matrix).times(x)
    finally:
        torch.set_num_threads(before)
    assert torch.equal(one, two)
