from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from llm.fuzzy import FuzzyPool, character_mask

WORDS = st.text("abcdef ", min_size=1, max_size=12)


def pool_of(surfaces):
    pool = FuzzyPool()
    for surface in surfaces:
        pool.add(surface)
    return pool


def test_a_slip_is_found_and_measured():
    pool = pool_of(["harbour", "harvest", "hardware", "arbour"])
    assert pool.matches("harbuor", cutoff=84.0) == [("harbour", fuzz.ratio("harbuor", "harbour"))]


def test_another_first_letter_is_another_word():
    assert pool_of(["harbour"]).matches("barbour", cutoff=50.0) == []


def test_the_best_come_first_and_ties_in_alphabetical_order():
    pool = pool_of(["abcd", "abce", "abcdxy"])
    assert [surface for surface, _ in pool.matches("abcd", cutoff=60.0)] == [
        "abcd",
        "abcdxy",
        "abce",
    ]
    assert len(pool.matches("abcd", cutoff=60.0, limit=2)) == 2


def test_empty_and_repeated_surfaces_change_nothing():
    assert len(pool_of(["", "one", "one"])) == 1
    assert pool_of(["one"]).matches("", cutoff=50.0) == []


@given(st.lists(WORDS, max_size=40), WORDS, st.sampled_from([60.0, 75.0, 84.0, 100.0]))
def test_nothing_that_a_full_comparison_finds_is_missed(surfaces, text, cutoff):
    expected = {
        surface
        for surface in surfaces
        if surface[0] == text[0] and fuzz.ratio(text, surface) >= cutoff
    }
    found = pool_of(surfaces).matches(text, cutoff=cutoff, limit=100)
    assert {surface for surface, _ in found} == expected


@given(st.text(max_size=20), st.text(max_size=20))
def test_masks_never_overstate_the_distance(one, other):
    differing = (character_mask(one) ^ character_mask(other)).bit_count()
    assert differing <= Indel.distance(one, other)
