from dataclasses import replace

import numpy as np
import pytest

from graph.columns import Csr, StringColumn
from ranking.alignment import align
from ranking.model import Model, TextVectors


@pytest.fixture
def old(small, preset_films):
    """A model of the items a, b and c, of which c is cold, with recognisable numbers."""
    snapshot = small(
        ["a", "b", "c"], [("a", "HAS_GENRE", "Genre:War")], [("u", "a"), ("u", "b")]
    ).snapshot()
    rows, columns = np.array([0, 1, 2]), np.array([1, 0, 0])
    return snapshot, replace(
        Model.untrained(snapshot, preset_films),
        similar=Csr.of(rows, columns, np.array([0.5, 0.25, 0.75]), (3, 3)),
        owner_is_cold=np.array([False, False, True]),
        source=np.array([[1.0], [2.0], [3.0]], np.float32),
        target=np.array([[4.0], [5.0], [6.0]], np.float32),
        text=TextVectors("some", np.eye(3, 4, dtype=np.float32)),
    )


def test_a_warm_owner_is_the_source_and_a_cold_owner_the_target_of_its_edges(old):
    aligned = align(old[1], old[0])
    # a -> b weighs 0.5, b -> a 0.25; c owns the edge from a to c.
    np.testing.assert_allclose(
        aligned.by_target.toarray(), [[0, 0.25, 0], [0.5, 0, 0], [0.75, 0, 0]]
    )
    assert len(aligned.unknown) == 0
    assert aligned.owner_is_cold.tolist() == [False, False, True]


def test_rows_follow_the_ids_into_another_order(small, old):
    newer = small(["x", "c", "b"], [("b", "HAS_GENRE", "Genre:War")], [("u", "b")])
    newer = replace(newer.snapshot(), version=99)
    aligned = align(old[1], newer)
    assert aligned.unknown.tolist() == [0]
    assert aligned.source.ravel().tolist() == [0, 3, 2]
    assert aligned.target.ravel().tolist() == [0, 6, 5]
    assert aligned.owner_is_cold.tolist() == [True, True, False]
    assert aligned.by_target.nnz == 0
    np.testing.assert_array_equal(aligned.item_text.argmax(axis=1), [0, 2, 1])
    assert not aligned.item_text[0].any()


def test_edges_between_items_that_stay_are_kept(small, old):
    newer = replace(small(["c", "a"]).snapshot(), version=99)
    np.testing.assert_allclose(align(old[1], newer).by_target.toarray(), [[0, 0.75], [0, 0]])


def test_the_arrays_of_the_model_are_not_touched(old, small):
    aligned = align(old[1], old[0])
    aligned.source[:] = -1
    aligned.item_text[:] = -1
    assert old[1].source.ravel().tolist() == [1, 2, 3]
    assert old[1].text.items[0, 0] == 1


def test_a_model_of_nothing_serves_any_snapshot(small, films, preset_films):
    empty = small([]).snapshot()
    aligned = align(Model.untrained(empty, preset_films), replace(films, version=99))
    assert aligned.unknown.tolist() == list(range(34))
    assert aligned.by_target.shape == (34, 34)
    assert aligned.item_text is None
    assert isinstance(empty.items.ids, StringColumn)
