import pytest

from llm.lookup import NameLookup
from llm.surface_index import SurfaceIndex
from llm.surfaces import NamedThing


@pytest.fixture
def index(things):
    return SurfaceIndex(things)


@pytest.fixture
def lookup(index):
    return NameLookup(index)


def ids(lookup, text, limit=10):
    return [thing.id for thing, _, _ in lookup.search(text, limit=limit)]


def test_beginnings_are_found_better_known_first(lookup):
    assert ids(lookup, "sil") == ["1", "2"]
    assert ids(lookup, "sil", limit=1) == ["1"]


def test_any_word_of_a_name_may_be_begun(lookup):
    assert ids(lookup, "harb") == ["1", "2"]
    assert ids(lookup, "oka") == ["person:okafor"]
    assert ids(lookup, "奥卡") == ["person:okafor"]


def test_the_whole_name_comes_before_longer_ones(lookup):
    assert ids(lookup, "drama")[0] == "5"
    assert ids(lookup, "orchard, the") == ["3"]
    assert lookup.search("the orchard", limit=1)[0][1:] == (1.0, "exact")


def test_slips_are_forgiven(lookup):
    assert ids(lookup, "lindqvsit") == ["person:lin-2", "person:lin-1"]
    assert lookup.search("silvr harbour", limit=1)[0][2] == "fuzzy"
    assert ids(lookup, "silvr harbour")[:2] == ["1", "2"]


@pytest.mark.parametrize("text", ["", "   ", "😀", "\x00", "zzzzzz", "\ud800"])
def test_what_begins_nothing_finds_nothing(lookup, text):
    assert ids(lookup, text) == []


def test_no_places_no_hits(lookup):
    assert ids(lookup, "sil", limit=0) == []


def test_things_come_and_go(index, lookup):
    fresh = NamedThing("9", "Item", "Item", ("Silver Spoon", "银勺"), 500.0)
    index.add(fresh)
    lookup.add(fresh)
    assert ids(lookup, "sil") == ["9", "1", "2"]
    assert ids(lookup, "银") == ["9", "1"]
    index.remove("9")
    lookup.remove(fresh)
    assert ids(lookup, "sil") == ["1", "2"]
    assert ids(lookup, "spoon") == []


def test_the_best_of_many_are_found():
    many = [
        NamedThing(str(n), "Item", "Item", (f"same {n}",), float(n * 7 % 1000)) for n in range(1000)
    ]
    lookup = NameLookup(SurfaceIndex(many))
    best = sorted(many, key=lambda one: -one.weight)[:5]
    assert ids(lookup, "same", limit=5) == [one.id for one in best]


def test_certainties_are_in_bounds(lookup):
    for text in ("s", "silver", "silver harbour", "silvr"):
        assert all(0.0 < certainty <= 1.0 for _, certainty, _ in lookup.search(text, limit=50))
