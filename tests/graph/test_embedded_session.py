"""Transactions, remembered numbers and the change log on SQLite."""

import sqlite3

import pytest

from graph.domain import Item
from graph.embedded_nodes import upsert_items
from graph.embedded_reads import changes, version


def test_a_transaction_that_raises_leaves_nothing(session):
    upsert_items(session, [Item("i1", "A")])

    def fail():
        with session.transaction():
            session.log("items", ["i2"])
            session.items["ghost"] = 99
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert version(session.connection) == 1
    assert "ghost" not in session.items


def test_what_another_connection_wrote_is_looked_up_again(session, tmp_path):
    upsert_items(session, [Item("i1", "A")])
    other = sqlite3.connect(tmp_path / "graph.db")
    with other:
        other.execute("delete from node")
    other.close()
    with session.transaction():
        session.find_nodes(["i1"])
        assert session.items == {}


def test_more_ids_than_fit_one_statement_are_found(session):
    items = [Item(f"i{n}", "x") for n in range(1203)]
    upsert_items(session, items)
    session.items.clear()
    with session.transaction():
        session.find_nodes([item.id for item in items] + ["missing", "", "\ud800"])
    assert len(session.items) == 1203


def test_symbols_keep_their_number(session):
    with session.transaction():
        first = session.symbol("HAS_GENRE")
        assert session.symbol("OTHER") != first
        session.symbols.clear()
        assert session.symbol("HAS_GENRE") == first


def test_the_log_counts_up_and_leaves_out_too_many_keys(session):
    with session.transaction():
        session.log("items", [str(n) for n in range(1000)])
        session.log("items", [str(n) for n in range(1001)])
        session.log("events", ["u1"], n_records=1001)
    assert [(c.version, len(c.keys)) for c in changes(session.connection, 0, 9)] == [
        (1, 1000),
        (2, 0),
        (3, 0),
    ]
