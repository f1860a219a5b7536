import numpy as np
import pytest
from scipy.sparse import csr_matrix

from gnn.inductive import RidgeMap, entity_vectors
from graph.errors import InvalidError


def test_a_linear_map_is_found_again(generator):
    features = generator.standard_normal((200, 5))
    truth, offset = generator.standard_normal((5, 3)), np.array([1.0, -2, 0.5])
    fitted = RidgeMap.fit(features, features @ truth + offset, ridge=1e-6)
    new = generator.standard_normal((4, 5))
    np.testing.assert_allclose(fitted(new), new @ truth + offset, atol=1e-4)


@pytest.mark.parametrize("shape", [(30, 8), (8, 30)], ids=["primal", "dual"])
def test_sparse_and_dense_features_give_the_textbook_solution(generator, shape):
    features = (generator.random(shape) < 0.4).astype(np.float32)
    vectors = generator.standard_normal((shape[0], 3))
    centred = features - features.mean(axis=0)
    weights = np.linalg.solve(
        centred.T @ centred + 2 * np.eye(shape[1]), centred.T @ (vectors - vectors.mean(axis=0))
    )
    for given in (features, csr_matrix(features)):
        fitted = RidgeMap.fit(given, vectors, ridge=2.0)
        np.testing.assert_allclose(fitted.weights, weights, atol=1e-4)
        np.testing.assert_allclose(
            fitted(given), vectors.mean(axis=0) + centred @ weights, atol=1e-4
        )


def test_an_item_without_features_of_its_own_gets_a_finite_vector(generator):
    fitted = RidgeMap.fit(csr_matrix(np.eye(4)), generator.standard_normal((4, 2)))
    assert np.isfinite(fitted(csr_matrix((1, 4)))).all()


def test_input_that_does_not_fit_is_refused():
    with pytest.raises(InvalidError):
        RidgeMap.fit(np.ones((2, 2)), np.ones((3, 2)))
    with pytest.raises(InvalidError):
        RidgeMap.fit(np.ones((0, 2)), np.ones((0, 2)))
    with pytest.raises(InvalidError):
        RidgeMap.fit(np.ones((2, 2)), np.ones((2, 2)), ridge=0)
    with pytest.raises(InvalidError):
        RidgeMap.fit(np.eye(2), np.ones((2, 2)))(np.ones((1, 3)))


def test_entities_point_to_their_own_items(generator):
    centres = 5 * np.eye(3)
    groups = np.repeat(np.arange(3), 10)
    targets = centres[groups] + generator.standard_normal((30, 3))
    membership = csr_matrix(np.eye(4, 3)[:, groups])
    vectors = entity_vectors(targets, membership)
    nearest = np.argsort(-(vectors @ targets.T), axis=1)[:, :10]
    for entity in range(3):
        assert set(groups[nearest[entity]]) == {entity}
    assert not vectors[3].any()


def test_equal_targets_and_missing_edges_give_zeros():
    assert not entity_vectors(np.ones((3, 2)), csr_matrix(np.ones((1, 3)))).any()
    assert entity_vectors(np.ones((3, 2)), csr_matrix((2, 3))).shape == (2, 2)
