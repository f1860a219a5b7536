import pytest

from api.console.score_bar import longest, part_name, parts_text, segments
from api.console.texts import Texts

PARTS = {"popularity": 1.0, "paths": 3.0, "semantic": 0.0, "people_like_you": -0.5}


def test_what_adds_comes_first_and_what_is_zero_is_left_out():
    assert [(one.part, one.width) for one in segments(PARTS, 4.5)] == [
        ("paths", pytest.approx(3 / 4.5)),
        ("popularity", pytest.approx(1 / 4.5)),
        ("people_like_you", pytest.approx(0.5 / 4.5)),
    ]


def test_a_full_bar_is_the_longest_of_the_list():
    assert longest([PARTS, {"paths": 2.0}]) == 4.5
    assert longest([]) == longest([{}]) == 1.0


def test_parts_are_told_in_words():
    assert parts_text(PARTS, Texts("en")) == "paths +3.00, popularity +1.00, people like you -0.50"
    assert part_name("some_new_part", Texts("zh")) == "some new part"
