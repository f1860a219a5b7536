"""Tables, indexes and settings of the SQLite file."""

import sqlite3

import pytest

from graph.embedded_schema import SCHEMA_VERSION, connect, create_schema


@pytest.fixture
def connection(tmp_path):
    opened = connect(str(tmp_path / "graph.db"), busy_timeout_s=1)
    create_schema(opened)
    yield opened
    opened.close()


def test_commits_are_flushed_and_readers_do_not_block(connection):
    assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
    assert connection.execute("pragma synchronous").fetchone() == (2,)


def test_creating_again_changes_nothing(connection):
    before = connection.execute("select * from sqlite_master").fetchall()
    create_schema(connection)
    assert connection.execute("select * from sqlite_master").fetchall() == before
    assert connection.execute("pragma user_version").fetchone() == (SCHEMA_VERSION,)


@pytest.mark.parametrize(
    "query",
    [
        "select tail from edge where head = 1",
        "select head from edge where tail = 1",
        "select at from event where user = 1 order by at",
        "select seq from event where item = 1",
        "select seq from event where key = 1",
        "select nid from node where id = 'x'",
        "select nid from user where id = 'x'",
        "delete from learned where target = 1",
    ],
)
def test_every_lookup_has_an_index(connection, query):
    plan = " ".join(row[3] for row in connection.execute(f"explain query plan {query}"))
    assert "SEARCH" in plan
    assert "SCAN" not in plan


def test_learned_edges_of_the_first_schema_are_kept(tmp_path):
    path = str(tmp_path / "old.db")
    old = sqlite3.connect(path, isolation_level=None)
    old.executescript(
        """
        create table symbol(sid integer primary key, name text unique not null) strict;
        create table similar(source integer not null, target integer not null,
          weight real not null, primary key(source, target)) without rowid, strict;
        insert into similar values (1, 2, 0.5), (2, 1, 0.25);
        pragma user_version = 1;
        """
    )
    old.close()
    connection = connect(path, busy_timeout_s=1)
    create_schema(connection)
    found = connection.execute(
        "select source, name, target, weight from learned join symbol on sid = relation "
        "order by source"
    ).fetchall()
    assert found == [(1, "SIMILAR_TO", 2, 0.5), (2, "SIMILAR_TO", 1, 0.25)]
    tables = {name for (name,) in connection.execute("select name from sqlite_master")}
    assert "similar" not in tables
    connection.close()


def test_types_are_checked(connection):
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("insert into edge values ('x', 1, 1, 1.0)")


def test_a_reading_connection_cannot_write(connection, tmp_path):
    reader = connect(str(tmp_path / "graph.db"), busy_timeout_s=1, read_only=True)
    with pytest.raises(sqlite3.OperationalError):
        reader.execute("insert into symbol(name) values ('x')")
    reader.close()


def test_a_file_that_cannot_be_opened_leaves_nothing_open(tmp_path):
    with pytest.raises(sqlite3.OperationalError):
        connect(str(tmp_path / "missing" / "graph.db"), busy_timeout_s=1)
