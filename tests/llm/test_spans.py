import pytest

from llm.spans import choose, is_slip, may_be_slip, open_spans
from llm.surface_index import Candidate
from llm.surfaces import NamedThing
from llm.text import fold

GENRE = Candidate(NamedThing("g", "Entity", "Genre", ("Heat",)), 0.97)
TITLE = Candidate(NamedThing("t", "Item", "Item", ("Heat",), 900.0), 1.0)
SURNAME = Candidate(NamedThing("p", "Entity", "Person", ("Jo Heat",)), 0.85)
KNOWN = Candidate(NamedThing("k", "Item", "Item", ("Heat",), 901.0), 1.0)


def chosen(candidates, text, span, examples=()):
    best = choose(candidates, fold(text), span, examples)
    return best and best.thing.id


def test_an_attribute_wins_over_a_title():
    assert chosen([TITLE, GENRE], "something like Heat", (2, 3)) == "g"


def test_a_title_wins_where_examples_are_expected():
    assert chosen([GENRE, TITLE], "something like Heat", (2, 3), [(14, 19)]) == "t"
    assert chosen([GENRE, TITLE], "来点《Heat》", (2, 3)) == "t"


def test_a_surer_title_wins_over_a_surname():
    assert chosen([SURNAME, TITLE], "watch Heat", (1, 2)) == "t"


@pytest.mark.parametrize(
    ("behind", "found"), [("(1986)", "old"), (" (1995), please", "new"), ("(2001)", "new")]
)
def test_a_year_in_brackets_tells_which_of_two_titles_is_meant(behind, found):
    old = Candidate(NamedThing("old", "Item", "Item", ("Heat (1986)",), 1.0), 1.0)
    new = Candidate(NamedThing("new", "Item", "Item", ("Heat (1995)",), 900.0), 1.0)
    assert chosen([old, new], f"watch Heat{behind}", (1, 2)) == found


def test_the_better_known_of_two_titles_wins():
    assert chosen([KNOWN, TITLE], "watch Heat", (1, 2)) == "k"


@pytest.mark.parametrize(
    ("text", "span", "is_title"),
    [
        ("films about the heat", (3, 4), False),
        ("a summer of Heat", (3, 4), True),
        ('watch "heat" again', (1, 2), True),
        ("Heat waves and storms", (0, 1), False),
        ("A SUMMER OF HEAT", (3, 4), False),
        ("Heat", (0, 1), True),
        ("the heat", (0, 2), True),
    ],
)
def test_an_ordinary_word_is_a_title_only_where_it_is_shown(text, span, is_title):
    assert (chosen([TITLE], text, span) is not None) == is_title


@pytest.mark.parametrize(("text", "is_name"), [("tell us more", False), ("old US films", True)])
def test_a_function_word_names_something_only_as_initials(text, is_name):
    country = Candidate(NamedThing("us", "Entity", "Country", ("US",)), 1.0)
    assert (chosen([country], text, (1, 2)) is not None) == is_name


def test_open_spans_are_uncovered_and_begin_and_end_with_meaning():
    request = fold("the paper kites of harbour")
    spans = [request.phrase(*span) for span in open_spans(request, frozenset())]
    assert spans == [
        "paper kites of harbour",
        "kites of harbour",
        "paper kites",
        "paper",
        "kites",
        "harbour",
    ]
    covered = [request.phrase(*span) for span in open_spans(request, frozenset({2}))]
    assert covered == ["paper", "harbour"]


def test_chinese_is_not_matched_with_slips():
    assert open_spans(fold("宇宙飞船"), frozenset()) == []


@pytest.mark.parametrize(
    ("text", "expected"), [("harbuor", True), ("harb", False), ("good evening", False)]
)
def test_only_long_uncommon_spans_may_be_slips(text, expected):
    request = fold(text)
    assert may_be_slip(request, (0, len(request.tokens))) == expected


@pytest.mark.parametrize(
    ("written", "surface", "expected"),
    [
        ("comet ridars 2", "comet riders 2", True),
        ("comet riders 3", "comet riders 2", False),
        ("outlaws", "outlaw", False),
        ("fairy tales", "fairytale", False),
        ("hearts", "heart", False),
        ("hearth", "heart", False),
    ],
)
def test_numbers_plurals_and_ordinary_words_are_no_slips(written, surface, expected):
    assert is_slip(written, surface) == expected
