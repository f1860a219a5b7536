"""The graph in one SQLite file: needs no server and any number of processes may share it."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path as FilePath
from typing import Concatenate, Literal, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from graph import embedded_edges, embedded_learned, embedded_nodes, embedded_reads
from graph.domain import Entity, Interaction, Item, Kind, Scalar, Triple, User
from graph.embedded_schema import connect, create_schema
from graph.embedded_session import WriteSession
from graph.errors import TimedOutError, UnavailableError
from graph.learned import LearnedEdges, Relearned
from graph.records import check_query_vector, unit_rows
from graph.store import (
    Change,
    EventOutcome,
    GraphCounts,
    GraphExport,
    Readiness,
    TripleOutcome,
    WriteCount,
)

P = ParamSpec("P")
R = TypeVar("R")


class EmbeddedStore:
    """A :class:`graph.store.GraphStore` on SQLite.

    One connection writes and one reads, each in a thread of its own, so that a reader never waits
    for a writer and a cancelled call still ends as a whole. Other processes see every commit at
    once. Every commit is flushed to disk.

    Parameters
    ----------
    path : pathlib.Path or ":memory:"
        The file; it and its folder are made by :meth:`prepare` when missing.
    busy_timeout_s : float
        Seconds to wait for another process that is writing.
    """

    def __init__(
        self, path: FilePath | Literal[":memory:"], *, busy_timeout_s: float = 10.0
    ) -> None:
        self._path = path
        self._busy_timeout_s = busy_timeout_s
        self._write_thread = ThreadPoolExecutor(1, thread_name_prefix="whyrec-graph-write")
        self._read_thread = self._write_thread
        if path != ":memory:":
            self._read_thread = ThreadPoolExecutor(1, thread_name_prefix="whyrec-graph-read")
        self._session: WriteSession | None = None
        self._reader: sqlite3.Connection | None = None
        self._vectors: tuple[str, list[str], NDArray[np.float32]] | None = None

    async def prepare(self) -> None:
        """Create the file and its tables where they are missing."""
        await self._run(self._write_thread, self._open)

    async def close(self) -> None:
        """Close the file; the store is not used afterwards."""
        with suppress(UnavailableError):
            await self._run(self._read_thread, self._shut_reader)
            await self._run(self._write_thread, self._shut_writer)
        self._read_thread.shutdown()
        self._write_thread.shutdown()

    async def readiness(self) -> Readiness:
        """Tell whether the file can be read; never raises."""
        try:
            await self.version()
        except UnavailableError as error:
            return Readiness(ready=False, reason=error.detail)
        return Readiness(ready=True)

    async def version(self) -> int:
        """Return the graph version."""
        return await self._read(embedded_reads.version)

    async def upsert_items(self, items: Sequence[Item]) -> WriteCount:
        """Create items, or replace those of the same id; their triples stay."""
        return await self._write(embedded_nodes.upsert_items, items)

    async def upsert_entities(self, entities: Sequence[Entity]) -> WriteCount:
        """Create entities, or replace those of the same id; their triples stay."""
        return await self._write(embedded_nodes.upsert_entities, entities)

    async def upsert_users(self, users: Sequence[User]) -> WriteCount:
        """Create users, or replace the attributes of those of the same id."""
        return await self._write(embedded_nodes.upsert_users, users)

    async def amend_users(
        self, changes: Mapping[str, Mapping[str, Scalar | None]]
    ) -> list[tuple[User, User]]:
        """Set some attributes of users, take away those set to None; each before and now."""
        return await self._write(embedded_nodes.amend_users, changes)

    async def upsert_triples(self, triples: Sequence[Triple]) -> TripleOutcome:
        """Create edges between known nodes; an edge that exists gets the new weight."""
        return await self._write(embedded_edges.upsert_triples, triples)

    async def put_item(
        self, item: Item, entities: Sequence[Entity], triples: Sequence[Triple]
    ) -> bool:
        """Write an item with what describes it; returns whether it is new."""
        return await self._write(embedded_edges.put_item, item, entities, triples)

    async def add_events(self, events: Sequence[Interaction]) -> EventOutcome:
        """Append events; durable when this returns."""
        return await self._write(embedded_edges.add_events, events)

    async def delete_events(self, user_id: str, item_id: str) -> int:
        """Remove all events of a user on an item; returns how many there were."""
        return await self._write(embedded_edges.delete_events, user_id, item_id)

    async def delete_item(self, item_id: str) -> bool:
        """Remove an item, its edges and its events; returns whether it existed."""
        return await self._write(embedded_nodes.delete_item, item_id)

    async def delete_user(self, user_id: str) -> bool:
        """Remove a user and all of the user's events; returns whether the user existed."""
        return await self._write(embedded_nodes.delete_user, user_id)

    async def item(self, item_id: str) -> Item:
        """Return an item; raises ``NotFoundError``."""
        return await self._read(embedded_reads.item, item_id)

    async def entity(self, entity_id: str) -> Entity:
        """Return an entity; raises ``NotFoundError``."""
        return await self._read(embedded_reads.entity, entity_id)

    async def user(self, user_id: str) -> User:
        """Return a user; raises ``NotFoundError``."""
        return await self._read(embedded_reads.user, user_id)

    async def triples_of(self, node_id: str) -> list[Triple]:
        """Return every triple with this item or entity as head or tail."""
        return await self._read(embedded_reads.triples_of, node_id)

    async def events_of(self, user_id: str) -> list[Interaction]:
        """Return the events of a user, oldest first; raises ``NotFoundError``."""
        return await self._read(embedded_reads.events_of, user_id)

    async def search(self, text: str, *, limit: int = 20) -> list[tuple[Kind, str]]:
        """Find items and entities by words of their names and aliases, best first."""
        return await self._read(embedded_reads.search, text, limit)

    async def changes(self, since: int, *, limit: int = 1000) -> list[Change]:
        """Return the entries of the change log with a version above ``since``."""
        return await self._read(embedded_reads.changes, since, limit)

    async def export(self) -> GraphExport:
        """Read the whole graph at one version, on a connection of its own."""
        if self._path == ":memory:":
            return await self._read(embedded_reads.export)
        await self.version()
        return await asyncio.to_thread(_translated, self._export_alone)

    async def counts(self) -> GraphCounts:
        """Count what the graph holds."""
        return await self._read(embedded_reads.counts)

    async def replace_learned(self, edges: LearnedEdges) -> int:
        """Replace all learned edges by those of one model; returns how many were written."""
        return await self._write(embedded_learned.replace_learned, edges)

    async def put_learned(self, owners: Sequence[str], edges: LearnedEdges) -> int:
        """Replace the learned edges that start at some items."""
        return await self._write(embedded_learned.put_learned, owners, edges)

    async def relearned(self, owners: Sequence[str] | None = None) -> Relearned:
        """Tell what differs from the edges that the model wrote as a whole."""
        return await self._read(embedded_learned.relearned, owners)

    async def find_edges(self, edges: Sequence[tuple[str, str, str]]) -> list[bool]:
        """Tell which edges (source id, type, target id) are there, in that direction."""
        return await self._read(embedded_learned.find_edges, edges)

    async def similar(self, item_id: str) -> list[tuple[str, float]]:
        """Return the ``SIMILAR_TO`` neighbours of an item with their weights, best first."""
        return await self._read(embedded_reads.similar, item_id)

    async def write_vectors(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Replace the item vectors used by :meth:`nearest`; shape (len(ids), n_dims)."""
        await self._write(embedded_edges.write_vectors, ids, unit_rows(vectors, len(ids)))

    async def nearest(self, vector: NDArray[np.float32], *, k: int) -> list[tuple[str, float]]:
        """Return the k items whose vectors have the highest cosine with ``vector``, exactly."""
        return await self._read(self._nearest, unit_rows(np.atleast_2d(vector), 1)[0], k)

    def _nearest(
        self, db: sqlite3.Connection, vector: NDArray[np.float32], k: int
    ) -> list[tuple[str, float]]:
        stamp = embedded_reads.vectors_stamp(db)
        if self._vectors is None or self._vectors[0] != stamp:
            self._vectors = (stamp, *embedded_reads.vectors(db))
        _, ids, matrix = self._vectors
        if not ids or k < 1:
            return []
        check_query_vector(vector, matrix.shape[1])
        cosines = matrix @ vector
        best = np.argsort(-cosines, kind="stable")[:k]
        return [(ids[row], float(cosines[row])) for row in best]

    def _open(self) -> None:
        if self._session is not None:
            return
        path = str(self._path)
        if isinstance(self._path, FilePath):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        writer = connect(path, busy_timeout_s=self._busy_timeout_s)
        try:
            create_schema(writer)
            self._reader = writer if path == ":memory:" else self._connect_reader()
        except BaseException:
            writer.close()
            raise
        self._session = WriteSession(writer)

    def _shut_reader(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None and self._path != ":memory:":
            reader.close()

    def _shut_writer(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.connection.close()

    def _connect_reader(self) -> sqlite3.Connection:
        return connect(str(self._path), busy_timeout_s=self._busy_timeout_s, read_only=True)

    def _export_alone(self) -> GraphExport:
        with closing(self._connect_reader()) as connection:
            return embedded_reads.export(connection)

    async def _write(
        self,
        verb: Callable[Concatenate[WriteSession, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        def work() -> R:
            if self._session is None:
                raise _not_open()
            return verb(self._session, *args, **kwargs)

        return await self._run(self._write_thread, work)

    async def _read(
        self,
        verb: Callable[Concatenate[sqlite3.Connection, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        def work() -> R:
            if self._reader is None:
                raise _not_open()
            return verb(self._reader, *args, **kwargs)

        return await self._run(self._read_thread, work)

    @staticmethod
    async def _run(thread: ThreadPoolExecutor, work: Callable[[], R]) -> R:
        try:
            future = thread.submit(_translated, work)
        except RuntimeError as error:  # the thread was shut down
            raise _not_open() from error
        return await asyncio.wrap_future(future)


def _not_open() -> UnavailableError:
    return UnavailableError(
        "The graph store is not open.", fix="Call prepare() first, and nothing after close()."
    )


def _translated(work: Callable[[], R]) -> R:
    """Call something that uses SQLite; its errors become ours."""
    try:
        return work()
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise TimedOutError(
                "The graph file is being written by another process.", fix="Try again shortly."
            ) from error
        raise _broken(error) from error
    except (sqlite3.DatabaseError, sqlite3.ProgrammingError, OSError) as error:
        raise _broken(error) from error


def _broken(error: Exception) -> UnavailableError:
    return UnavailableError(
        f"The graph file cannot be used: {error}.",
        fix="Check that the file is Whyrec's own, its folder is writable and the disk is not full.",
    )
