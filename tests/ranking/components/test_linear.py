import numpy as np
import pytest
import scipy.optimize
import scipy.sparse as sp

from ranking.components.linear import Problem


@pytest.fixture(scope="module")
def X():
    return sp.csr_matrix((np.random.default_rng(1).random((60, 8)) < 0.4).astype(np.float32))


def test_the_weights_minimise_the_objective(X):
    lasso, ridge = 0.5, 3.0
    found = Problem(X).solve(lasso=lasso, ridge=ridge).toarray()
    dense = X.toarray().astype(np.float64)

    def objective(weights, target):
        error = dense[:, target] - dense @ weights
        return (error @ error + ridge * weights @ weights) / 2 + lasso * weights.sum()

    for target in range(8):
        bounds = [(0, 0) if item == target else (0, None) for item in range(8)]
        best = scipy.optimize.minimize(objective, np.zeros(8), args=(target,), bounds=bounds)
        assert objective(found[:, target], target) == pytest.approx(best.fun, rel=1e-5)


def test_weights_are_not_negative_and_no_item_explains_itself(X):
    found = Problem(X).solve(lasso=0.1, ridge=10.0)
    assert found.data.min() > 0
    assert not found.diagonal().any()


def test_a_high_lasso_leaves_nothing(X):
    assert Problem(X).solve(lasso=1e6, ridge=1.0).nnz == 0
