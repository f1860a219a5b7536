"""What every graph store can do: the record of truth behind the snapshot.

Two real implementations share one contract test suite: the embedded store (SQLite) and Neo4j. No
query language crosses this line; the verbs below are all that the rest of the house may ask for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from graph.domain import Entity, Interaction, Item, Kind, Scalar, Triple, User
from graph.learned import LearnedEdges, Relearned

ChangeKind = Literal[
    "items",
    "entities",
    "users",
    "triples",
    "events",
    "item_deleted",
    "user_deleted",
    "events_deleted",
    "similar",
]
IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WriteCount:
    """How many records a write created, changed, and found already there as they were."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def with_repeats(written: WriteCount, n_repeats: int) -> WriteCount:
    """Count records that a later one of the same batch replaced as unchanged."""
    return WriteCount(written.created, written.updated, written.unchanged + n_repeats)


@dataclass(frozen=True, slots=True)
class TripleOutcome:
    """What became of a batch of triples.

    Attributes
    ----------
    count : WriteCount
        Triples written.
    dangling : tuple of (int, str)
        Index in the batch and the id that names neither an item nor an entity; not written.
    """

    count: WriteCount
    dangling: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class EventOutcome:
    """What became of a batch of events.

    Attributes
    ----------
    accepted : tuple of int
        Indices of the events that were written and are durable.
    duplicates : tuple of int
        Indices of the events that were known already (same key), also within the batch.
    rejected : tuple of (int, str)
        Index and reason of the events that were not written.
    """

    accepted: tuple[int, ...] = ()
    duplicates: tuple[int, ...] = ()
    rejected: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the change log, written in the same transaction as what it tells of.

    Attributes
    ----------
    version : int
        Graph version that the change made; strictly increasing by one.
    kind : ChangeKind
        What was written.
    keys : tuple of str
        Ids of the items, entities or users concerned (the users, for events; the user and the item,
        for deleted events); empty for a batch of more than 1,000 records: then only a new snapshot
        tells.
    """

    version: int
    kind: ChangeKind
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the store can serve now, and if not, why in one sentence."""

    ready: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GraphCounts:
    """How much the graph holds; ``triples`` per relation type, ``labels`` per entity label."""

    items: int = 0
    entities: int = 0
    users: int = 0
    events: int = 0
    triples: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EdgeBlock:
    """All edges of one relation between two kinds of nodes, as parallel arrays.

    Attributes
    ----------
    relation : str
        Relation type.
    head_kind, tail_kind : Kind
        ``"Item"`` or ``"Entity"``.
    heads, tails : IntArray
        Positions in :attr:`GraphExport.items` or :attr:`GraphExport.entities`; shape (n_edges,).
    weights : FloatArray
        Shape (n_edges,).
    """

    relation: str
    head_kind: Kind
    tail_kind: Kind
    heads: IntArray
    tails: IntArray
    weights: FloatArray


@dataclass(frozen=True, slots=True)
class EventBlock:
    """All events as parallel arrays, each of shape (n_events,).

    Attributes
    ----------
    users, items : IntArray
        Positions in :attr:`GraphExport.users` and :attr:`GraphExport.items`.
    types : IntArray
        Positions in ``type_names``.
    values : FloatArray
        NaN where the event has no value.
    times : FloatArray
        Unix seconds, 0 where unknown.
    type_names : tuple of str
        Event types that occur.
    """

    users: IntArray
    items: IntArray
    types: IntArray
    values: FloatArray
    times: FloatArray
    type_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GraphExport:
    """The whole graph at one version, in parallel lists and arrays; order is the order of creation.

    Learned edges (``SIMILAR_TO``, ``CLOSE_TO``) are not part of it: they belong to a model.
    """

    version: int
    items: Sequence[Item]
    entities: Sequence[Entity]
    users: Sequence[User]
    edges: Sequence[EdgeBlock]
    events: EventBlock


