"""The SQLite file of the embedded store: its tables and how a connection to it is set up."""

import sqlite3
from contextlib import ExitStack

from graph.errors import UnsupportedError

SCHEMA_VERSION = 2

# WITHOUT ROWID keeps edges next to each other by head; the reverse index serves tails. Items and
# entities share one table because they share one namespace of ids.
_SCHEMA = """
create table if not exists node(
  nid integer primary key, id text unique not null, kind text not null,
  label text not null, record text not null) strict;
create table if not exists user(
  nid integer primary key, id text unique not null, record text not null) strict;
create table if not exists symbol(
  sid integer primary key, name text unique not null) strict;
create table if not exists edge(
  head integer not null, relation integer not null, tail integer not null, weight real not null,
  primary key(head, relation, tail)) without rowid, strict;
create index if not exists edge_reverse on edge(tail, relation, head);
create table if not exists event(
  seq integer primary key, key integer unique not null, user integer not null,
  item integer not null, type integer not null, value real, at real not null,
  event_id text not null) strict;
create index if not exists event_user on event(user);
create index if not exists event_item on event(item);
create table if not exists learned(
  source integer not null, relation integer not null, target integer not null,
  weight real not null, primary key(source, relation, target)) without rowid, strict;
create index if not exists learned_reverse on learned(target);
create table if not exists relearned(
  id text primary key) without rowid, strict;
create table if not exists vector(
  nid integer primary key, data blob not null) strict;
create table if not exists change(
  version integer primary key, kind text not null, keys text not null) strict;
create table if not exists meta(
  name text primary key, value text not null) strict;
create virtual table if not exists words using fts5(
  text, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3', columnsize = 1);
"""

# Version 1 knew one type of learned edges.
_FROM_1 = """
insert or ignore into symbol(name) values ('SIMILAR_TO');
insert into learned select source, (select sid from symbol where name = 'SIMILAR_TO'), target,
  weight from similar;
drop table similar;
"""

_SETTINGS = """
pragma synchronous = full;
pragma cache_size = -65536;
pragma temp_store = memory;
pragma wal_autocheckpoint = 8000;
pragma journal_size_limit = 67108864;
pragma secure_delete = fast;
"""


def connect(path: str, *, busy_timeout_s: float, read_only: bool = False) -> sqlite3.Connection:
    """Open a connection that commits only when told to.

    Parameters
    ----------
    path : str
        File of the database, or ``":memory:"``.
    busy_timeout_s : float
        Seconds to wait for another process that is writing.
    read_only : bool
        Whether the connection refuses to write.

    Returns
    -------
    sqlite3.Connection
        The connection; it may be handed from thread to thread, one at a time.
    """
    connection = sqlite3.connect(
        path, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False
    )
    with ExitStack() as on_error:
        on_error.callback(connection.close)
        connection.execute("pragma journal_mode = wal")
        connection.executescript(_SETTINGS)
        connection.execute(f"pragma query_only = {int(read_only)}")
        on_error.pop_all()
    return connection


def create_schema(connection: sqlite3.Connection) -> None:
    """Create what is missing.

    Parameters
    ----------
    connection : sqlite3.Connection
        A connection that may write.

    Raises
    ------
    UnsupportedError
        If a later version of Whyrec wrote the file.
    """
    (found,) = connection.execute("pragma user_version").fetchone()
    if found > SCHEMA_VERSION:
        raise UnsupportedError(
            f"The graph file has schema {found}; this version of Whyrec knows {SCHEMA_VERSION}.",
            fix="Install the version of Whyrec that wrote the file, or load the catalog again.",
        )
    if found < SCHEMA_VERSION:
        steps = f"{_SCHEMA} {_FROM_1 if found else ''} pragma user_version = {SCHEMA_VERSION};"
        connection.executescript(f"begin immediate; {steps} commit;")
