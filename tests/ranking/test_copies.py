import time
from dataclasses import replace

import numpy as np
import pytest

from graph.domain import Item, Triple
from graph.presets import preset
from ranking.copies import MAX_NAMESAKES, Copies, are_copies, in_common, record_of
from ranking.domain import Query
from ranking.model import Model
from ranking.pipeline import Recommender
from ranking.titles import Title

ALIEN = {"genres": ("Horror", "Sci-Fi"), "director": "Ridley Scott", "year": 1979}


def film(name, title, **attributes):
    return Item(name, title, attributes=attributes)


@pytest.fixture
def served(small):
    def serve(items, triples=(), events=()):
        snapshot = small(items, triples, events).snapshot()
        domain = preset("films")
        return Recommender(snapshot, Model.untrained(snapshot, domain), preset=domain)

    return serve


@pytest.fixture
def copies(served):
    """What is found among some items: sets of ids."""

    def find(*items, triples=()):
        state = served(items, triples).state
        found = Copies(state)
        groups = {
            frozenset(state.item(r).id for r in (row, *found.of(row)))
            for row in range(state.n_items)
            if found.of(row)
        }
        return {"".join(sorted(group)) for group in groups}

    return find


def test_a_film_that_is_listed_twice_is_found_and_other_works_stay(copies):
    assert copies(
        film("a", "Alien", **ALIEN),
        film("b", "Alien (1979)", **ALIEN),
        film("c", "Aliens", **(ALIEN | {"year": 1986})),
        film("d", "Alien", **(ALIEN | {"year": 2003})),
        film("e", "Star Wars", year=1977, genres=("Sci-Fi",)),
        film("f", "The Empire Strikes Back", year=1980, genres=("Sci-Fi",)),
    ) == {"ab"}


def test_two_works_of_one_title_and_year_stay(copies):
    assert not copies(
        film("a", "The Undefeated", year=2011, genres=("Documentary",), director="S. Bannon"),
        film("b", "Undefeated", year=2011, genres=("Documentary", "Sport"), director="D. Lindsay"),
    )


def test_a_bare_record_does_not_contradict_its_year_twin(copies):
    assert copies(film("a", "Alien", **ALIEN), film("b", "Alien (1979)")) == {"ab"}


def test_editions_are_copies_when_the_records_agree(copies):
    cut = "Alien (Director's Cut)"
    assert copies(film("a", "Alien", **ALIEN), film("b", cut, **(ALIEN | {"year": 2003}))) == {"ab"}
    assert not copies(film("a", "Alien", **ALIEN), film("b", cut, year=2003, genres=("Comedy",)))
    assert not copies(film("a", "Alien", year=1979), film("b", cut, year=2003))


def test_a_year_off_by_one_needs_agreement(copies):
    assert copies(film("a", "Alien", **ALIEN), film("b", "Alien", **(ALIEN | {"year": 1980})))
    assert not copies(film("a", "Alien", year=1979), film("b", "Alien", year=1980))


def test_without_years_two_things_must_agree(copies):
    song = {"artist": "Adele", "genre": "Pop"}
    assert copies(film("a", "Hello", **song), film("b", "Hello", **song)) == {"ab"}
    other = {"artist": "Lionel Richie", "genre": "Pop"}
    assert not copies(film("a", "Hello", **song), film("b", "Hello", **other))
    assert not copies(film("a", "Hello", genre="Pop"), film("b", "Hello", genre="Pop"))
    assert not copies(film("a", "Hello"), film("b", "Hello"))


def test_colours_and_seasons_are_different_things(copies):
    case = {"brand": "Acme", "category": "Cases"}
    assert not copies(
        film("a", "Phone case", **case, color="red"), film("b", "Phone case", **case, color="blue")
    )
    wire = {"year": 2002, "cast": ("Dominic West",)}
    assert not copies(film("a", "The Wire", **wire, season=1), film("b", "The Wire", season=2))


def test_items_without_attributes_are_compared_by_their_links(copies):
    links = [
        Triple(item, relation, end)
        for item in "abc"
        for relation, end in (("BY", "Author:Ann" if item != "c" else "Author:Ben"), ("IN", "G:x"))
    ]
    books = [film(name, "Roses") for name in "abc"]
    assert copies(*books, triples=links) == {"ab"}


def test_a_title_that_very_many_items_bear_names_nothing(copies):
    known = {"year": 1999}
    few = [film(f"i{n:02}", "Untitled", **known) for n in range(3)]
    many = [film(f"i{n:02}", "Untitled", **known) for n in range(MAX_NAMESAKES + 1)]
    assert len(copies(*few)) == 1
    assert not copies(*many)


def test_records_leave_out_what_tells_nothing():
    told = {
        "genres": ("Drama", "DRAMA", "War"),
        "runtime": 90,
        "price": 3.5,
        "imdb_id": "tt1",
        "image_url": "x",
        "overview": "words",
        "release_year": 1999,
        "motto": "long " * 100,
        "studio": "",
    }
    assert record_of(told) == {"genres": frozenset({"drama", "war"}), "runtime": frozenset({"90"})}


