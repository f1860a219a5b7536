"""Writing triples and events into Neo4j."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from graph import neo4j_queries as cypher
from graph.domain import Entity, Interaction, Item, Kind, Triple
from graph.errors import ConflictError, InvalidError
from graph.neo4j_nodes import create_users, write_entities, write_items
from graph.neo4j_writer import GraphWriter
from graph.records import check_triples, event_problem, last_by_id, unknown_item
from graph.store import EventOutcome, TripleOutcome, WriteCount

EdgeKind = tuple[Kind, str, Kind]
Edges = dict[EdgeKind, dict[tuple[str, str], float]]
Dangling = list[tuple[int, str]]


async def upsert_triples(writer: GraphWriter, triples: Sequence[Triple]) -> TripleOutcome:
    """Create edges between known nodes; an edge that exists gets the new weight."""
    check_triples(triples)
    edges, dangling = await _resolve(writer, triples)
    created, updated = await _write_edges(writer, edges)
    if created or updated:
        lost = {index for index, _ in dangling}
        kept = (t for index, t in enumerate(triples) if index not in lost)
        ends = dict.fromkeys(name for t in kept for name in (t.head, t.tail))
        writer.log("triples", ends, n_records=sum(map(len, edges.values())))
    unchanged = len(triples) - len(dangling) - created - updated
    return TripleOutcome(WriteCount(created, updated, unchanged), tuple(dangling))


async def put_item(
    writer: GraphWriter, item: Item, entities: Sequence[Entity], triples: Sequence[Triple]
) -> bool:
    """Write an item with what describes it; returns whether it is new.

    Parameters
    ----------
    writer : GraphWriter
        An open transaction.
    item : Item
        The item.
    entities : Sequence[Entity]
        Entities the triples need; those that exist are left as they are.
    triples : Sequence[Triple]
        All outgoing triples the item shall have, and others that come along.

    Returns
    -------
    bool
        Whether the item is new.

    Raises
    ------
    InvalidError
        If a triple names nothing.
    ConflictError
        If an entity has the id of an item.
    """
    check_triples(triples)
    described = last_by_id(entities)
    if item.id in described:
        raise ConflictError(f"The item {item.id[:80]!r} and an entity have the same id.")
    count, changed = await write_items(writer, last_by_id([item]))
    there = await writer.known("Entity", list(described))
    new = {name: entity for name, entity in described.items() if name not in there}
    await write_entities(writer, new)
    edges, dangling = await _resolve(writer, triples)
    if dangling:
        raise InvalidError(
            f"A triple of the item names {dangling[0][1][:80]!r}, which is not known.",
            fix="Send the entity along with the item.",
        )
    moved = await _remove_others(writer, item.id, triples)
    moved += sum(await _write_edges(writer, edges))
    if new:
        writer.log("entities", list(new))
    if new or changed or moved:
        writer.log("items", [item.id])
    return count.created == 1


async def add_events(writer: GraphWriter, events: Sequence[Interaction]) -> EventOutcome:
    """Append events; durable when the transaction has ended."""
    items = await writer.known("Item", {event.item_id for event in events})
    rejected: list[tuple[int, str]] = []
    first: dict[int, int] = {}
    for index, event in enumerate(events):
        if problem := event_problem(event):
            rejected.append((index, problem))
        elif event.item_id not in items:
            rejected.append((index, unknown_item(event.item_id)))
        else:
            first.setdefault(event.key, index)
    accepted = await _insert_events(writer, {key: events[n] for key, n in first.items()}, first)
    refused = {*accepted, *(index for index, _ in rejected)}
    duplicates = [index for index in range(len(events)) if index not in refused]
    return EventOutcome(tuple(accepted), tuple(duplicates), tuple(rejected))


async def delete_events(writer: GraphWriter, user_id: str, item_id: str) -> int:
    """Remove all events of a user on an item; returns how many there were."""
    ((n_deleted,),) = await writer.run(cypher.DELETE_EVENTS, user=user_id, item=item_id)
    if n_deleted:
        writer.log("events_deleted", [user_id, item_id])
    return int(n_deleted)


async def _resolve(writer: GraphWriter, triples: Sequence[Triple]) -> tuple[Edges, Dangling]:
    """Sort triples by kind of edge; the last weight of a repeated triple counts."""
    ids = {name for triple in triples for name in (triple.head, triple.tail)}
    kinds: dict[str, Kind] = dict.fromkeys(await writer.known("Item", ids), "Item")
    kinds.update(dict.fromkeys(await writer.known("Entity", ids - kinds.keys()), "Entity"))
    edges: Edges = defaultdict(dict)
    dangling: Dangling = []
    for index, triple in enumerate(triples):
        head, tail = kinds.get(triple.head), kinds.get(triple.tail)
        if head is None or tail is None:
            dangling.append((index, triple.head if head is None else triple.tail))
        else:
            edges[head, triple.relation, tail][triple.head, triple.tail] = float(triple.weight)
    return edges, dangling


async def _write_edges(writer: GraphWriter, edges: Edges) -> tuple[int, int]:
    """Write edges; returns how many were created and how many got another weight."""
    created = updated = 0
    for kind, weights in edges.items():
        by_head: dict[str, list[list[Any]]] = defaultdict(list)
        for (head, tail), weight in weights.items():
            by_head[head].append([tail, weight])
        n_created, n_updated = await writer.run_counted(
            cypher.merge_triples(*kind), rows=[list(row) for row in by_head.items()]
        )
        created += n_created
        updated += n_updated
    return created, updated


async def _remove_others(writer: GraphWriter, item_id: str, keep: Sequence[Triple]) -> int:
    """Remove the outgoing edges of an item that are not to be kept."""
    kept = {(triple.relation, triple.tail) for triple in keep if triple.head == item_id}
    found = await writer.run(cypher.OUTGOING, id=item_id)
    gone = [edge for edge, relation, tail in found if (relation, tail) not in kept]
    if gone:
        await writer.run(cypher.DELETE_EDGES, ids=gone)
    return len(gone)


async def _insert_events(
    writer: GraphWriter, events: Mapping[int, Interaction], index_of: Mapping[int, int]
) -> list[int]:
    """Insert the events whose key is new; returns their indices in order."""
    if not events:
        return []
    ((found,),) = await writer.run(cypher.KNOWN_EVENTS, keys=list(events))
    known = set(found)
    new = {key: event for key, event in events.items() if key not in known}
    if not new:
        return []
    people = dict.fromkeys(event.user_id for event in new.values())
    there = await writer.known("User", people)
    strangers = [name for name in people if name not in there]
    await create_users(writer, [{"id": name, "record": "{}"} for name in strangers])
    by_user: dict[str, list[list[Any]]] = defaultdict(list)
    for (key, e), seq in zip(new.items(), writer.take("event", len(new)), strict=True):
        fields = [e.item_id, key, e.type, e.value, float(e.at), e.event_id or None, seq]
        by_user[e.user_id].append(fields)
    await writer.run(cypher.CREATE_EVENTS, rows=[list(row) for row in by_user.items()])
    if strangers:
        writer.log("users", strangers)
    writer.log("events", people, n_records=len(new))
    return [index_of[key] for key in new]
