"""Reading verbs of the Neo4j store inside one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from neo4j import AsyncManagedTransaction

from graph import neo4j_queries as cypher
from graph.domain import INTERACTED, Entity, Interaction, Item, Kind, Triple, User
from graph.errors import NotFoundError
from graph.learned import LEARNED_RELATIONS
from graph.records import Node, is_id, unpack
from graph.store import Change, EdgeBlock, EventBlock, GraphCounts, GraphExport, IntArray

Rows = list[list[Any]]

KIND_OF: Mapping[type, Kind] = {Item: "Item", Entity: "Entity", User: "User"}
KINDS = tuple(KIND_OF.values())


async def rows(tx: AsyncManagedTransaction, statement: str, /, **parameters: Any) -> Rows:
    """Run a statement and return all its rows."""
    result = await tx.run(statement, parameters)
    return await result.values()


async def version(tx: AsyncManagedTransaction) -> int:
    """Return the version of the last entry of the change log."""
    found = await rows(tx, cypher.VERSION)
    return int(found[0][0]) if found else 0


async def generation(tx: AsyncManagedTransaction) -> int:
    """Return the highest number that a generation of learned edges has had."""
    ((number,),) = await rows(tx, cypher.GENERATION)
    return int(number)


async def record(tx: AsyncManagedTransaction, cls: type[Node], name: str) -> Node:
    """Return one item, entity or user.

    Parameters
    ----------
    tx : AsyncManagedTransaction
        The transaction.
    cls : type
        :class:`Item`, :class:`Entity` or :class:`User`.
    name : str
        Its id.

    Returns
    -------
    Item, Entity or User
        The record.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    kind = KIND_OF[cls]
    found = await rows(tx, cypher.record_of(kind), id=name) if is_id(name) else []
    if not found:
        raise NotFoundError(kind.lower(), name)
    return unpack(cls, name, found[0][0])


async def triples_of(tx: AsyncManagedTransaction, node_id: str) -> list[Triple]:
    """Return the triples that start or end at a node."""
    if not is_id(node_id):
        return []
    for kind in KINDS[:2]:
        if found := await rows(tx, cypher.triples_of(kind), id=node_id):
            return [Triple(*fields) for fields in found]
    return []


async def events_of(tx: AsyncManagedTransaction, user_id: str) -> list[Interaction]:
    """Return the events of a user, oldest first."""
    await record(tx, User, user_id)
    found = await rows(tx, cypher.EVENTS_OF, id=user_id)
    return [Interaction(user_id, *fields) for fields in found]


async def changes(tx: AsyncManagedTransaction, since: int, limit: int) -> list[Change]:
    """Return the entries of the change log above a version."""
    found = await rows(tx, cypher.CHANGES, since=since, limit=limit)
    return [Change(number, kind, tuple(keys)) for number, kind, keys in found]


async def counts(tx: AsyncManagedTransaction) -> GraphCounts:
    """Count what the graph holds."""
    ((n_items, n_entities, n_users, n_events),) = await rows(tx, cypher.COUNT_NODES)
    triples = {
        name: (await rows(tx, cypher.count_triples(name)))[0][0] for name in await relations(tx)
    }
    labels = {label: n for label, n in await rows(tx, cypher.COUNT_LABELS)}  # noqa: C416
    present = {name: n for name, n in triples.items() if n}
    return GraphCounts(n_items, n_entities, n_users, n_events, present, labels)


async def relations(tx: AsyncManagedTransaction) -> list[str]:
    """Return the relation types of the graph; those that nobody of ours can have made are not."""
    ((names,),) = await rows(tx, cypher.RELATION_TYPES)
    reserved = {INTERACTED, *LEARNED_RELATIONS}
    return sorted(name for name in names if cypher.is_relation(name) and name not in reserved)


