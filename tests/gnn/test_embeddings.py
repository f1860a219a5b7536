import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnn.embeddings import EmbeddingStore, top_rows, unit_rows
from graph.errors import InvalidError, NotFoundError


@pytest.fixture
def store() -> EmbeddingStore:
    return EmbeddingStore(["a", "b", "c"], np.array([[1.0, 0], [0, 2], [3, 0]]))


def test_nearest_by_inner_product_and_by_cosine(store):
    query = np.array([1.0, 0.1])
    assert [name for name, _ in store.nearest(query, k=2)] == ["c", "a"]
    assert [name for name, _ in store.nearest(query, k=2, cosine=True)] == ["a", "c"]


def test_excluded_and_missing_rows_do_not_come_back(store):
    found = store.nearest(np.array([1.0, 0]), k=10, exclude=["c", "unknown"])
    assert found == [("a", 1.0), ("b", 0.0)]


def test_vector_of_an_id(store):
    np.testing.assert_array_equal(store.vector("b"), [0, 2])
    assert "b" in store
    assert "x" not in store
    with pytest.raises(NotFoundError):
        store.vector("x")


def test_saved_and_loaded(store, tmp_path):
    store.save(tmp_path / "vectors", "items")
    again = EmbeddingStore.load(tmp_path / "vectors", "items")
    assert list(again.ids) == ["a", "b", "c"]
    assert again.matrix.dtype == np.float32
    np.testing.assert_array_equal(again.matrix, store.matrix)


def test_files_that_need_unpickling_are_refused(store, tmp_path):
    store.save(tmp_path, "items")
    np.save(tmp_path / "items.vectors.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(InvalidError):
        EmbeddingStore.load(tmp_path, "items")
    with pytest.raises(InvalidError):
        EmbeddingStore.load(tmp_path, "users")


@pytest.mark.parametrize(
    ("ids", "matrix"),
    [
        (["a"], np.zeros((2, 2))),
        (["a", "a"], np.zeros((2, 2))),
        (["a", "b"], np.array([[1.0], [np.inf]])),
    ],
    ids=["too few ids", "repeated id", "infinite"],
)
def test_unusable_input_is_refused(ids, matrix):
    with pytest.raises(InvalidError):
        EmbeddingStore(ids, matrix)


@given(
    st.lists(st.lists(st.integers(-3, 3), min_size=6, max_size=6), min_size=1, max_size=4),
    st.integers(0, 8),
)
def test_top_rows_equal_a_stable_sort(rows, k):
    scores = np.array(rows, dtype=np.float32)
    expected = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    np.testing.assert_array_equal(top_rows(scores, k), expected)


def test_unit_rows_leave_zero_rows():
    np.testing.assert_allclose(unit_rows(np.array([[3.0, 4], [0, 0]])), [[0.6, 0.8], [0, 0]])
