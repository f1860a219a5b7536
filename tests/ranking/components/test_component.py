import pytest

from graph.errors import UnsupportedError
from ranking.components.component import check_size, too_large
from ranking.components.ease import Ease
from ranking.components.popularity import Popularity


class Narrow(Ease):
    max_items = 3


def test_a_limit_is_told_with_both_numbers_and_a_way_out(data):
    assert too_large(Narrow(), data) == (
        "ease copes with at most 3 items that have events; here are 24."
    )
    with pytest.raises(UnsupportedError) as error:
        check_size(Narrow(), data)
    assert "item-graph" in error.value.fix


def test_what_has_no_limit_always_fits(data):
    assert not too_large(Popularity(), data)
    check_size(Ease(), data)