@dataclass(frozen=True, slots=True)
class RawExport:
    """What the server answered, in parallel lists; nothing is looked up in it yet.

    Attributes
    ----------
    versions : (int, int)
        Graph version before and after; when they differ, somebody wrote meanwhile.
    nodes : Mapping[Kind, Rows]
        Blocks of numbers, ids and records.
    edges : Mapping[str, Rows]
        Blocks of heads, tails and weights by relation.
    events : Rows
        Blocks of users, items, types, values, times and places in the order of creation.
    """

    versions: tuple[int, int]
    nodes: Mapping[Kind, Rows]
    edges: Mapping[str, Rows]
    events: Rows


async def raw_export(tx: AsyncManagedTransaction) -> RawExport:
    """Read the whole graph."""
    before = await version(tx)
    nodes = {kind: await rows(tx, cypher.export_nodes(kind)) for kind in KINDS}
    edges = {name: await rows(tx, cypher.export_triples(name)) for name in await relations(tx)}
    events = await rows(tx, cypher.EXPORT_EVENTS)
    return RawExport((before, await version(tx)), nodes, edges, events)


def assembled(raw: RawExport) -> GraphExport:
    """Turn the lists of one version into an export; `IndexError` where an edge misses a node."""
    items, item_places = _nodes(Item, raw.nodes["Item"])
    entities, entity_places = _nodes(Entity, raw.nodes["Entity"])
    users, user_places = _nodes(User, raw.nodes["User"])
    places: Mapping[Kind, IntArray] = {"Item": item_places, "Entity": entity_places}
    blocks = [
        block for name, found in raw.edges.items() for block in _edge_blocks(name, found, places)
    ]
    events = _event_block(raw.events, user_places, item_places)
    return GraphExport(raw.versions[0], items, entities, users, blocks, events)


def _nodes(cls: type[Node], found: Rows) -> tuple[list[Node], IntArray]:
    """Return all nodes of a kind in order of creation, and the position of each number."""
    numbers = _joined([numbers for numbers, *_ in found], np.int64)
    ids = [name for _, names, *_ in found for name in names]
    records = [text for _, _, texts, _ in found for text in texts]
    order = np.argsort(numbers, kind="stable")
    places = np.full(int(numbers.max(initial=0)) + 1, -1, dtype=np.int64)
    places[numbers[order]] = np.arange(len(numbers))
    return [unpack(cls, ids[row], records[row]) for row in order], places


def _edge_blocks(
    relation: str, found: Rows, places: Mapping[Kind, IntArray]
) -> Iterator[EdgeBlock]:
    for from_item in (True, False):
        for to_item in (True, False):
            some = [row for row in found if (row[0], row[1]) == (from_item, to_item)]
            if some:
                head: Kind = "Item" if from_item else "Entity"
                tail: Kind = "Item" if to_item else "Entity"
                yield EdgeBlock(
                    relation,
                    head,
                    tail,
                    _placed(places[head], _joined([row[2] for row in some], np.int64)),
                    _placed(places[tail], _joined([row[3] for row in some], np.int64)),
                    _joined([row[4] for row in some], np.float64),
                )


def _event_block(found: Rows, users: IntArray, items: IntArray) -> EventBlock:
    names = sorted({name for row in found for name in set(row[2])})
    number_of = {name: number for number, name in enumerate(names)}
    order = np.argsort(_joined([row[5] for row in found], np.int64), kind="stable")
    types = _joined([[number_of[name] for name in row[2]] for row in found], np.int64)
    return EventBlock(
        _placed(users, _joined([row[0] for row in found], np.int64)[order]),
        _placed(items, _joined([row[1] for row in found], np.int64)[order]),
        types[order],
        _joined([row[3] for row in found], np.float64)[order],
        _joined([row[4] for row in found], np.float64)[order],
        tuple(names),
    )


def _placed(places: IntArray, numbers: IntArray) -> IntArray:
    """Return the positions of nodes by their numbers; an error where one was not read."""
    found = places[numbers]
    if (found < 0).any():
        raise IndexError("An edge leads to a node that was not read.")
    return found


def _joined(parts: Sequence[Sequence[Any]], dtype: Any) -> Any:
    """Join lists into one array; an empty array when there are none."""
    return np.concatenate([np.zeros(0, dtype), *(np.asarray(part, dtype) for part in parts)])
