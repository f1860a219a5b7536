"""What items, entities and users become in Neo4j."""

import pytest

from graph.domain import Entity, Item, User
from graph.neo4j_nodes import search_query, search_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("?!", ""),
        ("Alien", "+(alien^4 alien*)"),
        ("AND (or", "+(and^4 and*) +(or^4 or*)"),
        ('恐怖片" OR *', '+"恐怖片" +(or^4 or*)'),
    ],
)
def test_a_query_holds_words_only(text, expected):
    assert search_query(text) == expected


def test_a_query_is_bounded():
    assert len(search_query("a" * 10_000)) < 200
    assert search_query(" ".join(["word"] * 500)).count("+") == 32


def test_stop_words_stay_in_the_index():
    assert search_words(["It", "Them", "The Thing"]) == ["it_", "them", "the_ thing"]


@pytest.mark.neo4j
async def test_a_film_called_by_a_stop_word_is_found(neo4j_store):
    await neo4j_store.upsert_items([Item("i1", "It"), Item("i2", "To Be or Not to Be")])
    assert await neo4j_store.search("it") == [("Item", "i1")]
    assert await neo4j_store.search("to be or not") == [("Item", "i2")]


@pytest.mark.neo4j
async def test_numbers_are_dense_by_kind(neo4j_store):
    await neo4j_store.upsert_items([Item("a", "A"), Item("b", "B")])
    await neo4j_store.upsert_entities([Entity("c", "X", "C"), Entity("d", "Y", "D")])
    await neo4j_store.upsert_users([User("u", {"age": 3, "odd": 2**63 - 1})])
    found = await neo4j_store._connection.run(
        "MATCH (n) WHERE n.nid IS NOT NULL RETURN n.id, n.nid ORDER BY n.id", timeout_s=5.0
    )
    assert found == [["a", 0], ["b", 1], ["c", 0], ["d", 1], ["u", 0]]
    assert await neo4j_store._connection.run(
        "MATCH (u:User {age: 3}) RETURN u.odd", timeout_s=5.0
    ) == [[2**63 - 1]]
