import numpy as np
from scipy.sparse import csr_matrix

from gnn.spectral import right_singular, spectral_start


def test_singular_vectors_are_those_of_the_dense_decomposition(generator):
    dense = (generator.random((40, 20)) < 0.3).astype(np.float32)
    vectors, values = right_singular(csr_matrix(dense), 5, generator=generator)
    _, expected, rotation = np.linalg.svd(dense)
    np.testing.assert_allclose(values, expected[:5], rtol=1e-3)
    overlap = np.abs(np.sum(vectors * rotation[:5].T, axis=0))
    np.testing.assert_allclose(overlap, 1, atol=2e-2)


def test_rank_is_bounded_by_the_matrix(generator):
    vectors, values = right_singular(csr_matrix(np.eye(3, 4)), 64, generator=generator)
    assert vectors.shape == (4, 3)
    assert values.shape == (3,)


def test_start_has_the_scale_that_training_expects(generator):
    dense = (generator.random((40, 20)) < 0.3).astype(np.float32)
    table = spectral_start(csr_matrix(dense), 64, 0.5, generator=generator)
    assert table.shape == (20, 64)
    assert np.sqrt(np.mean(table**2)) == np.float32(0.1) or np.isclose(np.mean(table**2), 0.01)
    assert not table[:, 20:].any()
