"""One writing transaction of the embedded store: ids to numbers, and the change log."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import orjson

from graph.records import is_id
from graph.store import ChangeKind

MAX_LOGGED_KEYS = 1000

_MAX_REMEMBERED = 2_000_000
_CHUNK = 500


class WriteSession:
    """The writing connection of a process and what it remembers of the file.

    Numbers of ids are looked up once and remembered between batches. Another process may write the
    same file: ``pragma data_version`` tells, and then everything remembered is dropped.

    Parameters
    ----------
    connection : sqlite3.Connection
        The only connection of this process that writes; used by one thread at a time.

    Attributes
    ----------
    items, entities, users, symbols : dict of str to int
        Numbers of ids (and of the names of relations and event types). An id that was not looked
        up with :meth:`find_nodes` or :meth:`find_users` in this transaction may be missing.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.items: dict[str, int] = {}
        self.entities: dict[str, int] = {}
        self.users: dict[str, int] = {}
        self.symbols: dict[str, int] = {}
        self._data_version = -1

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write everything that happens inside, or nothing when it raises."""
        self.connection.execute("begin immediate")
        try:
            (version,) = self.connection.execute("pragma data_version").fetchone()
            if version != self._data_version or self._n_remembered() > _MAX_REMEMBERED:
                self._forget()
                self._data_version = version
            yield
            self.connection.execute("commit")
        except BaseException:
            self._forget()
            if self.connection.in_transaction:
                self.connection.execute("rollback")
            raise

    def find_nodes(self, ids: Iterable[str]) -> None:
        """Look up the numbers of items and entities."""
        items, entities = self.items, self.entities
        missing = [
            name for name in set(ids) if name not in items and name not in entities and is_id(name)
        ]
        for nid, name, kind in self._select("nid, id, kind from node where id", missing):
            (self.items if kind == "Item" else self.entities)[name] = nid

    def find_users(self, ids: Iterable[str]) -> None:
        """Look up the numbers of users."""
        missing = [name for name in set(ids) if name not in self.users and is_id(name)]
        for nid, name in self._select("nid, id from user where id", missing):
            self.users[name] = nid

    def next_number(self, table: str) -> int:
        """Return the number after the highest in a table."""
        query = f"select coalesce(max(nid), 0) + 1 from {table}"
        (number,) = self.connection.execute(query).fetchone()
        return int(number)

    def symbol(self, name: str) -> int:
        """Return the number of a relation or an event type; a new one when it has none."""
        if name not in self.symbols:
            self.connection.execute("insert or ignore into symbol(name) values (?)", (name,))
            (number,) = self.connection.execute(
                "select sid from symbol where name = ?", (name,)
            ).fetchone()
            self.symbols[name] = number
        return self.symbols[name]

    def log(self, kind: ChangeKind, keys: Collection[str], *, n_records: int | None = None) -> None:
        """Add an entry to the change log, which raises the version by one.

        Parameters
        ----------
        kind : ChangeKind
            What was written.
        keys : collection of str
            Ids concerned.
        n_records : int, optional
            Records written, when that is not the number of keys; above 1,000 keys are left out.
        """
        few = (len(keys) if n_records is None else n_records) <= MAX_LOGGED_KEYS
        self.connection.execute(
            "insert into change select coalesce(max(version), 0) + 1, ?, ? from change",
            (kind, orjson.dumps(list(keys) if few else []).decode()),
        )

    def vectors_changed(self) -> None:
        """Tell every process that remembers the vectors to read them again."""
        self.connection.execute(
            "insert into meta values ('vectors', '1') "
            "on conflict do update set value = cast(value + 1 as text)"
        )

    def _select(self, what: str, values: Sequence[str]) -> Iterator[Any]:
        rest = iter(values)
        while chunk := list(islice(rest, _CHUNK)):
            marks = ",".join("?" * len(chunk))
            yield from self.connection.execute(f"select {what} in ({marks})", chunk)

    def _n_remembered(self) -> int:
        return len(self.items) + len(self.entities) + len(self.users)

    def _forget(self) -> None:
        for remembered in (self.items, self.entities, self.users, self.symbols):
            remembered.clear()
