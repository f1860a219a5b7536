import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.picture_text import lines, shortened, text_svg, width, without_forbidden, xml


def test_wide_characters_are_wider():
    assert width("影", 12) == 12
    assert width("i", 12) < width("n", 12) < width("M", 12)
    assert width("e\u0301", 12) == width("e", 12)


def test_markup_and_forbidden_characters():
    assert xml("<a>&'\"") == "&lt;a&gt;&amp;&#x27;&quot;"
    assert without_forbidden("a\x00\ufffe\tb") == "a\tb"


def test_text_that_fits_stays():
    assert shortened("Heat", 12, 100) == "Heat"
    assert lines("Heat", 12, 100, 2) == ["Heat"]


def test_a_letter_is_not_parted_from_its_accent():
    text = "aaaae\u0301" * 5
    for room in range(30, 120, 3):
        cut = shortened(text, 12, room).removesuffix("…")
        assert not cut.endswith("e") or len(cut) == len(text)


def test_chinese_breaks_anywhere_but_before_a_full_stop():
    assert lines("霸王别姬和重庆森林", 12, 60, 2) == ["霸王别姬和", "重庆森林"]
    assert lines("霸王别姬和。", 12, 60, 2)[0] != "霸王别姬和"


def test_bold_text_stands_behind():
    found = text_svg(1, 2, "a<b", 12, bold="5%")
    assert ">a&lt;b<tspan" in found
    assert ">5%</tspan></text>" in found


@pytest.mark.parametrize("n_most", [1, 2, 3])
@settings(deadline=None)
@given(text=st.text(max_size=200), room=st.integers(20, 300))
def test_no_line_is_wider_than_the_room(n_most, text, room):
    found = lines(text, 12, room, n_most)
    assert 1 <= len(found) <= n_most
    assert all(width(line, 12) <= max(room, width("…", 12)) for line in found)
