import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ranking.similarity import (
    balanced_ease,
    common_users,
    ease,
    item_filter,
    less_popular,
    strongest,
)

EVEN = np.array([[i % 2 == j % 2 and i != j for j in range(6)] for i in range(6)])


@pytest.mark.parametrize("which", ["filter", "ease"])
def test_on_a_checkerboard_items_are_similar_to_those_of_their_colour_only(checkerboard, which):
    if which == "filter":
        S = item_filter(checkerboard, source_exponent=0.5, target_exponent=0.5).toarray()
    else:
        S = ease(checkerboard, ridge=1.0)
    assert np.all(S[EVEN] > 0)
    np.testing.assert_allclose(S[~EVEN], 0.0, atol=1e-7)
    np.testing.assert_allclose(S[EVEN], S[EVEN][0], rtol=1e-6)


def test_filter_values_follow_the_formula(checkerboard):
    # Users and items have degree 3: three common users, each worth 3^-0.5.
    S = item_filter(checkerboard, source_exponent=0.5, target_exponent=0.25).toarray()
    np.testing.assert_allclose(S[EVEN], 3 * 3**-0.5 * 3**-0.5 * 3**-0.25, rtol=1e-5)


def test_ease_solves_the_constrained_regression(checkerboard):
    # Within a colour the gram matrix is 3 J; by symmetry one weight b minimises
    # 3 (1 - 2 b)^2 + ridge 2 b^2, hence b = 6 / (12 + 2 ridge).
    S = ease(checkerboard, ridge=4.0)
    np.testing.assert_allclose(S[EVEN], 6 / (12 + 8), rtol=1e-5)


def test_balanced_ease_is_ease_of_the_scaled_events():
    # All degrees are 3: Y is X times one factor, and the ridge counts in columns of length 3 f^2.
    X = np.kron(np.eye(2), np.ones((3, 3)))
    factor = 3**-0.35
    expected = 3**-0.1 * ease(sp.csr_matrix(X * factor), ridge=4.0 * 3 * factor**2)
    S = balanced_ease(sp.csr_matrix(X), ridge=4.0)
    np.testing.assert_allclose(S, expected, rtol=1e-5)
    assert S[0, 1] > 0
    assert S[0, 3] == pytest.approx(0.0, abs=1e-7)


@pytest.mark.parametrize("kind", [np.asarray, sp.csr_matrix])
def test_popular_targets_lose_by_their_degree(kind):
    X = sp.csr_matrix(np.array([[1, 1, 0], [1, 0, 0]], dtype=np.float32))
    S = kind(np.ones((3, 3), dtype=np.float32))
    lower = less_popular(S, X, 0.5)
    assert sp.issparse(lower) == sp.issparse(S)
    dense = lower.toarray() if sp.issparse(lower) else lower
    np.testing.assert_allclose(dense, np.tile([2**-0.5, 1.0, 0.0], (3, 1)), rtol=1e-6)


def test_balanced_ease_without_events_links_nothing():
    assert not balanced_ease(sp.csr_matrix((3, 4), dtype=np.float32), ridge=1.0).any()


def test_target_exponent_lowers_popular_items():
    X = sp.csr_matrix(np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1], [1, 0, 0]], dtype=np.float32))
    flat = item_filter(X, source_exponent=0.5, target_exponent=0.0).toarray()
    steep = item_filter(X, source_exponent=0.5, target_exponent=0.5).toarray()
    assert steep[1, 0] / flat[1, 0] == pytest.approx(4**-0.5, rel=1e-5)
    assert steep[0, 2] == pytest.approx(flat[0, 2], rel=1e-5)


def test_no_item_is_its_own_neighbour_and_common_users_are_symmetric(checkerboard):
    common = common_users(checkerboard).toarray()
    np.testing.assert_array_equal(np.diag(common), 0)
    np.testing.assert_allclose(common, common.T)


def test_items_without_events_have_no_neighbours():
    X = sp.csr_matrix(np.array([[1, 1, 0], [1, 1, 0]], dtype=np.float32))
    S = item_filter(X, source_exponent=0.5, target_exponent=0.5).toarray()
    assert np.isfinite(S).all()
    assert not S[2].any()
    assert not S[:, 2].any()


@given(
    arrays.arrays(np.float32, (4, 7), elements=st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 3.0])),
    st.integers(1, 8),
)
def test_strongest_keeps_the_largest_absolute_values(matrix, k):
    kept = strongest(matrix, k)
    assert np.all(np.diff(kept.indptr) <= k)
    assert kept.has_sorted_indices
    dense = kept.toarray()
    for row, before in zip(dense, matrix, strict=True):
        expected = np.sort(np.abs(before))[::-1][:k]
        np.testing.assert_array_equal(np.sort(np.abs(row))[::-1][:k], expected)
        np.testing.assert_array_equal(row[row != 0], before[row != 0])


def test_strongest_drops_zeros_that_are_stored():
    stored = sp.csr_matrix((np.zeros(1, np.float32), ([0], [1])), shape=(1, 3))
    assert strongest(stored, 2).nnz == 0
