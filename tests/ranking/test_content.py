import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import ranking.content
from ranking.content import (
    ContentFeatures,
    ContentMap,
    inverse_document_frequency,
    weighted_rows,
)


def features(rows, text=None, text_weight=0.0):
    return ContentFeatures(sp.csr_matrix(np.array(rows, np.float32)), text, text_weight)


def test_an_item_like_one_anchor_is_that_anchor_shrunk_by_the_ridge():
    fitted = ContentMap.fit(features(np.eye(3)), np.array([5, 1, 2]), ridge=0.25)
    weights = fitted.weights(features([[0, 1, 0], [0, 0, 0]]))
    np.testing.assert_allclose(weights, [[0, 1 / 1.25, 0], [0, 0, 0]], atol=1e-6)


def test_anchors_of_the_same_content_share_the_weight():
    fitted = ContentMap.fit(features([[1, 0], [1, 0], [0, 1]]), np.ones(3), ridge=1.0)
    np.testing.assert_allclose(fitted.weights(features([[1, 0]])), [[1 / 3, 1 / 3, 0]], atol=1e-6)


def test_weights_solve_the_ridge_regression():
    rng = np.random.default_rng(0)
    known, new = rng.random((6, 4)), rng.random((2, 4))
    scores = rng.random((6, 3))
    fitted = ContentMap.fit(features(known), np.ones(6), ridge=0.5)
    primal = np.linalg.solve(known.T @ known + 0.5 * np.eye(4), known.T @ scores)
    found = fitted.weights(features(new)) @ scores
    np.testing.assert_allclose(found, new @ primal, rtol=1e-4)


def test_anchors_are_warm_items_with_content(monkeypatch):
    rows = [[1, 0], [0, 1], [0, 0], [1, 1], [0, 1]]
    popularity = np.array([3, 0, 9, 1, 2])
    assert ContentMap.fit(features(rows), popularity).anchors.tolist() == [0, 3, 4]
    monkeypatch.setattr(ranking.content, "MAX_ANCHORS", 2)
    assert ContentMap.fit(features(rows), popularity).anchors.tolist() == [0, 4]


def test_without_content_or_without_warm_items_there_is_no_map():
    assert ContentMap.fit(features(np.zeros((3, 2))), np.ones(3)) is None
    assert ContentMap.fit(features(np.eye(3)), np.zeros(3)) is None


def test_text_alone_is_content_where_it_has_a_weight():
    text = np.array([[1, 0], [0, 0], [0, 1]], np.float32)
    with_text = features(np.zeros((3, 2)), text, 0.5)
    fitted = ContentMap.fit(with_text, np.ones(3), ridge=0.5)
    assert fitted.anchors.tolist() == [0, 2]
    np.testing.assert_allclose(fitted.weights(with_text.rows(np.array([2]))), [[0, 0.5]])
    assert ContentMap.fit(features(np.zeros((3, 2)), text, 0.0), np.ones(3)) is None


def test_the_kernel_adds_attributes_and_weighted_text():
    text = np.array([[1, 0], [0.6, 0.8]], np.float32)
    both = features([[1, 0], [1, 0]], text, 0.5)
    np.testing.assert_allclose(both.kernel(both), [[1.5, 1.3], [1.3, 1.5]])
    np.testing.assert_allclose(both.kernel(features([[1, 0]])), [[1], [1]])


def test_a_feature_of_one_item_or_of_all_tells_nothing():
    matrix = sp.csr_matrix(np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0], [1, 0, 0]], np.float32))
    np.testing.assert_allclose(inverse_document_frequency(matrix), [0.0, np.log(2), 0.0], rtol=1e-6)


@given(arrays.arrays(np.float32, (4, 5), elements=st.floats(0, 8, width=16)))
def test_what_an_item_has_in_a_role_has_the_length_of_the_role(matrix):
    idf, role_of = np.array([0, 1, 1, 2, 2], np.float32), np.array([0, 0, 0, 1, 1])
    weighted = weighted_rows(sp.csr_matrix(matrix), idf, role_of, np.array([1.0, 0.5])).toarray()
    for role, scale in enumerate((1.0, 0.5)):
        mine = role_of == role
        has_content = (matrix[:, mine & (idf > 0)] > 0).any(axis=1)
        length = np.linalg.norm(weighted[:, mine], axis=1)
        np.testing.assert_allclose(length, has_content * scale, atol=1e-3)


def test_rows_can_be_taken_in_any_order():
    text = np.eye(3, dtype=np.float32)
    some = features(np.eye(3), text, 0.7).rows(np.array([2, 0]))
    assert some.attributes.toarray().argmax(axis=1).tolist() == [2, 0]
    assert some.text.argmax(axis=1).tolist() == [2, 0]
    assert some.text_weight == pytest.approx(0.7)


def test_of_an_item_like_one_anchor_a_shrunken_value_is_foretold():
    fitted = ContentMap.fit(features(np.eye(3)), np.ones(3), ridge=0.25)
    found = fitted.foretell(features(np.eye(3)), np.array([1.0, 2.0, 6.0]))
    np.testing.assert_allclose(found, 3.0 + np.array([-2.0, -1.0, 3.0]) / 1.25, rtol=1e-5)


def test_of_an_item_without_content_nothing_is_foretold():
    fitted = ContentMap.fit(features(np.eye(3)), np.ones(3))
    assert fitted.foretell(features(np.zeros((1, 3))), np.array([1.0, 2.0, 6.0])).tolist() == [0.0]
