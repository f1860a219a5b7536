"""Reading SQLite, beyond the contract suite."""

import numpy as np

from graph.domain import Entity, Interaction, Item, Triple
from graph.embedded_edges import add_events, upsert_triples, write_vectors
from graph.embedded_nodes import delete_item, upsert_entities, upsert_items
from graph.embedded_reads import export, search, vectors, vectors_stamp


def test_an_export_leaves_no_transaction_open(session):
    export(session.connection)
    assert not session.connection.in_transaction


def test_entities_numbered_between_items_keep_their_places(session):
    upsert_items(session, [Item("i0", "x")])
    upsert_entities(session, [Entity("e0", "Genre", "x")])
    upsert_items(session, [Item("i1", "x")])
    upsert_entities(session, [Entity("e1", "Genre", "x")])
    upsert_triples(session, [Triple("i1", "R", "e1", 3.0)])
    add_events(session, [Interaction("u", "i1", at=2.5)])
    found = export(session.connection)
    (block,) = found.edges
    assert (block.heads.tolist(), block.tails.tolist(), block.weights.tolist()) == ([1], [1], [3.0])
    assert (found.events.items.tolist(), found.events.times.tolist()) == ([1], [2.5])


def test_exported_arrays_can_be_indexed_by_rows(session):
    found = export(session.connection)
    arrays = (found.events.users, found.events.items, found.events.types)
    assert all(np.issubdtype(array.dtype, np.integer) for array in arrays)


def test_a_long_query_is_answered(session):
    upsert_items(session, [Item("i0", "恐怖" * 200 + " film")])
    assert search(session.connection, "恐怖" * 150, 5) == [("Item", "i0")]


def test_the_stamp_of_the_vectors_changes_with_them(session):
    upsert_items(session, [Item("i0", "x"), Item("i1", "x")])
    stamps = [vectors_stamp(session.connection)]
    write_vectors(session, ["i0", "i1"], np.eye(2, dtype=np.float32))
    stamps.append(vectors_stamp(session.connection))
    delete_item(session, "i0")
    stamps.append(vectors_stamp(session.connection))
    assert len(set(stamps)) == 3
    ids, matrix = vectors(session.connection)
    assert (ids, matrix.tolist()) == (["i1"], [[0.0, 1.0]])
