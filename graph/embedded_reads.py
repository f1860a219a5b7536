"""Reading the embedded store."""

import json
import sqlite3
from collections.abc import Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from graph.domain import Entity, Interaction, Item, Kind, Triple, User
from graph.errors import NotFoundError
from graph.records import is_id, unpack
from graph.store import Change, EdgeBlock, EventBlock, GraphCounts, GraphExport, IntArray
from graph.words import is_cjk, pairs, runs

_TRIPLES = """
select h.id, s.name, t.id, e.weight from edge e
join node h on h.nid = e.head join symbol s on s.sid = e.relation join node t on t.nid = e.tail
where {} order by e.head, e.relation, e.tail
"""
_EVENTS = """
select i.id, s.name, e.value, e.at, e.event_id from event e
join node i on i.nid = e.item join symbol s on s.sid = e.type
where e.user = ? order by e.at, e.seq
"""
_SEARCH = """
select n.kind, n.id from words w join node n on n.nid = w.rowid
where words match ? order by bm25(words), n.nid limit ?
"""
_SIMILAR = """
select n.id, s.weight from learned s join node n on n.nid = s.target
where s.source = (select nid from node where id = ? and kind = 'Item')
and s.relation = (select sid from symbol where name = 'SIMILAR_TO')
order by s.weight desc, s.target
"""


def version(db: sqlite3.Connection) -> int:
    """Return the version of the last entry of the change log."""
    (last,) = db.execute("select coalesce(max(version), 0) from change").fetchone()
    return int(last)


def item(db: sqlite3.Connection, item_id: str) -> Item:
    """Return an item."""
    return unpack(Item, item_id, _record(db, "node", item_id, "Item"))


def entity(db: sqlite3.Connection, entity_id: str) -> Entity:
    """Return an entity."""
    return unpack(Entity, entity_id, _record(db, "node", entity_id, "Entity"))


def user(db: sqlite3.Connection, user_id: str) -> User:
    """Return a user."""
    return unpack(User, user_id, _record(db, "user", user_id, "User"))


def triples_of(db: sqlite3.Connection, node_id: str) -> list[Triple]:
    """Return the triples that start or end at a node."""
    row = db.execute("select nid from node where id = ?", (node_id,)) if is_id(node_id) else ()
    found: dict[Triple, None] = {}
    for (number,) in list(row):
        for end in ("e.head = ?", "e.tail = ?"):
            rows = db.execute(_TRIPLES.format(end), (number,))
            found.update(dict.fromkeys(Triple(*fields) for fields in rows))
    return list(found)


def events_of(db: sqlite3.Connection, user_id: str) -> list[Interaction]:
    """Return the events of a user, oldest first."""
    user(db, user_id)
    (number,) = db.execute("select nid from user where id = ?", (user_id,)).fetchone()
    return [Interaction(user_id, *fields) for fields in db.execute(_EVENTS, (number,))]


def search(db: sqlite3.Connection, text: str, limit: int) -> list[tuple[Kind, str]]:
    """Find items and entities by all words of a text, best first."""
    terms = [
        f'"{term}"' if is_cjk(run) else f'"{term}"*'
        for run in runs(text)
        for term in (pairs(run) if is_cjk(run) else [run])
    ]
    if not terms or limit < 1:
        return []
    return list(db.execute(_SEARCH, (" ".join(terms), limit)))


def changes(db: sqlite3.Connection, since: int, limit: int) -> list[Change]:
    """Return the entries of the change log above a version."""
    rows = db.execute(
        "select version, kind, keys from change where version > ? order by version limit ?",
        (since, limit),
    )
    return [Change(number, kind, tuple(json.loads(keys))) for number, kind, keys in rows]


def similar(db: sqlite3.Connection, item_id: str) -> list[tuple[str, float]]:
    """Return the learned neighbours of an item, best first."""
    return list(db.execute(_SIMILAR, (item_id,))) if is_id(item_id) else []


def counts(db: sqlite3.Connection) -> GraphCounts:
    """Count what the graph holds."""
    kinds = dict(db.execute("select kind, count(*) from node group by kind"))
    (n_users,) = db.execute("select count(*) from user").fetchone()
    (n_events,) = db.execute("select count(*) from event").fetchone()
    triples = db.execute(
        "select s.name, count(*) from edge e join symbol s on s.sid = e.relation group by s.name"
    )
    labels = db.execute(
        "select label, count(*) from node where kind = 'Entity' group by label order by label"
    )
    return GraphCounts(
        kinds.get("Item", 0),
        kinds.get("Entity", 0),
        n_users,
        n_events,
        dict(triples),
        dict(labels),
    )


