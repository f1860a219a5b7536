import numpy as np
import pytest
import scipy.sparse as sp

from ranking.content import ContentFeatures
from ranking.hiding import drawn_rows, hide, is_quick, leave_out
from ranking.item_block import ItemBlock
from ranking.validation import Fold

N_USERS, N_ITEMS = 60, 40
GROUP = np.arange(N_ITEMS) % 2


@pytest.fixture
def fold():
    """Users of either group of items; every fifth event is held out."""
    rng = np.random.default_rng(0)
    liked = np.where(np.arange(N_USERS)[:, None] % 2 == GROUP, 0.6, 0.05)
    X = rng.random((N_USERS, N_ITEMS)) < liked
    held = X & (rng.random(X.shape) < 0.2)
    kept, held_out = (sp.csr_matrix(m.astype(np.float32)) for m in (X & ~held, held))
    return Fold(kept, held_out, np.flatnonzero(held_out.getnnz(axis=1)))


def learned(X):
    """Items are alike as often as they have users in common; vectors are those of the groups."""
    vectors = np.eye(2, dtype=np.float32)[GROUP] * (X.getnnz(axis=0) > 0)[:, None]
    return ItemBlock(
        sp.csr_matrix(X.T @ X, dtype=np.float32),
        vectors,
        vectors,
        sp.csr_matrix((N_ITEMS, 1), dtype=np.float32),
        np.log1p(X.getnnz(axis=0)).astype(np.float32),
    )


@pytest.mark.parametrize("anew", [True, False])
def test_nothing_is_known_of_hidden_items(fold, anew):
    draws = hide(fold, learned(fold.kept), learned if anew else None, rng=np.random.default_rng(1))
    assert len(draws) == 3
    assert len({tuple(drawn.rows) for drawn in draws}) == 3
    for drawn in draws:
        assert len(drawn.rows) == N_ITEMS // 5
        assert drawn.learned_anew == anew
        assert drawn.left[:, drawn.rows].nnz == 0
        assert drawn.known.similar[drawn.rows].nnz == drawn.known.similar[:, drawn.rows].nnz == 0
        assert not drawn.known.target[drawn.rows].any()
        assert not drawn.known.popularity[drawn.rows].any()


def test_left_out_items_have_nothing_and_all_others_keep_theirs(fold):
    whole, rows = learned(fold.kept), np.array([3, 17])
    hidden = leave_out(whole, fold.kept, rows)
    others = np.setdiff1d(np.arange(N_ITEMS), rows)
    assert not hidden.learned_anew
    assert hidden.left[:, rows].nnz == hidden.known.similar[rows].nnz == 0
    assert not hidden.known.popularity[rows].any()
    np.testing.assert_array_equal(hidden.shown[others], fold.kept.getnnz(axis=0)[others])
    np.testing.assert_array_equal(hidden.known.target[others], whole.target[others])
    np.testing.assert_array_equal(hidden.users, np.flatnonzero(hidden.left.getnnz(axis=1)))


def test_a_fifth_is_drawn():
    rows = drawn_rows(np.arange(5, 105), np.random.default_rng(0))
    assert len(rows) == 20
    assert rows.tolist() == sorted(set(rows.tolist()))
    assert 5 <= rows[0] <= rows[-1] < 105


def test_what_was_not_learned_from_is_to_be_found(fold):
    every = fold.kept + fold.held_out
    for learn, events in ((learned, every), (None, fold.held_out)):
        drawn = hide(fold, learned(fold.kept), learn, rng=np.random.default_rng(1))[0]
        users, relevant = drawn.wanted()
        np.testing.assert_array_equal(relevant, events[users][:, drawn.rows].toarray() > 0)
        assert relevant.any(axis=1).all()


def test_hidden_items_are_placed_among_their_like(fold):
    content = ContentFeatures(sp.csr_matrix(np.eye(2, dtype=np.float32)[GROUP]))
    drawn = hide(fold, learned(fold.kept), learned, rng=np.random.default_rng(2))[0]
    placed = drawn.placed(content, 0.5)
    assert np.flatnonzero(placed.new).tolist() == drawn.rows.tolist()
    np.testing.assert_array_equal(placed.target[drawn.rows].argmax(axis=1), GROUP[drawn.rows])
    assert (placed.popularity[drawn.rows] > 0).all()
    assert not drawn.known.target[drawn.rows].any()


def test_without_content_nothing_is_placed(fold):
    drawn = hide(fold, learned(fold.kept), None, rng=np.random.default_rng(2))[0]
    assert drawn.placed(ContentFeatures(sp.csr_matrix((N_ITEMS, 2))), 1.0) is None


def test_a_profile_shows_as_many_events_as_asked(fold):
    drawn = hide(fold, learned(fold.kept), None, rng=np.random.default_rng(2))[0]
    few = drawn.profiles(drawn.users, 3, np.random.default_rng(0))
    assert few.getnnz(axis=1).max() == 3
    assert drawn.profiles(drawn.users, None, np.random.default_rng(0)).nnz > few.nnz


def test_with_few_users_nothing_is_hidden(fold):
    few = Fold(fold.kept, fold.held_out, fold.users[:19])
    assert hide(few, learned(fold.kept), None, rng=np.random.default_rng(0)) == []


def test_learning_anew_is_quick_where_events_are_few(fold):
    assert is_quick(fold.kept)
    assert not is_quick(sp.random(1000, 6000, density=0.01, format="csr"))
