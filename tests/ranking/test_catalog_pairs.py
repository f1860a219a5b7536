from dataclasses import replace

import numpy as np
import pytest

from graph.domain import Interaction, Item
from graph.errors import InvalidError
from graph.presets import preset
from ranking.catalog_pairs import MIN_ITEMS, CatalogPairs

N_ITEMS = 60
GENRES = ("Genre:Comedy", "Genre:Horror", "Genre:War")


def items(n=N_ITEMS, *, described=True):
    """Every third item has a Chinese name; the odd ones are described."""
    return [
        Item(
            f"i{row}",
            f"Film {row}",
            {"zh": f"电影{row}"} if row % 3 == 0 else {},
            text=f"A story about the number {row}" if row % 2 and described else "",
        )
        for row in range(n)
    ]


def triples(n=N_ITEMS):
    return [(f"i{row}", "HAS_GENRE", GENRES[row % 3]) for row in range(n)]


def events(n=N_ITEMS):
    """Each user likes the films of one genre but the first, and dislikes two films of others."""
    rows = []
    for user in range(30):
        rows += [
            Interaction(f"u{user}", f"i{row}", "rating", 5.0, 1.0)
            for row in range(3, n)
            if row % 3 == user % 3
        ]
        rows.append(Interaction(f"u{user}", "i0", "rating", 1.0, 2.0))
        rows.append(Interaction(f"u{user}", "i1", "rating", 3.0, 2.0))
    return rows


@pytest.fixture(scope="module")
def users():
    return [f"u{number}" for number in range(30)]


@pytest.fixture(scope="module")
def pairs(small, users):
    snapshot = small(items(), triples(), events(), users).snapshot()
    return CatalogPairs.of(snapshot, preset("films"), seed=3)


def row_of(text):
    """Number of the film that a text or a name speaks of."""
    digits = "".join(letter for letter in text.split(".")[0] if letter.isdigit())
    return int(digits)


def test_items_held_back_are_in_no_pair(pairs):
    held = set(pairs.held.tolist())
    assert 10 <= len(held) < N_ITEMS / 2
    rng = np.random.default_rng(0)
    for _ in range(5):
        drawn = pairs.epoch(rng)
        assert not {pair.key for kind in drawn.values() for pair in kind} & held
        assert not {row_of(pair.left) for pair in drawn["clicks"]} & held


def test_attributes_point_at_an_item_that_has_them(pairs):
    drawn = pairs.epoch(np.random.default_rng(1))["attributes"]
    assert len(drawn) == N_ITEMS - len(pairs.held)
    for pair in drawn:
        assert pair.left in {"Comedy", "喜剧片", "Horror", "恐怖片", "War"}
        assert pair.also == {row for row in range(N_ITEMS) if row % 3 == pair.key % 3}
        assert pair.right.startswith(f"Film {pair.key}")
    assert {pair.left for pair in drawn} >= {"Comedy", "喜剧片"}


def test_clicks_pair_what_the_same_users_liked(pairs):
    drawn = pairs.epoch(np.random.default_rng(1))["clicks"]
    assert len(drawn) > N_ITEMS / 3
    for pair in drawn:
        assert row_of(pair.left) % 3 == pair.key % 3
        assert row_of(pair.left) != pair.key
        assert {row_of(pair.left), pair.key} <= pair.also
    # what was only rated badly goes with nothing
    assert not {0, 1} & {pair.key for pair in drawn}


def test_names_of_one_thing_belong_together(pairs):
    drawn = pairs.epoch(np.random.default_rng(1))["names"]
    first_entity = N_ITEMS
    assert {(pair.left, pair.right) for pair in drawn if pair.key >= first_entity} == {
        ("Comedy", "喜剧片"),
        ("Horror", "恐怖片"),
    }
    for pair in drawn:
        if pair.key < first_entity:
            assert row_of(pair.left) == row_of(pair.right) == pair.key
            assert pair.left.startswith("A story") == bool(pair.key % 2)


def test_validation_asks_for_what_was_held_back(pairs):
    attributes, names, clicks = pairs.tests()
    assert [test.name for test in (attributes, names, clicks)] == ["attributes", "names", "clicks"]
    rows = [row_of(text) for text in attributes.candidates]
    assert set(rows) >= set(pairs.held.tolist())
    assert len(set(rows)) == len(rows)
    for text, relevant, known in zip(clicks.texts, clicks.relevant, clicks.known, strict=True):
        own = rows.index(row_of(text))
        assert known == {own}
        assert own not in relevant
        assert {rows[place] % 3 for place in relevant} == {row_of(text) % 3}
    for text, relevant in zip(names.texts, names.relevant, strict=True):
        assert [names.candidates[place] for place in relevant] == [f"Film {row_of(text)}"]


def test_the_same_seed_draws_the_same(pairs):
    assert pairs.tests() == pairs.tests()
    first, second = (pairs.epoch(np.random.default_rng(5)) for _ in range(2))
    assert first == second
    assert replace(pairs, seed=4).tests() != pairs.tests()


def test_a_small_catalog_is_refused_with_a_reason(small):
    snapshot = small(items(MIN_ITEMS - 1)).snapshot()
    with pytest.raises(InvalidError, match=f"{MIN_ITEMS - 1} items"):
        CatalogPairs.of(snapshot, preset("films"))


def test_a_catalog_that_says_nothing_is_refused_with_a_reason(small):
    bare = [Item(f"i{row}", f"Film {row}") for row in range(MIN_ITEMS)]
    pairs = CatalogPairs.of(small(bare).snapshot(), preset("films"))
    with pytest.raises(InvalidError, match="neither attributes nor descriptions nor clicks"):
        pairs.tests()


def test_descriptions_alone_are_enough(small):
    pairs = CatalogPairs.of(small(items()).snapshot(), preset("films"))
    assert [test.name for test in pairs.tests()] == ["names"]
    drawn = pairs.epoch(np.random.default_rng(0))
    assert drawn["attributes"] == drawn["clicks"] == []
    assert drawn["names"]
