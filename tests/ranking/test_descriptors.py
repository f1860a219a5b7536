import numpy as np
import pytest

from graph.domain import Item
from ranking.descriptors import WORDS, Descriptors, numbers_of, words_of


def items(years, titles=None):
    return [
        Item(f"i{row}", titles[row] if titles else f"i{row}", attributes={"year": year})
        for row, year in enumerate(years)
    ]


@pytest.fixture
def years():
    return Descriptors(items(range(1950, 2000)))


def test_close_numbers_are_more_alike_than_distant_ones(years):
    for block in years.blocks:
        alike = (block @ block.T).toarray()
        assert alike[0, 1] >= alike[0, 10] >= alike[0, 40]
        assert alike[0, 1] > alike[0, 40]
        np.testing.assert_allclose(np.diag(alike), 1.0, rtol=1e-5)


def test_a_wide_bump_reaches_further(years):
    by_name = dict(zip(years.names, years.blocks, strict=True))
    narrow, wide = (
        (by_name[f"year, width {width}"] @ by_name[f"year, width {width}"].T)[0, 10]
        for width in (0.1, 1.0)
    )
    assert wide > 0.5 > narrow


def test_ranks_do_not_care_for_outliers():
    found = Descriptors(items([*range(100, 130), 10**9]))
    ranks = found.blocks[found.names.index("year, by rank")]
    assert (ranks[0] @ ranks[29].T).toarray()[0, 0] < 0.01


def test_an_item_that_comes_later_is_described_as_in_the_whole(years):
    later = years.of(Item("x", "x", attributes={"year": 1960}))
    for one, block in zip(later, years.blocks, strict=True):
        np.testing.assert_allclose(one.toarray()[0], block[10].toarray()[0], rtol=1e-6)


def test_an_item_without_the_number_has_no_features(years):
    assert all(block.nnz == 0 for block in years.of(Item("x", "x")))


def test_few_or_equal_numbers_are_left_out():
    assert Descriptors(items(range(10))).names == ()
    assert Descriptors(items([1990] * 40)).names == ()


def test_words_of_one_item_or_of_all_tell_nothing():
    found = Descriptors(items([1] * 3, ["The Red House", "The Red Sea", "The Lake"]))
    assert found.names == (WORDS,)
    np.testing.assert_allclose(found.blocks[0].toarray(), [[1.0], [1.0], [0.0]])


def test_no_items():
    assert Descriptors(()).names == ()
    assert Descriptors(()).blocks == ()


def test_numbers_are_numbers_and_years_of_dates():
    item = Item(
        "x", "x", attributes={"price": 3, "new": True, "release year": "1999-02-01", "tags": ("1",)}
    )
    assert numbers_of(item) == {"price": 3.0, "release year": 1999.0}
    assert words_of(Item("x", "Alien Alien", text="in SPACE")) == {"alien", "in", "space"}
