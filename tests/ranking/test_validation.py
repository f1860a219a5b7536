import numpy as np
import scipy.sparse as sp

import ranking.validation
from ranking.profile import EventScale, ProfileRule
from ranking.validation import Validation, hold_out


def parts():
    rng = np.random.default_rng(0)
    seen = rng.random((7, 9)) < 0.3
    held = (rng.random((7, 9)) < 0.3) & ~seen
    held[:, 0], seen[:, 0] = True, False
    return (sp.csr_matrix(part.astype(np.float32)) for part in (seen, seen, held))


def test_what_was_seen_is_not_ranked():
    seen = sp.csr_matrix(np.array([[1.0, 0, 0]], dtype=np.float32))
    held = sp.csr_matrix(np.array([[0, 1.0, 0]], dtype=np.float32))
    validation = Validation(seen, seen, held)
    # The seen item scores highest; without it the held-out item is first.
    assert validation.quality(lambda _: np.array([[9.0, 2.0, 1.0]], np.float32)) == (1.0, 1.0)
    recall, ndcg = validation.quality(lambda _: np.array([[9.0, 1.0, 2.0]], np.float32))
    assert recall == 1.0
    np.testing.assert_allclose(ndcg, 1 / np.log2(3))


def test_blocks_change_nothing(monkeypatch):
    scores = np.random.default_rng(1).random((9, 9)).astype(np.float32)

    def score(known):
        return [known @ scores, -(known @ scores)]

    whole = Validation(*parts()).trial(score)
    monkeypatch.setattr(ranking.validation, "_MAX_CELLS", 18)
    blocks = Validation(*parts()).trial(score)
    np.testing.assert_array_equal(whole.scores, blocks.scores)
    np.testing.assert_array_equal(whole.relevant, blocks.relevant)
    np.testing.assert_array_equal(whole.n_relevant, blocks.n_relevant)


def test_a_share_of_each_users_events_is_held_out():
    X = sp.csr_matrix(np.ones((40, 8), dtype=np.float32))
    rule = ProfileRule({"view": EventScale()})
    kept, held = hold_out(X, rule, share=0.25, rng=np.random.default_rng(0))
    np.testing.assert_array_equal((kept + held).toarray(), X.toarray())
    assert (held.getnnz(axis=1) == 2).all()


def test_bad_ratings_are_never_held_out():
    X = sp.csr_matrix(np.tile([0.25, 0.75, 1.0, 0.5], (40, 2)).astype(np.float32))
    rule = ProfileRule({"rating": EventScale(1.0, "linear", 1.0, 5.0)})
    _, held = hold_out(X, rule, share=0.5, rng=np.random.default_rng(0))
    assert held.data.min() == 0.75