class GraphStore(Protocol):
    """The record of truth.

    Every write is idempotent and happens in one transaction with its entries in the change log;
    each entry raises the graph version by one. A write that changes nothing makes no entry. Items
    and entities share one namespace of ids: ``ConflictError`` when an id is already of the other
    kind. Within a batch the last record of an id counts, the others are counted as unchanged. What
    cannot be stored (an id of no or more than 512 characters, a relation or label that is not on
    the allow list, NaN) raises ``InvalidError``, and nothing of that call is written. Every method
    raises :class:`graph.errors.UnavailableError` (or its child ``TimedOutError``) when the store is
    away; then nothing of that call is written.
    """

    async def prepare(self) -> None:
        """Create schema, constraints and indexes where they are missing."""

    async def close(self) -> None:
        """Release connections and files; the store is not used afterwards."""

    async def readiness(self) -> Readiness:
        """Tell whether the store answers and its indexes are online; never raises."""

    async def version(self) -> int:
        """Return the graph version: 0 when empty, one more for each entry of the change log."""

    async def upsert_items(self, items: Sequence[Item]) -> WriteCount:
        """Create items, or replace those of the same id; their triples stay."""

    async def upsert_entities(self, entities: Sequence[Entity]) -> WriteCount:
        """Create entities, or replace those of the same id; their triples stay."""

    async def upsert_users(self, users: Sequence[User]) -> WriteCount:
        """Create users, or replace the attributes of those of the same id.

        Their events stay, and so does what they said (see :data:`graph.domain.ANSWER_PREFIX`).
        """

    async def amend_users(
        self, changes: Mapping[str, Mapping[str, Scalar | None]]
    ) -> list[tuple[User, User]]:
        """Set some attributes of users by id, take away those set to None; the others stay.

        A user nobody knows is created where there is something to set. Returns each user as before
        and as now; they are equal where nothing was written.
        """

    async def upsert_triples(self, triples: Sequence[Triple]) -> TripleOutcome:
        """Create edges between known nodes; an edge that exists gets the new weight."""

    async def put_item(
        self, item: Item, entities: Sequence[Entity], triples: Sequence[Triple]
    ) -> bool:
        """Write an item with the entities and triples that describe it, in one transaction.

        Entities that exist are left as they are. Outgoing triples of the item that are not among
        ``triples`` are removed. Returns whether the item is new. Raises ``InvalidError`` when a
        triple names nothing. The log gets one entry for new entities and one for the item.
        """

    async def add_events(self, events: Sequence[Interaction]) -> EventOutcome:
        """Append events; durable when this returns.

        A user nobody knows is created; an event on an unknown item is rejected.
        """

    async def delete_events(self, user_id: str, item_id: str) -> int:
        """Remove all events of a user on an item; returns how many there were. The user stays."""

    async def delete_item(self, item_id: str) -> bool:
        """Remove an item, its edges and its events; returns whether it existed."""

    async def delete_user(self, user_id: str) -> bool:
        """Remove a user and all of the user's events; returns whether the user existed."""

    async def item(self, item_id: str) -> Item:
        """Return an item; raises ``NotFoundError``."""

    async def entity(self, entity_id: str) -> Entity:
        """Return an entity; raises ``NotFoundError``."""

    async def user(self, user_id: str) -> User:
        """Return a user; raises ``NotFoundError``."""

    async def triples_of(self, node_id: str) -> list[Triple]:
        """Return every triple with this item or entity as head or tail."""

    async def events_of(self, user_id: str) -> list[Interaction]:
        """Return the events of a user, oldest first; raises ``NotFoundError``."""

    async def search(self, text: str, *, limit: int = 20) -> list[tuple[Kind, str]]:
        """Find items and entities by words of their names and aliases, best first.

        English words by prefix, Chinese by two or more characters. Returns kind and id.
        """

    async def changes(self, since: int, *, limit: int = 1000) -> list[Change]:
        """Return the entries of the change log with a version above ``since``, oldest first."""

    async def export(self) -> GraphExport:
        """Read the whole graph at one consistent version."""

    async def counts(self) -> GraphCounts:
        """Count what the graph holds."""

    async def replace_learned(self, edges: LearnedEdges) -> int:
        """Replace all learned edges by those of one model; returns how many were written.

        Edges of items that do not exist are left out.
        """

    async def put_learned(self, owners: Sequence[str], edges: LearnedEdges) -> int:
        """Replace the learned edges that start at some items; returns how many were written.

        ``edges`` start at these items; those of items that do not exist are left out.
        """

    async def relearned(self, owners: Sequence[str] | None = None) -> Relearned:
        """Tell what differs from the edges that the model wrote as a whole.

        ``owners`` names the items to tell of; None tells of all.
        """

    async def find_edges(self, edges: Sequence[tuple[str, str, str]]) -> list[bool]:
        """Tell which edges (source id, type, target id) are there, in that direction.

        Events (``INTERACTED``), triples, learned edges, and what users said of entities
        (``ASKS_FOR`` and ``AVOIDS``).
        """

    async def similar(self, item_id: str) -> list[tuple[str, float]]:
        """Return the ``SIMILAR_TO`` neighbours of an item with their weights, best first."""

    async def write_vectors(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Replace the item vectors used by :meth:`nearest`; shape (len(ids), n_dims).

        Not a change of the graph: the version stays. Ids of no item and vectors of zeros are left
        out.
        """

    async def nearest(self, vector: NDArray[np.float32], *, k: int) -> list[tuple[str, float]]:
        """Return the k items whose vectors have the highest cosine with ``vector``."""
