import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from ranking.sparse_rows import entries, mixed, products


@pytest.fixture(scope="module")
def matrix():
    return sp.random(12, 9, density=0.3, format="csr", dtype=np.float32, rng=3)


some_rows = st.lists(st.integers(0, 11), max_size=20).map(lambda rows: np.array(rows, np.int64))


@settings(deadline=None)
@given(some_rows)
def test_rows_are_mixed_as_a_dense_matrix_would_be(matrix, rows):
    weights = np.linspace(-1.0, 2.0, len(rows))
    expected = weights @ matrix.toarray()[rows].astype(float) if len(rows) else np.zeros(9)
    np.testing.assert_allclose(mixed(matrix, rows, weights), expected, atol=1e-12)


@settings(deadline=None)
@given(some_rows)
def test_rows_are_multiplied_as_a_dense_matrix_would_be(matrix, rows):
    vector = np.arange(11.0)
    expected = matrix.toarray()[rows].astype(float) @ vector[:9]
    np.testing.assert_allclose(products(matrix, rows, vector), expected, atol=1e-12)


def test_a_row_gives_the_same_bits_whichever_others_are_asked_for(matrix):
    vector = np.random.default_rng(1).random(9)
    every = products(matrix, np.arange(12), vector)
    assert all(products(matrix, np.array([row]), vector)[0] == every[row] for row in range(12))


def test_entries_come_row_after_row(matrix):
    places, lengths = entries(matrix.indptr, np.array([5, 1, 5]))
    expected = [np.arange(*matrix.indptr[row : row + 2]) for row in (5, 1, 5)]
    assert places.tolist() == np.concatenate(expected).tolist()
    assert lengths.tolist() == list(map(len, expected))


def test_no_rows_have_no_entries(matrix):
    none = np.zeros(0, np.int64)
    assert len(entries(matrix.indptr, none)[0]) == 0
    assert mixed(matrix, none, np.zeros(0)).dtype == np.float64
