"""Writing triples, events and vectors into the embedded store."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from graph.domain import Entity, Interaction, Item, Triple
from graph.embedded_nodes import create_users, delete_users, write_entities, write_items
from graph.embedded_session import WriteSession
from graph.errors import ConflictError, InvalidError
from graph.records import check_triples, event_problem, last_by_id, unknown_item
from graph.store import EventOutcome, TripleOutcome, WriteCount

Edges = dict[tuple[int, int, int], float]
Dangling = list[tuple[int, str]]
EventRow = tuple[int, int, int, int, float | None, float, str]


def upsert_triples(session: WriteSession, triples: Sequence[Triple]) -> TripleOutcome:
    """Create edges between known nodes; an edge that exists gets the new weight."""
    check_triples(triples)
    with session.transaction():
        edges, dangling = _resolve(session, triples)
        created, updated = _write_edges(session, edges)
        if created or updated:
            lost = {index for index, _ in dangling}
            kept = (t for index, t in enumerate(triples) if index not in lost)
            ends = dict.fromkeys(name for t in kept for name in (t.head, t.tail))
            session.log("triples", ends, n_records=len(edges))
    unchanged = len(triples) - len(dangling) - created - updated
    return TripleOutcome(WriteCount(created, updated, unchanged), tuple(dangling))


def put_item(
    session: WriteSession, item: Item, entities: Sequence[Entity], triples: Sequence[Triple]
) -> bool:
    """Write an item with what describes it; returns whether it is new.

    Parameters
    ----------
    session : WriteSession
        Where to.
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
    with session.transaction():
        count, changed = write_items(session, last_by_id([item]))
        session.find_nodes(described)
        for name in described:
            if name in session.items:
                raise ConflictError(f"The id {name[:80]!r} is already that of an item.")
        new = {n: entity for n, entity in described.items() if n not in session.entities}
        write_entities(session, new)
        edges, dangling = _resolve(session, triples)
        if dangling:
            raise InvalidError(
                f"A triple of the item names {dangling[0][1][:80]!r}, which is not known.",
                fix="Send the entity along with the item.",
            )
        moved = _remove_others(session, session.items[item.id], edges)
        moved += sum(_write_edges(session, edges))
        if new:
            session.log("entities", list(new))
        if new or changed or moved:
            session.log("items", [item.id])
    return count.created == 1


def add_events(session: WriteSession, events: Sequence[Interaction]) -> EventOutcome:
    """Append events; durable when this returns."""
    rejected: list[tuple[int, str]] = []
    first: dict[int, int] = {}
    with session.transaction():
        session.find_nodes(event.item_id for event in events)
        for index, event in enumerate(events):
            if problem := event_problem(event):
                rejected.append((index, problem))
            elif event.item_id not in session.items:
                rejected.append((index, unknown_item(event.item_id)))
            else:
                first.setdefault(event.key, index)
        keys = _insert_events(session, {key: events[index] for key, index in first.items()})
    accepted = [first[key] for key in keys]
    refused = {*accepted, *(index for index, _ in rejected)}
    duplicates = [index for index in range(len(events)) if index not in refused]
    return EventOutcome(tuple(accepted), tuple(duplicates), tuple(rejected))


def delete_events(session: WriteSession, user_id: str, item_id: str) -> int:
    """Remove all events of a user on an item; returns how many there were."""
    with session.transaction():
        session.find_users([user_id])
        session.find_nodes([item_id])
        pair = session.users.get(user_id), session.items.get(item_id)
        n_deleted = session.connection.execute(
            "delete from event where user = ? and item = ?", pair
        ).rowcount
        if n_deleted:
            session.log("events_deleted", [user_id, item_id])
    return n_deleted


def write_vectors(session: WriteSession, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Replace the vectors of all items; rows of length 1 or 0 (those are left out)."""
    with session.transaction():
        session.find_nodes(ids)
        rows = {
            session.items[name]: vector.tobytes()
            for name, vector in zip(ids, vectors, strict=True)
            if name in session.items and vector.any()
        }
        session.connection.execute("delete from vector")
        session.connection.executemany("insert into vector values (?, ?)", sorted(rows.items()))
        session.vectors_changed()


def _resolve(session: WriteSession, triples: Sequence[Triple]) -> tuple[Edges, Dangling]:
    """Turn triples into numbered edges; the last weight of a repeated triple counts."""
    session.find_nodes({name for triple in triples for name in (triple.head, triple.tail)})
    items, entities = session.items, session.entities
    relations = {name: session.symbol(name) for name in {t.relation for t in triples}}
    edges: Edges = {}
    dangling: Dangling = []
    for index, triple in enumerate(triples):
        head = items.get(triple.head) or entities.get(triple.head)
        tail = items.get(triple.tail) or entities.get(triple.tail)
        if head is None or tail is None:
            dangling.append((index, triple.head if head is None else triple.tail))
        else:
            edges[head, relations[triple.relation], tail] = triple.weight
    return edges, dangling


def _write_edges(session: WriteSession, edges: Edges) -> tuple[int, int]:
    """Write edges; returns how many were created and how many got another weight."""
    rows = [(*edge, float(edges[edge])) for edge in sorted(edges)]
    created = session.connection.executemany(
        "insert or ignore into edge values (?, ?, ?, ?)", rows
    ).rowcount
    created = max(created, 0)
    if created == len(rows):
        return created, 0
    updated = session.connection.executemany(
        "update edge set weight = ?4 where head = ?1 and relation = ?2 and tail = ?3 "
        "and weight <> ?4",
        rows,
    ).rowcount
    return created, updated


def _remove_others(session: WriteSession, head: int, keep: Edges) -> int:
    """Remove the outgoing edges of a node that are not to be kept."""
    found = session.connection.execute(
        "select head, relation, tail from edge where head = ?", (head,)
    ).fetchall()
    gone = [edge for edge in found if edge not in keep]
    session.connection.executemany(
        "delete from edge where head = ? and relation = ? and tail = ?", gone
    )
    return len(gone)


def _insert_events(session: WriteSession, events: Mapping[int, Interaction]) -> list[int]:
    """Insert the events whose key is new; returns those keys in order."""
    session.find_users(event.user_id for event in events.values())
    people = dict.fromkeys(event.user_id for event in events.values())
    strangers = [name for name in people if name not in session.users]
    create_users(session, dict.fromkeys(strangers, "{}"))
    items, users = session.items, session.users
    types = {name: session.symbol(name) for name in {event.type for event in events.values()}}
    new = _new_keys(
        session,
        [
            (key, users[e.user_id], items[e.item_id], types[e.type], e.value, e.at, e.event_id)
            for key, e in events.items()
        ],
    )
    people = dict.fromkeys(events[key].user_id for key in new)
    delete_users(session, [name for name in strangers if name not in people])
    if created := [name for name in strangers if name in people]:
        session.log("users", created)
    if new:
        session.log("events", people, n_records=len(new))
    return new


def _new_keys(session: WriteSession, rows: Sequence[EventRow]) -> list[int]:
    """Insert rows of events unless their key is there; returns the keys that were not."""
    connection = session.connection
    (last,) = connection.execute("select coalesce(max(seq), 0) from event").fetchone()
    n_inserted = connection.executemany(
        "insert into event(key, user, item, type, value, at, event_id) values (?,?,?,?,?,?,?) "
        "on conflict(key) do nothing",
        rows,
    ).rowcount
    if n_inserted == len(rows):
        return [row[0] for row in rows]
    found = connection.execute("select key from event where seq > ? order by seq", (last,))
    return [key for (key,) in found]
