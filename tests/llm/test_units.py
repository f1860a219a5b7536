import re

import pytest

from llm.units import SIGN, UNIT, UNITS, unit


@pytest.mark.parametrize(
    ("written", "symbol", "dimension"),
    [
        ("Minutes", "min", "time"),
        ("个小时", "h", "time"),
        ("€", "EUR", "money"),
        ("块钱", "CNY", "money"),
        ("us  dollars", "USD", "money"),
        ("公斤", "kg", "mass"),
        ("GB", "GB", "data"),
        ("颗星", "star", "rating"),
        ("码", "", "size"),
    ],
)
def test_units_by_the_ways_they_are_written(written, symbol, dimension):
    assert unit(written)[:2] == (symbol, dimension)


def test_words_that_are_no_units():
    assert unit("pages") is None
    assert unit("") is None


def test_every_surface_is_found_whole_behind_a_number():
    for surface in UNITS:
        match = re.match(f"(?:{UNIT})", f"{surface} x", re.IGNORECASE)
        assert match is not None
        assert match[0] == surface
    assert re.match(SIGN, "US$5", re.IGNORECASE)[0] == "US$"
    assert re.match(UNIT, "minutely", re.IGNORECASE) is None
