import numpy as np
import pytest
import scipy.sparse as sp

from ranking.content import ContentFeatures
from ranking.fusion import COMPONENTS, Gate
from ranking.hiding import hide
from ranking.item_block import ItemBlock
from ranking.new_weights import fit_new_weights
from ranking.validation import Fold

N_USERS, N_ITEMS = 80, 60
GROUP = np.arange(N_ITEMS) % 2
USUAL = np.array([[1.0, 0.5, 0.0, 0.0], [1.0, 0.5, 0.0, 0.0]])
GATE = Gate((1.0, 9.0), USUAL, np.ones(4), np.zeros(4))


@pytest.fixture
def rehearsed():
    """Two tastes that attributes tell; content, and so item graph and vectors, are noise."""
    return rehearsal(np.random.default_rng(1).random((N_ITEMS, 4)))


def rehearsal(content):
    """Two tastes that attributes tell, and new items placed by some content."""
    rng = np.random.default_rng(0)
    liked = np.where(np.arange(N_USERS)[:, None] % 2 == GROUP, 0.4, 0.02)
    X = rng.random((N_USERS, N_ITEMS)) < liked
    held = X & (rng.random(X.shape) < 0.3)
    kept, held_out = (sp.csr_matrix(m.astype(np.float32)) for m in (X & ~held, held))
    vectors = rng.normal(size=(N_ITEMS, 3)).astype(np.float32)
    block = ItemBlock(
        sp.csr_matrix(kept.T @ kept, dtype=np.float32),
        vectors,
        vectors,
        sp.csr_matrix(np.eye(2, dtype=np.float32)[GROUP]),
        np.log1p(kept.getnnz(axis=0)).astype(np.float32),
    )
    fold = Fold(kept, held_out, np.flatnonzero(held_out.getnnz(axis=1)))
    draws = hide(fold, block, None, rng=rng)
    features = ContentFeatures(sp.csr_matrix(content.astype(np.float32)))
    return draws, [drawn.placed(features, 1.0) for drawn in draws]


def test_what_tells_of_new_items_leads_for_them_alone(rehearsed):
    gate = fit_new_weights(GATE, *rehearsed, rng=np.random.default_rng(0))
    attribute = COMPONENTS.index("attribute")
    assert (gate.new_weights.argmax(axis=1) == attribute).all()
    np.testing.assert_array_equal(gate.weights, USUAL)
    assert gate.new_weights.shape == USUAL.shape


def test_the_same_draws_give_the_same_weights(rehearsed):
    first, again = (
        fit_new_weights(GATE, *rehearsed, rng=np.random.default_rng(3)).new_weights
        for _ in range(2)
    )
    np.testing.assert_array_equal(first, again)


def test_too_few_users_leave_the_gate_as_it_is(rehearsed):
    draws, placed = rehearsed
    assert fit_new_weights(GATE, [], [], rng=np.random.default_rng(0)) is GATE
    lonely = [hide_all_but_ten(drawn) for drawn in draws[:1]]
    assert fit_new_weights(GATE, lonely, placed[:1], rng=np.random.default_rng(0)) is GATE


def hide_all_but_ten(drawn):
    return type(drawn)(drawn.rows, drawn.known, drawn.left, drawn.unknown, drawn.users[:10])


def test_where_content_tells_the_same_attributes_are_as_strong_a_reason():
    told = rehearsal(np.eye(2)[GROUP])
    best, varied = (
        fit_new_weights(GATE, *told, worth=worth, rng=np.random.default_rng(0)).new_weights
        for worth in (0.0, 0.02)
    )
    attribute = COMPONENTS.index("attribute")
    assert (varied[:, attribute] > best[:, attribute]).all()
