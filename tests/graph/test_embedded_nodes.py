"""Items, entities and users in SQLite, beyond the contract suite."""

import pytest

from graph.domain import Entity, Interaction, Item, Triple, User
from graph.embedded_edges import add_events, upsert_triples
from graph.embedded_nodes import delete_item, delete_user, upsert_entities, upsert_items
from graph.embedded_nodes import upsert_users as put_users
from graph.errors import ConflictError


def rows(session, table):
    return session.connection.execute(f"select count(*) from {table}").fetchone()[0]


def test_items_and_entities_are_numbered_together_in_order(session):
    upsert_items(session, [Item("b", "B"), Item("a", "A")])
    upsert_entities(session, [Entity("e", "Genre", "E")])
    found = session.connection.execute("select nid, id, kind from node order by nid").fetchall()
    assert found == [(1, "b", "Item"), (2, "a", "Item"), (3, "e", "Entity")]


def test_a_conflict_names_the_id_and_the_owner(session):
    upsert_items(session, [Item("x", "X")])
    with pytest.raises(ConflictError, match="'x' is already that of an item"):
        upsert_entities(session, [Entity("x", "Genre", "X")])


def test_deleting_leaves_no_row_anywhere(session):
    upsert_items(session, [Item("i", "I")])
    upsert_entities(session, [Entity("e", "Genre", "E")])
    upsert_triples(session, [Triple("i", "R", "e"), Triple("e", "R", "i")])
    put_users(session, [User("u", {"age": 3})])
    add_events(session, [Interaction("u", "i"), Interaction("v", "i")])
    assert delete_user(session, "u")
    assert rows(session, "event") == 1
    assert delete_item(session, "i")
    assert [rows(session, t) for t in ("edge", "event", "node", "words", "user")] == [0, 0, 1, 1, 1]


def test_names_are_indexed_once_however_often_they_change(session):
    for title in ("One", "Two", "Three"):
        upsert_items(session, [Item("i", title)])
    assert session.connection.execute("select text from words").fetchall() == [("three",)]
