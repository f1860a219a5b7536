import numpy as np
import pytest
import scipy.sparse as sp

from ranking import asked as module
from ranking.asked import Asked


@pytest.fixture
def vectors():
    return np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)


@pytest.fixture
def taken():
    return sp.csr_matrix(np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 1, 0]], dtype=np.float32))


def test_the_weights_are_those_of_ridge_regression(vectors, taken):
    found = Asked.fit(vectors, taken, ridge=0.5)
    H, Y = vectors.astype(float), taken.toarray()
    expected = np.linalg.solve(H.T @ H + 0.5 * np.eye(2), H.T @ Y)
    for h in ([1, 0], [0.8, 0.6]):
        rows, weights = found.items(np.array(h, dtype=np.float32))
        wanted = np.array(h) @ expected
        assert rows.tolist() == np.flatnonzero(wanted > 1e-6).tolist()
        np.testing.assert_allclose(weights, wanted[rows], rtol=1e-5)


def test_the_dual_form_gives_the_same(vectors, taken):
    H = vectors.astype(float)
    dual = np.linalg.solve(H @ H.T + np.eye(3), H)
    np.testing.assert_allclose(Asked.fit(vectors, taken).influence, dual, rtol=1e-5)


def test_a_request_like_no_other_leads_nowhere(vectors, taken):
    rows, weights = Asked.fit(vectors, taken).items(np.zeros(2, dtype=np.float32))
    assert len(rows) == len(weights) == 0


def test_only_the_strongest_items_and_the_last_requests_count(vectors, taken, monkeypatch):
    monkeypatch.setattr(module, "MAX_TAKEN", 1)
    monkeypatch.setattr(module, "MAX_REQUESTS", 2)
    found = Asked.fit(vectors, taken)
    assert len(found) == 2
    rows, _ = found.items(np.array([0, 1], dtype=np.float32))
    assert rows.tolist() == [1]


def test_items_may_change_their_rows(vectors, taken):
    found = Asked.fit(vectors, taken)
    moved = found.moved(np.array([5, -1, 0, 1]), 6)
    h = np.array([1, 0.2], dtype=np.float32)
    before = dict(zip(*(part.tolist() for part in found.items(h)), strict=True))
    after = dict(zip(*(part.tolist() for part in moved.items(h)), strict=True))
    assert after == {{0: 5, 2: 0}[row]: weight for row, weight in before.items() if row != 1}


def test_it_is_kept(vectors, taken, tmp_path):
    assert Asked.load(tmp_path, 4) is None
    found = Asked.fit(vectors, taken)
    found.save(tmp_path)
    again = Asked.load(tmp_path, 4)
    h = np.array([0.3, 0.7], dtype=np.float32)
    for one, other in zip(found.items(h), again.items(h), strict=True):
        np.testing.assert_array_equal(one, other)