def vectors(db: sqlite3.Connection) -> tuple[list[str], NDArray[np.float32]]:
    """Return the ids of all items with a vector, and the vectors as rows."""
    rows = db.execute(
        "select n.id, v.data from vector v join node n on n.nid = v.nid order by v.nid"
    ).fetchall()
    matrix = np.frombuffer(b"".join(data for _, data in rows), dtype=np.float32)
    return [name for name, _ in rows], matrix.reshape(len(rows), -1 if rows else 0)


def vectors_stamp(db: sqlite3.Connection) -> str:
    """Return a text that is another one whenever the vectors were written."""
    row = db.execute("select value from meta where name = 'vectors'").fetchone()
    return row[0] if row else ""


def export(db: sqlite3.Connection) -> GraphExport:
    """Read the whole graph in one transaction."""
    db.execute("begin")
    try:
        node_rows = (
            _places(db, "node where kind = 'Item'"),
            _places(db, "node where kind <> 'Item'"),
        )
        return GraphExport(
            version(db),
            [unpack(Item, *row) for row in _nodes(db, "node where kind = 'Item'")],
            [unpack(Entity, *row) for row in _nodes(db, "node where kind = 'Entity'")],
            [unpack(User, *row) for row in _nodes(db, "user")],
            list(_edge_blocks(db, *node_rows)),
            _event_block(db, node_rows[0]),
        )
    finally:
        db.execute("rollback")


def _record(db: sqlite3.Connection, table: str, name: str, kind: Kind) -> str:
    kept = "and kind = ?" if table == "node" else "and ? = 'User'"
    query = f"select record from {table} where id = ? {kept}"
    row = db.execute(query, (name, kind)).fetchone() if is_id(name) else None
    if row is None:
        raise NotFoundError(kind.lower(), name)
    return str(row[0])


def _nodes(db: sqlite3.Connection, source: str) -> sqlite3.Cursor:
    return db.execute(f"select id, record from {source} order by nid")


def _places(db: sqlite3.Connection, source: str) -> IntArray:
    """Return the position of each number among the rows of a table, -1 where it has none."""
    numbers = np.fromiter((n for (n,) in db.execute(f"select nid from {source}")), np.int64)
    places = np.full(int(numbers.max(initial=0)) + 1, -1, dtype=np.int64)
    places[np.sort(numbers)] = np.arange(len(numbers))
    return places


def _columns(db: sqlite3.Connection, query: str, n_columns: int) -> NDArray[np.float64]:
    """Read numbers row by row into an array of shape (n_rows, n_columns)."""
    flat = np.fromiter(chain.from_iterable(db.execute(query)), np.float64)
    return flat.reshape(-1, n_columns)


def _symbols(db: sqlite3.Connection) -> dict[int, str]:
    return dict(db.execute("select sid, name from symbol"))


def _edge_blocks(
    db: sqlite3.Connection, items: IntArray, entities: IntArray
) -> Iterator[EdgeBlock]:
    table = _columns(db, "select head, relation, tail, weight from edge", 4)
    head, relation, tail = (table[:, column].astype(np.int64) for column in range(3))
    names = _symbols(db)
    places: dict[Kind, IntArray] = {"Item": _padded(items, head, tail)}
    places["Entity"] = _padded(entities, head, tail)
    order = np.argsort(relation, kind="stable")
    for number in np.unique(relation):
        rows = order[slice(*np.searchsorted(relation[order], [number, number + 1]))]
        for head_kind, head_places in places.items():
            for tail_kind, tail_places in places.items():
                heads, tails = head_places[head[rows]], tail_places[tail[rows]]
                kept = (heads >= 0) & (tails >= 0)
                if kept.any():
                    yield EdgeBlock(
                        names[int(number)],
                        head_kind,
                        tail_kind,
                        heads[kept],
                        tails[kept],
                        table[rows[kept], 3],
                    )


def _padded(places: IntArray, *numbers: IntArray) -> IntArray:
    """Lengthen a table of positions so that every number can be looked up."""
    highest = max(int(array.max(initial=0)) for array in numbers)
    missing = max(highest + 1 - len(places), 0)
    return np.pad(places, (0, missing), constant_values=-1)


def _event_block(db: sqlite3.Connection, items: IntArray) -> EventBlock:
    # SQLite has no NaN: an event without a value travels as infinity, which no value can be.
    table = _columns(
        db, "select user, item, type, coalesce(value, 9e999), at from event order by seq", 5
    )
    users = _places(db, "user")
    used, types = np.unique(table[:, 2].astype(np.int64), return_inverse=True)
    names = _symbols(db)
    return EventBlock(
        users[table[:, 0].astype(np.int64)],
        items[table[:, 1].astype(np.int64)],
        types.astype(np.int64),
        np.where(np.isinf(table[:, 3]), np.nan, table[:, 3]),
        table[:, 4].copy(),
        tuple(names[int(number)] for number in used),
    )
