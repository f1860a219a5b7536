import numpy as np
import scipy.sparse as sp

import ranking.cold
from ranking.cold import MAX_COLD_EDGES, inherit


def anchors(n_anchors=3, n_items=8, n_dims=2, seed=0):
    rng = np.random.default_rng(seed)
    similar = sp.csr_matrix(np.where(rng.random((n_anchors, n_items)) < 0.5, 1.0, 0.0), dtype=float)
    similar = similar.astype(np.float32)
    vectors = rng.normal(size=(2, n_anchors, n_dims)).astype(np.float32)
    return similar, *vectors


def test_edges_and_vectors_are_weighted_sums_of_those_of_the_anchors():
    similar, source, target = anchors()
    weights = np.array([[0.5, 0.25, 0.0], [0.0, 0.0, 2.0]], np.float32)
    placed = inherit(weights, similar, source, target)
    np.testing.assert_allclose(placed.similar.toarray(), weights @ similar.toarray(), rtol=1e-6)
    np.testing.assert_allclose(placed.source, weights @ source, rtol=1e-6)
    np.testing.assert_allclose(placed.target, weights @ target, rtol=1e-6)


def test_edges_are_placed_in_the_rows_of_the_items():
    similar, source, target = anchors()
    placed = inherit(np.eye(2, 3, dtype=np.float32), similar, source, target)
    spread = placed.spread(np.array([7, 4])).toarray()
    assert spread.shape == (8, 8)
    np.testing.assert_allclose(spread[[7, 4]], similar.toarray()[:2])
    assert not np.delete(spread, [4, 7], axis=0).any()


def test_only_the_strongest_edges_are_kept():
    similar = sp.csr_matrix(np.arange(1, 151, dtype=np.float32)[None, :])
    vector = np.ones((1, 1), np.float32)
    placed = inherit(np.ones((1, 1), np.float32), similar, vector, vector)
    assert placed.similar.nnz == MAX_COLD_EDGES
    assert placed.similar.indices.min() == 150 - MAX_COLD_EDGES


def test_blocks_change_nothing(monkeypatch):
    similar, source, target = anchors()
    weights = np.random.default_rng(1).random((7, 3)).astype(np.float32)
    whole = inherit(weights, similar, source, target).similar.toarray()
    monkeypatch.setattr(ranking.cold, "_MAX_CELLS", 2)
    np.testing.assert_allclose(inherit(weights, similar, source, target).similar.toarray(), whole)


def test_nothing_comes_of_anchors_without_edges_and_of_no_items():
    empty, source, target = sp.csr_matrix((3, 8), dtype=np.float32), *anchors()[1:]
    assert inherit(np.ones((2, 3), np.float32), empty, source, target).similar.shape == (2, 8)
    none = inherit(np.zeros((0, 3), np.float32), *anchors())
    assert none.similar.shape == (0, 8)
    assert none.source.shape == (0, 2)
