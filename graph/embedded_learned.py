"""Learned edges in the embedded store, and looking up edges of any type."""

import sqlite3
from collections.abc import Sequence

from graph.domain import ASKS_FOR, AVOIDS, INTERACTED, User
from graph.embedded_session import WriteSession
from graph.learned import LEARNED_RELATIONS, LearnedEdges, Relearned
from graph.records import is_id, says, unpack

_NODE = "(select nid from node where id = ?)"
_SYMBOL = "(select sid from symbol where name = ?)"
_EVENT = f"""
select exists(select 1 from event
where user = (select nid from user where id = ?) and item = {_NODE})
"""
_TRIPLE, _LEARNED = (
    f"select exists(select 1 from {table} where {source} = {_NODE} and relation = {_SYMBOL} "
    f"and {target} = {_NODE})"
    for table, source, target in (("edge", "head", "tail"), ("learned", "source", "target"))
)
_OF_OWNER = """
select t.id, e.weight, y.name from learned e join node t on t.nid = e.target
join symbol y on y.sid = e.relation
where e.source = (select nid from node where id = ? and kind = 'Item')
order by e.relation, e.target
"""


def replace_learned(session: WriteSession, edges: LearnedEdges) -> int:
    """Replace all learned edges; those of items that do not exist are left out."""
    with session.transaction():
        session.connection.execute("delete from learned")
        session.connection.execute("delete from relearned")
        written = _insert(session, edges)
        session.connection.execute(
            "insert or replace into meta values ('similar_model', ?)", (edges.model,)
        )
        session.log("similar", ())
    return written


def put_learned(session: WriteSession, owners: Sequence[str], edges: LearnedEdges) -> int:
    """Replace the learned edges that start at some items."""
    with session.transaction():
        session.find_nodes(owners)
        known = [name for name in owners if name in session.items]
        session.connection.executemany(
            "delete from learned where source = ?", [(session.items[name],) for name in known]
        )
        session.connection.executemany(
            "insert or ignore into relearned values (?)", [(name,) for name in known]
        )
        written = _insert(session, edges)
        if known:
            session.log("similar", known)
    return written


def relearned(db: sqlite3.Connection, owners: Sequence[str] | None) -> Relearned:
    """Tell what differs from the edges that the model wrote as a whole."""
    row = db.execute("select value from meta where name = 'similar_model'").fetchone()
    model = row[0] if row else ""
    ids = [name for (name,) in db.execute("select id from relearned order by id")]
    if owners is not None:
        ids = sorted(set(ids).intersection(owners))
    rows = [(name, *fields) for name in ids for fields in db.execute(_OF_OWNER, (name,))]
    sources, targets, weights, types = zip(*rows, strict=True) if rows else ((), (), (), ())
    edges = LearnedEdges(model, sources, targets, weights, types)
    return Relearned(model, tuple(ids), edges)


def find_edges(db: sqlite3.Connection, edges: Sequence[tuple[str, str, str]]) -> list[bool]:
    """Tell which edges are there, in the direction given."""
    return [all(map(is_id, edge)) and _exists(db, *edge) for edge in edges]


def _exists(db: sqlite3.Connection, source: str, relation: str, target: str) -> bool:
    if relation in {ASKS_FOR, AVOIDS}:
        row = db.execute("select record from user where id = ?", (source,)).fetchone()
        return row is not None and says(unpack(User, source, row[0]), relation, target)
    if relation == INTERACTED:
        found = db.execute(_EVENT, (source, target))
    else:
        query = _LEARNED if relation in LEARNED_RELATIONS else _TRIPLE
        found = db.execute(query, (source, relation, target))
    return bool(found.fetchone()[0])


def _insert(session: WriteSession, edges: LearnedEdges) -> int:
    session.find_nodes({*edges.sources, *edges.targets})
    items = session.items
    rows = [
        (items[source], session.symbol(relation), items[target], weight)
        for relation in LEARNED_RELATIONS
        for source, some in edges.of_type(relation).items()
        for target, weight in some.items()
        if source in items and target in items
    ]
    session.connection.executemany(
        "insert or replace into learned values (?, ?, ?, ?)", sorted(rows)
    )
    return len(rows)
