import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.numerals import NUMBER, number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("42", 42),
        ("7.5", 7.5),
        ("1,200", 1200),
        ("1.2k", 1200),
        ("3千", 3000),
        ("1.5万", 15000),
        ("seven", 7),
        ("twenty five", 25),
        ("Thirty-Nine", 39),
        ("a hundred", 100),
        ("10 million", 10_000_000),
        ("two hundred and fifty", 250),
        ("two thousand five hundred", 2500),
        ("one million", 1_000_000),
        ("两", 2),
        ("十五", 15),
        ("一百二十", 120),
        ("三百零五", 305),
        ("一千五", 1500),
        ("一万二", 12000),
        ("二零零一", 2001),
        ("一点五", 1.5),
    ],
)
def test_numbers_in_digits_and_words(text, value):
    assert number(text) == value
    match = re.search(NUMBER, f"x {text}, y", re.IGNORECASE)
    assert match is not None
    assert number(match[0]) == value


@pytest.mark.parametrize("text", ["twenty thirty", "five six", "twenty twelve", ""])
def test_words_in_a_row_are_not_always_a_number(text):
    assert number(text) is None


def test_a_number_inside_a_word_is_none():
    assert re.search(NUMBER, "iPhone15 x", re.IGNORECASE) is None


@given(st.integers(min_value=1, max_value=9999))
def test_chinese_numbers_are_read_back(value):
    written, zero = "", False
    for place, scale in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            written += ("零" if zero and written else "") + "零一二三四五六七八九"[digit] + scale
        zero = digit == 0
    assert number(written) == value


@given(st.text("0123456789.,kK万千百十零一二两百点 and hundred", max_size=20))
def test_whatever_the_pattern_finds_can_be_read(text):
    for match in re.finditer(NUMBER, text, re.IGNORECASE):
        value = number(match[0])
        assert value is None or value >= 0
