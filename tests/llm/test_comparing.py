import pytest

from llm.comparing import comparison, inverted, is_soft, negation
from llm.measures import Measures, measure
from llm.quantities import quantities

MEASURES = Measures([measure("memory_gb")])


def read(text):
    amount = quantities(text)[0].span
    return comparison(text, amount, MEASURES)


@pytest.mark.parametrize(
    ("text", "op", "name", "refused", "part"),
    [
        ("shoes under $50 please", "<", "", False, "under $50"),
        ("up to 50 euros", "<=", "", False, "up to 50 euros"),
        ("50 euros or less", "<=", "", False, "50 euros or less"),
        ("rated at least 4 stars", ">=", "rated", False, "rated at least 4 stars"),
        ("no more than 50 dollars", "<=", "", False, "no more than 50 dollars"),
        ("not longer than 2 hours", ">", "", True, "not longer than 2 hours"),
        ("I don't want to spend more than 75 dollars", ">", "spend", True, None),
        ("max price of 50", "<=", "price", False, "max price of 50"),
        ("16 GB memory", None, "memory", False, "16 GB memory"),
        ("size 42", None, "size", False, "size 42"),
        ("around 50 euros", "about", "", False, "around 50 euros"),
        ("不超过五百块的", ">", "", True, "不超过五百块"),
        ("评分不低于8的", "<", "评分", True, "评分不低于8"),
        ("500元以内的", "<=", "", False, "500元以内"),
        ("预算800元左右", "about", "预算", False, "预算800元左右"),
        ("两小时以上的不要", ">=", "", True, "两小时以上的不要"),
        ("a film with 3 brothers", None, "", False, "3"),
        ("we only have 80 minutes", "<=", "", False, "we only have 80 minutes"),
        ("they have 24 hours to live", None, "", False, "24 hours"),
    ],
)
def test_what_stands_around_an_amount(text, op, name, refused, part):
    found = read(text)
    assert (found.op, found.name, found.refused) == (op, name, refused)
    if part:
        assert text[slice(*found.span)] == part


def test_some_comparisons_are_about_something_by_themselves():
    assert read("cheaper than 50").kind == "price"
    assert read("under 50").kind == ""


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("nothing older than 1990", "older than 1990", "nothing older than 1990"),
        ("not a film from before 1990", "before 1990", "not a film from before 1990"),
        ("without subtitles before 1990", "before 1990", None),
        ("别太贵，100元以上", "100元以上", None),
        ("不要100元以上的", "100元以上", "不要100元以上"),
    ],
)
def test_a_refusal_reaches_over_little_words_only(text, part, whole):
    start = text.index(part)
    found = negation(text, (start, start + len(part)))
    assert (found and text[slice(*found)]) == whole


def test_soft_words_count_in_their_own_clause():
    assert is_soft("preferably under 50", (11, 19))
    assert is_soft("最好500元以内", (2, 8))
    assert not is_soft("preferably red, under 50", (16, 24))


def test_opposites():
    assert [inverted(op) for op in ("<", "<=", ">", ">=")] == [">=", ">", "<=", "<"]
