import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.cues import example_regions, is_example, negated, negated_words

NAMES = (
    "horror", "war", "comedy", "kites", "E.T.", "alien", "nike", "shoes",
    "恐怖", "战争", "喜剧", "异形", "耐克", "运动鞋",
)  # fmt: skip


def spans_of(text):
    found = []
    for name in NAMES:
        start = text.find(name)
        while start >= 0:
            found.append((start, start + len(name)))
            start = text.find(name, start + 1)
    return sorted(found)


def refused(text):
    spans = spans_of(text)
    return {text[spans[index][0] : spans[index][1]] for index in negated(text, spans)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("comedy, not horror", {"horror"}),
        ("no horror please, a comedy", {"horror"}),
        ("no horror or war", {"horror", "war"}),
        ("not horror, war or alien, a comedy", {"horror", "war", "alien"}),
        ("no horror, comedy please", {"horror"}),
        ("anything but war", {"war"}),
        ("comedy without any really gory horror", {"horror"}),
        ("comedies that aren't war films", {"war"}),
        ("I don't want to see horror, I want comedy", {"horror"}),
        ("I don’t like war films", {"war"}),
        ("everything except E.T.", {"E.T."}),
        ("not only horror but also war", set()),
        ("not sure, maybe a comedy", set()),
        ("nothing sad just a comedy", set()),
        ("no, a comedy", set()),
        ("a horror-free comedy", {"horror"}),
        ("nike, no shoes", {"shoes"}),
        ("not nike shoes", {"nike"}),
        ("喜剧，不要恐怖的", {"恐怖"}),
        ("不要恐怖片和战争片，要喜剧", {"恐怖", "战争"}),
        ("不要太吓人的恐怖片", {"恐怖"}),
        ("除了战争、恐怖都可以", {"战争", "恐怖"}),
        ("不要耐克的运动鞋", {"耐克"}),
        ("恐怖片不要，喜剧可以", {"恐怖"}),
        ("战争片除外", {"战争"}),
        ("喜剧不要恐怖的", {"恐怖"}),
        ("有没有喜剧", set()),
        ("别的喜剧", set()),
        ("特别喜剧", set()),
        ("要不要看喜剧", set()),
        ("别推荐恐怖片", {"恐怖"}),
    ],
)
def test_what_a_request_refuses(text, expected):
    assert refused(text) == expected


def test_a_cue_inside_a_name_is_part_of_the_name():
    text = "the film No Horror"
    assert negated(text, [(9, 18)]) == {}
    assert negated_words(text, [(9, 18)]) == []


def test_the_part_that_refuses_holds_cue_and_name():
    text = "comedy without any horror"
    assert negated(text, [(0, 6), (19, 25)]) == {1: (7, 25)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a comedy, not too sad, from France", ["not too sad"]),
        ("nothing but not boring but comedy", ["not boring "]),
        ("不要太悲伤的，来点喜剧", ["不要太悲伤的"]),
        ("no horror", []),
    ],
)
def test_refused_words_without_a_name(text, words):
    regions = negated_words(text, spans_of(text))
    assert [text[start:end] for start, end in regions] == words


@pytest.mark.parametrize(
    ("text", "examples"),
    [
        ("films like alien", ["alien"]),
        ("similar to alien or kites", ["alien", "kites"]),
        ("like alien but a comedy", ["alien"]),
        ("something in the vein of kites", ["kites"]),
        ("an alien-style comedy", ["alien"]),
        ("I would like kites", []),
        ("I'd like kites", []),
        ("kites and alien", []),
        ("类似异形的喜剧", ["异形", "喜剧"]),
        ("像异形一样的", ["异形"]),
        ("和异形差不多的", ["异形"]),
        ("异形那种", ["异形"]),
        ("好像异形", []),
    ],
)
def test_examples(text, examples):
    regions = example_regions(text)
    found = [text[slice(*span)] for span in spans_of(text) if is_example(text, span, regions)]
    assert found == examples


@given(st.text("not like comedy,不要类似 .E", max_size=60))
def test_regions_are_inside_the_text(text):
    spans = spans_of(text)
    for start, end in (
        *example_regions(text),
        *negated(text, spans).values(),
        *negated_words(text, spans),
    ):
        assert 0 <= start <= end <= len(text)
