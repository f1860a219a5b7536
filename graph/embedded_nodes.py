"""Writing items, entities and users into the embedded store."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from graph.domain import Entity, Item, Scalar, User
from graph.embedded_session import WriteSession
from graph.errors import ConflictError
from graph.records import amended, last_by_id, pack, replaced, surfaces, unpack
from graph.store import WriteCount, with_repeats
from graph.words import index_words

Changed = tuple[WriteCount, list[str]]


def upsert_items(session: WriteSession, items: Sequence[Item]) -> WriteCount:
    """Create items, or replace those of the same id."""
    batch = last_by_id(items)
    with session.transaction():
        written, changed = write_items(session, batch)
        if changed:
            session.log("items", changed)
    return with_repeats(written, len(items) - len(batch))


def upsert_entities(session: WriteSession, entities: Sequence[Entity]) -> WriteCount:
    """Create entities, or replace those of the same id."""
    batch = last_by_id(entities)
    with session.transaction():
        written, changed = write_entities(session, batch)
        if changed:
            session.log("entities", changed)
    return with_repeats(written, len(entities) - len(batch))


def upsert_users(session: WriteSession, users: Sequence[User]) -> WriteCount:
    """Create users, or replace the attributes of those of the same id; what they said stays."""
    batch = last_by_id(users)
    with session.transaction():
        known = _known_users(session, batch)
        records = {
            name: replaced(known[name], user) if name in known else user
            for name, user in batch.items()
        }
        new, changed = _write_users(session, known, records)
    written = WriteCount(len(new), len(changed), len(known) - len(changed))
    return with_repeats(written, len(users) - len(batch))


def amend_users(
    session: WriteSession, changes: Mapping[str, Mapping[str, Scalar | None]]
) -> list[tuple[User, User]]:
    """Set some attributes of users, take away those set to None; each before and now."""
    batch = last_by_id(User(name) for name in changes)
    with session.transaction():
        known = _known_users(session, batch)
        before = batch | known
        now = {name: amended(user, changes[name]) for name, user in before.items()}
        there = {n: user for n, user in now.items() if n in known or user.attributes}
        _write_users(session, known, there)
    return [(before[name], now[name]) for name in batch]


def _known_users(session: WriteSession, ids: Iterable[str]) -> dict[str, User]:
    """Read those of some users that exist."""
    session.find_users(ids)
    return {
        name: unpack(User, name, _user_record(session, name))
        for name in ids
        if name in session.users
    }


def _write_users(
    session: WriteSession, known: Mapping[str, User], records: Mapping[str, User]
) -> tuple[list[str], list[str]]:
    """Create users and change those that differ from what is known; returns the ids of both."""
    packed = {name: pack(user) for name, user in records.items()}
    new = [name for name in packed if name not in known]
    changed = [name for name, user in known.items() if packed[name] != pack(user)]
    session.connection.executemany(
        "update user set record = ? where nid = ?",
        [(packed[name], session.users[name]) for name in changed],
    )
    create_users(session, {name: packed[name] for name in new})
    if new or changed:
        session.log("users", [*new, *changed])
    return new, changed


def write_items(session: WriteSession, batch: Mapping[str, Item]) -> Changed:
    """Create or replace items inside a transaction.

    Parameters
    ----------
    session : WriteSession
        A session whose transaction is open.
    batch : Mapping[str, Item]
        Items by id.

    Returns
    -------
    (WriteCount, list of str)
        The counts, and the ids that were created or changed.
    """
    session.find_nodes(batch)
    _refuse(batch, session.entities, "an entity")
    return _write(session, batch, "Item", session.items)


def write_entities(session: WriteSession, batch: Mapping[str, Entity]) -> Changed:
    """Create or replace entities inside a transaction; as :func:`write_items`."""
    session.find_nodes(batch)
    _refuse(batch, session.items, "an item")
    return _write(session, batch, "Entity", session.entities)


def create_users(session: WriteSession, packed: Mapping[str, str]) -> None:
    """Create users that do not exist; ids with their records as JSON."""
    session.users.update(zip(packed, count(session.next_number("user")), strict=False))
    session.connection.executemany(
        "insert into user values (?, ?, ?)",
        [(session.users[name], name, record) for name, record in packed.items()],
    )


def delete_users(session: WriteSession, ids: Sequence[str]) -> None:
    """Remove users that have no events, inside a transaction."""
    numbers = [(session.users.pop(name),) for name in ids]
    session.connection.executemany("delete from user where nid = ?", numbers)


def delete_item(session: WriteSession, item_id: str) -> bool:
    """Remove an item with its edges, events, learned edges and vector."""
    with session.transaction():
        session.find_nodes([item_id])
        number = session.items.pop(item_id, None)
        if number is None:
            return False
        for statement in (
            "delete from edge where head = ?",
            "delete from edge where tail = ?",
            "delete from event where item = ?",
            "delete from learned where source = ?",
            "delete from learned where target = ?",
            "delete from vector where nid = ?",
            "delete from words where rowid = ?",
            "delete from node where nid = ?",
        ):
            session.connection.execute(statement, (number,))
        session.connection.execute("insert or ignore into relearned values (?)", (item_id,))
        session.vectors_changed()
        session.log("item_deleted", [item_id])
    return True


def delete_user(session: WriteSession, user_id: str) -> bool:
    """Remove a user with all events."""
    with session.transaction():
        session.find_users([user_id])
        number = session.users.pop(user_id, None)
        if number is None:
            return False
        session.connection.execute("delete from event where user = ?", (number,))
        session.connection.execute("delete from user where nid = ?", (number,))
        session.log("user_deleted", [user_id])
    return True


def _refuse(batch: Iterable[str], others: Mapping[str, int], owner: str) -> None:
    for name in batch:
        if name in others:
            raise ConflictError(
                f"The id {name[:80]!r} is already that of {owner}.",
                fix="Items and entities need different ids.",
            )


def _write(
    session: WriteSession,
    batch: Mapping[str, Item] | Mapping[str, Entity],
    kind: str,
    numbers: dict[str, int],
) -> Changed:
    rows = {name: (_label(record), pack(record)) for name, record in batch.items()}
    known = [name for name in batch if name in numbers]
    changed = [name for name in known if _node_record(session, numbers[name]) != rows[name]]
    session.connection.executemany(
        "update node set label = ?, record = ? where nid = ?",
        [(*rows[name], numbers[name]) for name in changed],
    )
    session.connection.executemany(
        "delete from words where rowid = ?", [(numbers[name],) for name in changed]
    )
    new = [name for name in batch if name not in numbers]
    numbers.update(zip(new, count(session.next_number("node")), strict=False))
    session.connection.executemany(
        "insert into node values (?, ?, ?, ?, ?)",
        [(numbers[name], name, kind, *rows[name]) for name in new],
    )
    written = [*new, *changed]
    session.connection.executemany(
        "insert into words(rowid, text) values (?, ?)",
        [(numbers[name], index_words(surfaces(batch[name]))) for name in written],
    )
    return WriteCount(len(new), len(changed), len(known) - len(changed)), written


def _label(record: Item | Entity) -> str:
    return record.label if isinstance(record, Entity) else ""


def _node_record(session: WriteSession, number: int) -> tuple[str, str]:
    row: tuple[str, str] = session.connection.execute(
        "select label, record from node where nid = ?", (number,)
    ).fetchone()
    return row


def _user_record(session: WriteSession, name: str) -> str:
    row: tuple[str] = session.connection.execute(
        "select record from user where nid = ?", (session.users[name],)
    ).fetchone()
    return row[0]
