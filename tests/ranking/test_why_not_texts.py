import string

import pytest

from ranking.why_not_texts import _CHINESE, _ENGLISH, sentence

FACTS = {
    "title": "Heat",
    "other": "Ronin",
    "field": "year",
    "wanted": ("1990", "1991"),
    "found": "1995",
    "name": "Crime",
    "op": "<",
    "rank": 12,
    "stages": ("diversity", "calibration"),
    "score": 1.25,
    "needed": 2.0,
    "k": 10,
}


def fields(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_both_languages_say_the_same_things():
    assert _ENGLISH.keys() == _CHINESE.keys()
    for key, english in _ENGLISH.items():
        assert "title" in fields(english)
        assert fields(english) - fields(_CHINESE[key]) <= {"title"}, key
        assert fields(_CHINESE[key]) <= fields(english), key


@pytest.mark.parametrize("key", _ENGLISH)
def test_every_sentence_is_whole(key):
    english, chinese = sentence(key, "en", FACTS), sentence(key, "zh", FACTS)
    assert "Heat" in english
    assert english.endswith(".")
    assert "《Heat》" in chinese
    assert chinese.endswith("。")
    assert "{" not in english + chinese


@pytest.mark.parametrize(
    ("key", "language", "expected"),
    [
        ("filter", "en", "The filter year lets only 1990 or 1991 pass; Heat has 1995."),
        ("filter", "zh", "筛选条件 year 只要1990或1991，而《Heat》是1995。"),
        ("reordered", "en",
         "By score Heat would be at place 12, but diversity and calibration put others before it."),
        ("reordered", "zh", "按得分《Heat》排第 12，但多样性和口味比例把别的排到了前面。"),
        ("score", "en", "Heat is at place 12 with a score of 1.2500; a list of 10 needs 2.0000."),
        ("copy seen", "zh", "《Heat》和你已经看过的《Ronin》是同一个。"),
    ],
)  # fmt: skip
def test_facts_stand_in_their_places(key, language, expected):
    assert sentence(key, language, FACTS) == expected


def test_a_title_that_is_quoted_already_is_not_quoted_again():
    assert sentence("listed", "zh", {"title": "《晚春》"}) == "《晚春》就在列表里。"
