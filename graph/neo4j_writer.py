"""One writing transaction of the Neo4j store: the graph's lock, numbers, and the change log."""

from collections.abc import Collection, Iterable
from typing import Any

from neo4j import AsyncManagedTransaction

from graph import neo4j_queries as cypher
from graph.domain import Kind
from graph.records import is_id
from graph.store import ChangeKind

MAX_LOGGED_KEYS = 1000


class GraphWriter:
    """One writing transaction: numbers for new nodes, and entries for the change log.

    Parameters
    ----------
    tx : AsyncManagedTransaction
        The transaction.
    meta : dict
        Properties of the ``_Meta`` node, which this transaction has locked.
    """

    def __init__(self, tx: AsyncManagedTransaction, meta: dict[str, Any]) -> None:
        self._tx = tx
        self._meta = meta
        self._changes: list[tuple[int, ChangeKind, list[str]]] = []

    @classmethod
    async def locked(cls, tx: AsyncManagedTransaction) -> "GraphWriter":
        """Wait for the graph's lock and begin."""
        result = await tx.run(cypher.LOCK)
        ((meta,),) = await result.values()
        return cls(tx, dict(meta))

    async def finish(self) -> None:
        """Write the change log and the counters; nothing when nothing changed."""
        if self._changes:
            await self.run(cypher.FINISH, meta=self._meta, changes=self._changes)

    async def run(self, statement: str, **parameters: Any) -> list[list[Any]]:
        """Run a statement of this transaction and return its rows."""
        result = await self._tx.run(statement, parameters)
        return await result.values()

    def log(self, kind: ChangeKind, keys: Collection[str], *, n_records: int | None = None) -> None:
        """Add an entry to the change log, which raises the version by one."""
        few = (len(keys) if n_records is None else n_records) <= MAX_LOGGED_KEYS
        self._meta["version"] += 1
        self._changes.append((self._meta["version"], kind, list(keys) if few else []))

    @property
    def generation(self) -> int:
        """The generation of learned edges that is read."""
        return int(self._meta["similar"])

    def set_generation(self, generation: int, model: str) -> None:
        """Make one generation of learned edges, those of a model, the one that is read."""
        self._meta["similar"] = generation
        self._meta["similar_model"] = model

    def take(self, counter: str, n: int) -> Iterable[int]:
        """Take the next numbers of a counter."""
        first = int(self._meta[counter])
        self._meta[counter] = first + n
        return range(first, first + n)

    async def known(self, kind: Kind, ids: Collection[str]) -> set[str]:
        """Return those of the ids that exist."""
        ((found,),) = await self.run(
            cypher.known_ids(kind), ids=[name for name in ids if is_id(name)]
        )
        return set(found)

    async def run_counted(self, statement: str, **parameters: Any) -> tuple[int, int]:
        """Run a statement that merges; returns how many edges it made, and its own count."""
        result = await self._tx.run(statement, parameters)
        ((n_updated,),) = await result.values()
        summary = await result.consume()
        return summary.counters.relationships_created, int(n_updated)