def test_agreement_is_counted_and_contradiction_is_none():
    one = {"genre": frozenset("ab"), "by": frozenset("x"), "only": frozenset("o")}
    assert in_common(one, {"genre": frozenset("bcd"), "by": frozenset("xy")}) == 2
    assert in_common(one, {"genre": frozenset("bcd"), "by": frozenset("z")}) is None
    assert in_common(one, {}) == 0


def test_titles_of_different_words_or_none_are_never_copies():
    alien, nothing = Title(("alien",), 1979, False), Title((), 1979, False)
    assert are_copies(alien, alien, 0)
    assert not are_copies(alien, replace(alien, words=("aliens",)), 5)
    assert not are_copies(nothing, nothing, 5)


TWICE = [
    film("a", "Alien", **ALIEN),
    film("b", "Alien (1979)", **ALIEN),
    film("c", "Solaris", year=1972, genres=("Sci-Fi",), director="A. Tarkovsky"),
    film("d", "Stalker", year=1979, genres=("Sci-Fi",), director="A. Tarkovsky"),
]
LIKED = [("u", "c"), ("v", "a"), ("v", "b"), ("v", "c"), ("w", "b"), ("x", "d")]


def ids(items):
    return [item.item_id for item in items]


def test_a_list_shows_the_better_one_and_says_how_many_it_hid(served):
    recommender = served(TWICE, events=LIKED)
    answer = recommender.recommend(Query(k=3))
    both = recommender.recommend(Query(k=4, copies=True))
    assert set(ids(both.items)) == {"a", "b", "c", "d"}
    assert both.hidden_copies == 0
    assert set(ids(answer.items)) == {"b", "c", "d"}
    assert answer.hidden_copies == 1
    scores = {item.item_id: item.score for item in both.items}
    assert scores["b"] > scores["a"]
    assert all(item.score == scores[item.item_id] for item in answer.items)


def test_a_copy_of_what_was_seen_is_left_out(served):
    recommender = served(TWICE, events=[*LIKED, ("y", "a")])
    answer = recommender.recommend(Query(user_id="y"))
    assert "b" not in ids(answer.items)
    assert answer.hidden_copies == 1
    assert "b" in ids(recommender.recommend(Query(user_id="y", copies=True)).items)


def test_similar_popular_and_latest_show_a_thing_once(served):
    recommender = served(TWICE, events=LIKED)
    assert not {"a", "b"} & set(ids(recommender.similar("a")))
    assert len({"a", "b"} & set(ids(recommender.similar("c")))) == 1
    assert "b" in ids(recommender.popular())
    assert "a" not in ids(recommender.popular())
    assert ids(recommender.latest(k=3)) == ["d", "c", "b"]


def test_changes_count_at_once(served):
    recommender = served(TWICE[:1] + TWICE[2:], events=[("u", "c"), ("v", "d")])
    assert recommender.recommend(Query()).hidden_copies == 0
    recommender.apply_item(TWICE[1], [], [])
    assert recommender.recommend(Query()).hidden_copies == 1
    assert len(recommender.latest()) == 3
    recommender.apply_item(replace(TWICE[1], title="Another"), [], [])
    assert recommender.recommend(Query()).hidden_copies == 0
    recommender.apply_item(replace(TWICE[1], title="Solaris"), [], [])
    assert recommender.recommend(Query()).hidden_copies == 0
    recommender.apply_item(replace(TWICE[0], title="Another"), [], [])
    recommender.apply_item(replace(TWICE[1], id="e"), [], [])
    recommender.apply_item(replace(TWICE[1], id="f"), [], [])
    assert recommender.recommend(Query()).hidden_copies == 1
    recommender.remove_item("e")
    assert recommender.recommend(Query()).hidden_copies == 0
    assert "f" in ids(recommender.recommend(Query()).items)


def test_a_catalog_full_of_copies_still_fills_the_list(served):
    items = [film(f"a{n:02}", "Alien", **ALIEN) for n in range(MAX_NAMESAKES)]
    others = [film(f"o{n}", f"Film {n}", **ALIEN) for n in range(4)]
    events = [(f"u{n}", item.id) for item in items for n in range(2)]
    answer = served([*items, *others], events=events).recommend(Query(k=5))
    assert len(answer.items) == 5
    assert sum(item.startswith("a") for item in ids(answer.items)) == 1
    assert answer.hidden_copies == MAX_NAMESAKES - 1


def test_hiding_copies_takes_less_than_a_millisecond(served):
    copies = Copies(served(TWICE).state)
    rows = np.tile(np.arange(4), 10)
    times = []
    for _ in range(20):
        started = time.process_time()
        copies.distinct(rows, enough=10, seen=range(500))
        times.append(time.process_time() - started)
    assert min(times) < 1e-3
