import numpy as np

from ranking.item_block import PLACED, ItemBlock


def test_stacking_widens_with_empty_columns(random_block):
    both = ItemBlock.stacked([
        random_block(2, seed=0),
        random_block(1, seed=1, n_items=12, n_features=8),
    ])
    assert both.similar.shape == (3, 12)
    assert both.features.shape == (3, 8)
    np.testing.assert_array_equal(both.features[:2].toarray()[:, 5:], 0)
    np.testing.assert_array_equal(
        both.take(np.array([2])).similar.toarray()[0],
        random_block(1, seed=1, n_items=12).similar.toarray()[0],
    )


def test_items_are_taken_in_the_order_asked(random_block):
    block = random_block(5, seed=2)
    some = block.take(np.array([3, 0, 3]))
    np.testing.assert_array_equal(some.target, block.target[[3, 0, 3]])
    np.testing.assert_array_equal(some.features.toarray(), block.features.toarray()[[3, 0, 3]])
    assert len(some) == 3


def test_among_themselves_items_keep_the_edges_between_them(random_block):
    block, rows = random_block(9, seed=2), np.array([1, 4, 7])
    few = block.among(rows)
    expected = block.similar.toarray()[np.ix_(rows, rows)]
    np.testing.assert_array_equal(few.similar.toarray(), expected)
    np.testing.assert_array_equal(few.source, block.source[rows])


def test_without_a_word_on_it_no_item_is_new(random_block):
    block = random_block(4, seed=2)
    assert ItemBlock(
        block.similar, block.source, block.target, block.features, block.popularity
    ).new.tolist() == [0, 0, 0, 0]
    assert PLACED > 0
