"""The graph in Neo4j 5.26: the record of truth where a server runs."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
from neo4j import AsyncManagedTransaction
from numpy.typing import NDArray

from graph import neo4j_edges, neo4j_learned, neo4j_nodes, neo4j_reads
from graph import neo4j_queries as cypher
from graph.domain import Entity, Interaction, Item, Kind, Scalar, Triple, User
from graph.errors import AppError, TimedOutError, UnavailableError
from graph.learned import LearnedEdges, Relearned
from graph.neo4j_connection import Neo4jConnection
from graph.neo4j_writer import GraphWriter
from graph.records import check_query_vector, is_id, unit_rows
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

_BATCH = 5000
_MIN_NEIGHBOURS = 50


class Neo4jStore:
    """A :class:`graph.store.GraphStore` on a Neo4j server.

    Writers of all processes queue at the lock of one node, which also counts versions. A connection
    that breaks while a commit is under way leaves open whether it happened: the call raises
    ``UnavailableError`` and, as every write is idempotent, may simply be made again.

    Parameters
    ----------
    uri : str
        Address, such as ``bolt://localhost:7687``.
    user, password : str
        Credentials.
    database : str
        Name of the database; community servers have one.
    query_timeout_s : float
        After so many seconds the server ends a query.
    bulk_timeout_s : float
        The same for exports and for writes of whole models.
    retry_budget_s : float
        Seconds within which a transaction that failed for a passing reason is tried again.
    """

    def __init__(
        self,
        uri: str,
        user: str,
        password: str,
        database: str = "neo4j",
        *,
        query_timeout_s: float = 30.0,
        bulk_timeout_s: float = 600.0,
        retry_budget_s: float = 3.0,
    ) -> None:
        self._connection = Neo4jConnection(
            uri, user, password, database=database, retry_budget_s=retry_budget_s
        )
        self._query_timeout_s = query_timeout_s
        self._bulk_timeout_s = bulk_timeout_s
        self._one_writer = asyncio.Lock()

    async def prepare(self) -> None:
        """Create constraints and indexes where they are missing."""
        for statement in cypher.SCHEMA:
            await self._connection.run(statement, timeout_s=self._query_timeout_s)
        # After a crash the server rebuilds indexes for minutes; readiness() tells when it is done.
        with suppress(TimedOutError, UnavailableError):
            await self._connection.run(cypher.AWAIT_INDEXES, timeout_s=20.0, seconds=15)

    async def close(self) -> None:
        """Close every connection; the store is not used afterwards."""
        await self._connection.close()

    async def readiness(self) -> Readiness:
        """Tell whether the server answers and its indexes are online; never raises."""
        try:
            found = await self._connection.run(cypher.SHOW_INDEXES, timeout_s=5.0)
        except AppError as error:
            return Readiness(ready=False, reason=str(error))
        missing = cypher.EXPECTED_INDEXES - {name for name, *_ in found}
        if missing:
            return Readiness(ready=False, reason=f"The index {min(missing)} is missing.")
        for name, state, percent, _ in found:
            if state != "ONLINE":
                reason = f"The index {name} is {state.lower()} ({percent:.0f} %)."
                return Readiness(ready=False, reason=reason)
        return Readiness(ready=True)

    async def version(self) -> int:
        """Return the graph version."""
        return await self._read(neo4j_reads.version)

    async def upsert_items(self, items: Sequence[Item]) -> WriteCount:
        """Create items, or replace those of the same id; their triples stay."""
        return await self._write(neo4j_nodes.upsert_items, items)

    async def upsert_entities(self, entities: Sequence[Entity]) -> WriteCount:
        """Create entities, or replace those of the same id; their triples stay."""
        return await self._write(neo4j_nodes.upsert_entities, entities)

    async def upsert_users(self, users: Sequence[User]) -> WriteCount:
        """Create users, or replace the attributes of those of the same id."""
        return await self._write(neo4j_nodes.upsert_users, users)

    async def amend_users(
        self, changes: Mapping[str, Mapping[str, Scalar | None]]
    ) -> list[tuple[User, User]]:
        """Set some attributes of users, take away those set to None; each before and now."""
        return await self._write(neo4j_nodes.amend_users, changes)

    async def upsert_triples(self, triples: Sequence[Triple]) -> TripleOutcome:
        """Create edges between known nodes; an edge that exists gets the new weight."""
        return await self._write(neo4j_edges.upsert_triples, triples)

    async def put_item(
        self, item: Item, entities: Sequence[Entity], triples: Sequence[Triple]
    ) -> bool:
        """Write an item with what describes it; returns whether it is new."""
        return await self._write(neo4j_edges.put_item, item, entities, triples)

    async def add_events(self, events: Sequence[Interaction]) -> EventOutcome:
        """Append events; durable when this returns."""
        return await self._write(neo4j_edges.add_events, events)

    async def delete_events(self, user_id: str, item_id: str) -> int:
        """Remove all events of a user on an item; returns how many there were."""
        if not (is_id(user_id) and is_id(item_id)):
            return 0
        return await self._write(neo4j_edges.delete_events, user_id, item_id)

    async def delete_item(self, item_id: str) -> bool:
        """Remove an item, its edges and its events; returns whether it existed."""
        return is_id(item_id) and await self._write(neo4j_nodes.delete_item, item_id)

    async def delete_user(self, user_id: str) -> bool:
        """Remove a user and all of the user's events; returns whether the user existed."""
        return is_id(user_id) and await self._write(neo4j_nodes.delete_user, user_id)

    async def item(self, item_id: str) -> Item:
        """Return an item; raises ``NotFoundError``."""
        return await self._read(neo4j_reads.record, Item, item_id)

    async def entity(self, entity_id: str) -> Entity:
        """Return an entity; raises ``NotFoundError``."""
        return await self._read(neo4j_reads.record, Entity, entity_id)

    async def user(self, user_id: str) -> User:
        """Return a user; raises ``NotFoundError``."""
        return await self._read(neo4j_reads.record, User, user_id)

    async def triples_of(self, node_id: str) -> list[Triple]:
        """Return every triple with this item or entity as head or tail."""
        return await self._read(neo4j_reads.triples_of, node_id)

    async def events_of(self, user_id: str) -> list[Interaction]:
        """Return the events of a user, oldest first; raises ``NotFoundError``."""
        return await self._read(neo4j_reads.events_of, user_id)

    async def search(self, text: str, *, limit: int = 20) -> list[tuple[Kind, str]]:
        """Find items and entities by words of their names and aliases, best first."""
        query = neo4j_nodes.search_query(text)
        if not query or limit < 1:
            return []
        found = await self._read(neo4j_reads.rows, cypher.SEARCH, query=query, limit=limit)
        return [(kind, name) for kind, name in found]

    async def changes(self, since: int, *, limit: int = 1000) -> list[Change]:
        """Return the entries of the change log with a version above ``since``."""
        return await self._read(neo4j_reads.changes, since, limit)

    async def export(self) -> GraphExport:
        """Read the whole graph at one version; writers wait only when the first two tries fail."""
        for _ in range(2):
            raw = await self._connection.read(
                neo4j_reads.raw_export, timeout_s=self._bulk_timeout_s
            )
            # The server shows what is being committed bit by bit: an edge may come before its node.
            with suppress(IndexError):
                if raw.versions[0] == raw.versions[1]:
                    return await asyncio.to_thread(neo4j_reads.assembled, raw)
        raw = await self._connection.write(_locked_export, timeout_s=self._bulk_timeout_s)
        return await asyncio.to_thread(neo4j_reads.assembled, raw)

    async def counts(self) -> GraphCounts:
        """Count what the graph holds."""
        return await self._read(neo4j_reads.counts)

    async def replace_learned(self, edges: LearnedEdges) -> int:
        """Replace all learned edges by those of one model; returns how many were written."""
        # A whole model does not fit one transaction: batches are written under a generation that
        # nobody reads, one small transaction makes it the current one, then the old edges go.
        await self._bulk(cypher.DELETE_OLD_LEARNED)
        generation = await self._read(neo4j_reads.generation) + 1
        written = 0
        for start in range(0, len(edges), _BATCH):
            some = edges.part(start, start + _BATCH)
            written += await self._write(neo4j_learned.write, some, generation)
        await self._write(neo4j_learned.make_current, generation, edges.model)
        await self._bulk(cypher.DELETE_OLD_LEARNED)
        return written

    async def put_learned(self, owners: Sequence[str], edges: LearnedEdges) -> int:
        """Replace the learned edges that start at some items."""
        return await self._write(neo4j_learned.put, owners, edges)

    async def relearned(self, owners: Sequence[str] | None = None) -> Relearned:
        """Tell what differs from the edges that the model wrote as a whole."""
        return await self._read(neo4j_learned.relearned, owners)

    async def find_edges(self, edges: Sequence[tuple[str, str, str]]) -> list[bool]:
        """Tell which edges (source id, type, target id) are there, in that direction."""
        return await self._read(neo4j_learned.find_edges, edges)

    async def similar(self, item_id: str) -> list[tuple[str, float]]:
        """Return the ``SIMILAR_TO`` neighbours of an item with their weights, best first."""
        if not is_id(item_id):
            return []
        found = await self._read(neo4j_reads.rows, cypher.SIMILAR, id=item_id)
        return [(name, weight) for name, weight in found]

    async def write_vectors(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Replace the item vectors used by :meth:`nearest`; shape (len(ids), n_dims)."""
        matrix = unit_rows(vectors, len(ids))
        kept = [row for row, name in enumerate(ids) if is_id(name) and matrix[row].any()]
        n_dims = matrix.shape[1] if kept else None
        if await self._vector_dims() != n_dims:
            await self._bulk(cypher.DROP_VECTOR_INDEX)

        async def work(tx: AsyncManagedTransaction) -> None:
            await neo4j_reads.rows(tx, cypher.REMOVE_VECTORS)
            for start in range(0, len(kept), _BATCH):
                rows = [[ids[row], matrix[row].tolist()] for row in kept[start : start + _BATCH]]
                await neo4j_reads.rows(tx, cypher.WRITE_VECTORS, rows=rows)

        async with self._one_writer:
            await self._connection.write(work, timeout_s=self._bulk_timeout_s)
        if n_dims is not None:
            await self._bulk(cypher.create_vector_index(n_dims))
            await self._bulk(cypher.AWAIT_INDEXES, seconds=int(self._bulk_timeout_s))

    async def nearest(self, vector: NDArray[np.float32], *, k: int) -> list[tuple[str, float]]:
        """Return the k items whose vectors have the highest cosine with ``vector``."""
        # The index is approximate; asked for at least 50 neighbours it finds nearly all.
        query = unit_rows(np.atleast_2d(vector), 1)[0]
        n_dims = await self._vector_dims()
        if n_dims is None or k < 1:
            return []
        check_query_vector(query, n_dims)
        found = await self._read(
            neo4j_reads.rows, cypher.NEAREST, k=max(k, _MIN_NEIGHBOURS), vector=query.tolist()
        )
        return [(name, cosine) for name, cosine in found[:k]]

    async def _vector_dims(self) -> int | None:
        """Return the dimensions of the vector index; None when there is none."""
        found = await self._connection.run(cypher.SHOW_INDEXES, timeout_s=self._query_timeout_s)
        for name, state, _, options in found:
            if name == cypher.VECTOR_INDEX:
                if state != "ONLINE":
                    raise UnavailableError(
                        "The vector index is still being built.", retry_after_s=30.0
                    )
                return int(options["indexConfig"]["vector.dimensions"])
        return None

    async def _bulk(self, statement: str, **parameters: Any) -> None:
        await self._connection.run(statement, timeout_s=self._bulk_timeout_s, **parameters)

    async def _read(
        self,
        verb: Callable[Concatenate[AsyncManagedTransaction, P], Awaitable[R]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        return await self._connection.read(
            lambda tx: verb(tx, *args, **kwargs), timeout_s=self._query_timeout_s
        )

    async def _write(
        self,
        verb: Callable[Concatenate[GraphWriter, P], Awaitable[R]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        async def work(tx: AsyncManagedTransaction) -> R:
            writer = await GraphWriter.locked(tx)
            outcome = await verb(writer, *args, **kwargs)
            await writer.finish()
            return outcome

        async with self._one_writer:
            return await self._connection.write(work, timeout_s=self._query_timeout_s)


async def _locked_export(tx: AsyncManagedTransaction) -> neo4j_reads.RawExport:
    await GraphWriter.locked(tx)
    return await neo4j_reads.raw_export(tx)
