import pytest

from llm.dialogue import anew, comparatives, merged, others, pointers, replacement
from llm.intent import Constraint, LinkedEntity, Understanding
from llm.measures import Measures


def named(name, span=(0, 1), turn=0):
    return LinkedEntity(name, "Entity", name, span, 1.0, "exact", turn=turn)


def limit(field, op, value, span=(0, 1)):
    return Constraint(field, op, float(value), span)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("more like the second one", [(1,)]),
        ("the 3rd", [(2,)]),
        ("#2", [(1,)]),
        ("the last one", [(4,)]),
        ("第二部", [(1,)]),
        ("最后一双", [(4,)]),
        ("第3个和第一个", [(2,), (0,)]),
        ("more like these", [(0, 1, 2, 3, 4)]),
        ("类似这些", [(0, 1, 2, 3, 4)]),
        ("the tenth one", []),
        ("the first two seasons", []),
        ("comedies", []),
        ("not these", []),
    ],
)
def test_items_by_their_place(text, places):
    assert [pointer.places for pointer in pointers(text, 5)] == places
    assert pointers(text, 0) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cheaper", [("price", "<")]),
        ("便宜点", [("price", "<")]),
        ("贵一点也行", [("price", ">")]),
        ("shorter and newer", [("runtime", "<"), ("year", ">")]),
        ("not longer", [("runtime", "<=")]),
        ("更老的", [("year", "<")]),
        ("大一码", [("size", ">")]),
        ("cheaper than $50", []),
        ("多长时间", []),
        ("a new film", []),
    ],
)
def test_more_or_less_than_before(text, expected):
    assert [(one.measure.kind, one.op) for one in comparatives(text, Measures())] == expected


def test_words_about_the_dialogue():
    assert others("something else please") == (0, 14)
    assert others("还有别的吗") == (0, 4)
    assert others("a drama") is None
    assert replacement("comedies instead") == (9, 16)
    assert replacement("a drama") is None
    assert anew("let's start over") == (6, 16)
    assert anew("a drama") is None


def test_earlier_parts_grow_older():
    first = Understanding("en", include=(named("a"),), exclude=(named("b"),))
    second = merged(first, Understanding("en", include=(named("c"),)))
    third = merged(second, Understanding("other"))
    assert [(one.name, one.turn) for one in third.include] == [("c", 1), ("a", 2)]
    assert [(one.name, one.turn) for one in third.exclude] == [("b", 2)]
    assert third.language == "en"


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        (("price", "<=", 50), ("price", "<", 40), False),
        (("price", ">=", 10), ("price", "<", 40), True),
        (("price", ">=", 50), ("price", "<", 40), False),
        (("year", "==", 1999), ("year", ">", 1990), False),
        (("price", "<=", 50), ("year", "<", 1990), True),
    ],
)
def test_newer_limits_replace_those_of_the_same_side_or_that_contradict(old, new, kept):
    before = Understanding("en", constraints=(limit(*old),))
    after = merged(before, Understanding("en", constraints=(limit(*new),)))
    assert [one.turn for one in after.constraints] == ([0, 1] if kept else [0])


def test_a_decade_goes_with_its_limits():
    eighties = (limit("year", ">=", 1980, (5, 12)), limit("year", "<=", 1989, (5, 12)))
    before = Understanding(
        "en", include=(named("1980s", (9, 12)), named("war")), constraints=eighties
    )
    newer = Understanding("en", constraints=(limit("year", ">", 2000),))
    assert [one.name for one in merged(before, newer).include] == ["war"]
    refusing = Understanding("en", exclude=(named("1980s"),))
    assert merged(before, refusing).constraints == ()


def test_instead_needs_something_that_is_wanted():
    before = Understanding("en", include=(named("a"),), exclude=(named("b"),), free_text="quiet")
    assert merged(before, Understanding("en"), instead=True).include[0].name == "a"
    after = merged(before, Understanding("en", include=(named("c"),)), instead=True)
    assert [one.name for one in after.include] == ["c"]
    assert [one.name for one in after.exclude] == ["b"]
    assert after.free_text == ""


def test_newer_examples_replace_older_ones():
    before = Understanding("en", similar_to=(named("a"),), free_text="quiet")
    after = merged(before, Understanding("en", similar_to=(named("b"),), free_text="slow"))
    assert [one.name for one in after.similar_to] == ["b"]
    assert after.free_text == "quiet slow"
