import numpy as np
import pytest
import scipy.sparse as sp

from ranking.factors import als, item_factor_graph


@pytest.fixture(scope="module")
def tastes():
    """80 users of two tastes, 20 items each; the last item has no events."""
    rng = np.random.default_rng(0)
    X = np.zeros((80, 41), np.float32)
    for user in range(80):
        X[user, rng.permutation(20)[:8] + 20 * (user % 2)] = 1.0
    return sp.csr_matrix(X)


def test_factors_tell_the_tastes_apart(tastes):
    model = als(tastes, factors=4, regularization=1.0, alpha=10.0)
    scores = model.user_factors @ model.item_factors.T
    assert scores[::2, :20].mean() > 5 * abs(scores[::2, 20:40].mean())


def test_the_graph_links_items_of_one_taste_and_none_with_itself(tastes):
    graph = item_factor_graph(tastes)
    same = np.kron(np.eye(2), np.ones((20, 20))) > 0
    np.fill_diagonal(same, val=False)
    inside = graph[:40, :40]
    assert inside[same].mean() > 5 * abs(inside[~same].mean())
    assert not np.diag(graph).any()
    assert not graph[40].any()
    assert not graph[:, 40].any()


def test_the_order_of_users_and_items_does_not_matter(tastes):
    rng = np.random.default_rng(1)
    users, items = rng.permutation(tastes.shape[0]), rng.permutation(tastes.shape[1])
    shuffled = item_factor_graph(tastes[users][:, items].tocsr())
    expected = item_factor_graph(tastes)[items][:, items]
    np.testing.assert_allclose(shuffled, expected, atol=1e-4 * expected.max())


def test_more_users_and_items_than_factors_start_from_the_strongest_singular_vectors():
    X = sp.random_array((120, 90), density=0.2, rng=np.random.default_rng(0), dtype=np.float32)
    model = als(sp.csr_matrix(X), factors=8, regularization=1.0, alpha=5.0)
    assert model.item_factors.shape == (90, 8)
    assert np.isfinite(model.item_factors).all()
