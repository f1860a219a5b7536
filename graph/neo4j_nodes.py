"""Writing items, entities and users into Neo4j."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from graph import neo4j_queries as cypher
from graph.domain import AttributeValue, Entity, Item, Kind, Scalar, User
from graph.errors import ConflictError
from graph.neo4j_writer import GraphWriter
from graph.records import amended, last_by_id, pack, replaced, surfaces, unpack
from graph.store import WriteCount, with_repeats
from graph.words import is_cjk, runs

Row = dict[str, Any]
Changed = tuple[WriteCount, list[str]]

_MAX_WORDS = 32
_MAX_WORD = 64  # longer prefixes are refused by the server
_OWN_PROPERTIES = frozenset({"id", "nid", "title", "name", "record", "search", "vector"})
_STOP_WORDS = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it",
    "no", "not", "of", "on", "or", "such", "that", "the", "their", "then", "there", "these",
    "they", "this", "to", "was", "will", "with",
})  # fmt: skip


async def upsert_items(writer: GraphWriter, items: Sequence[Item]) -> WriteCount:
    """Create items, or replace those of the same id."""
    batch = last_by_id(items)
    count, changed = await write_items(writer, batch)
    if changed:
        writer.log("items", changed)
    return with_repeats(count, len(items) - len(batch))


async def upsert_entities(writer: GraphWriter, entities: Sequence[Entity]) -> WriteCount:
    """Create entities, or replace those of the same id."""
    batch = last_by_id(entities)
    count, changed = await write_entities(writer, batch)
    if changed:
        writer.log("entities", changed)
    return with_repeats(count, len(entities) - len(batch))


async def upsert_users(writer: GraphWriter, users: Sequence[User]) -> WriteCount:
    """Create users, or replace the attributes of those of the same id; what they said stays."""
    batch = last_by_id(users)
    known = await _known_users(writer, batch)
    records = {
        name: replaced(known[name], user) if name in known else user for name, user in batch.items()
    }
    new, changed = await _write_users(writer, known, records)
    count = WriteCount(len(new), len(changed), len(known) - len(changed))
    return with_repeats(count, len(users) - len(batch))


async def amend_users(
    writer: GraphWriter, changes: Mapping[str, Mapping[str, Scalar | None]]
) -> list[tuple[User, User]]:
    """Set some attributes of users, take away those set to None; each before and now."""
    batch = last_by_id(User(name) for name in changes)
    known = await _known_users(writer, batch)
    before = batch | known
    now = {name: amended(user, changes[name]) for name, user in before.items()}
    there = {n: user for n, user in now.items() if n in known or user.attributes}
    await _write_users(writer, known, there)
    return [(before[name], now[name]) for name in batch]


async def _known_users(writer: GraphWriter, ids: Mapping[str, object]) -> dict[str, User]:
    """Read those of some users that exist."""
    records = await _records(writer, "User", ids)
    return {name: unpack(User, name, record or "{}") for name, record in records.items()}


async def _write_users(
    writer: GraphWriter, known: Mapping[str, User], records: Mapping[str, User]
) -> tuple[list[str], list[str]]:
    """Create users and change those that differ from what is known; returns the ids of both."""
    rows = {
        name: {**_attributes(user.attributes), "id": name, "record": pack(user)}
        for name, user in records.items()
    }
    new = [name for name in rows if name not in known]
    changed = [name for name, user in known.items() if rows[name]["record"] != pack(user)]
    if changed:
        await writer.run(cypher.UPDATE_USERS, rows=[rows[name] for name in changed])
    await create_users(writer, [rows[name] for name in new])
    if new or changed:
        writer.log("users", [*new, *changed])
    return new, changed


async def create_users(writer: GraphWriter, rows: Sequence[Row]) -> None:
    """Create users that do not exist; rows are their properties."""
    if rows:
        await writer.run(cypher.CREATE_USERS, rows=_numbered(writer, "User", rows))


async def write_items(writer: GraphWriter, batch: Mapping[str, Item]) -> Changed:
    """Create or replace items.

    Parameters
    ----------
    writer : GraphWriter
        An open transaction.
    batch : Mapping[str, Item]
        Items by id.

    Returns
    -------
    (WriteCount, list of str)
        The counts, and the ids that were created or changed.
    """
    rows = {
        name: {
            **_attributes(item.attributes),
            **_named(item),
            "title": item.title,
        }
        for name, item in batch.items()
    }
    await _refuse(writer, "Entity", rows)
    old = await _records(writer, "Item", rows)
    new, changed = _split(rows, old)
    if changed:
        await writer.run(cypher.UPDATE_ITEMS, rows=[rows[name] for name in changed])
    if new:
        created = _numbered(writer, "Item", [rows[name] for name in new])
        await writer.run(cypher.CREATE_ITEMS, rows=created)
    return WriteCount(len(new), len(changed), len(old) - len(changed)), [*new, *changed]


async def write_entities(writer: GraphWriter, batch: Mapping[str, Entity]) -> Changed:
    """Create or replace entities; as :func:`write_items`."""
    rows = {name: {**_named(entity), "name": entity.name} for name, entity in batch.items()}
    await _refuse(writer, "Item", rows)
    old = await _records(writer, "Entity", rows)
    new, changed = _split(rows, old)
    moved: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for name in changed:
        label = unpack(Entity, name, old[name]).label
        moved[label, batch[name].label].append(rows[name])
    for (before, after), some in moved.items():
        await writer.run(cypher.update_entities(before, after), rows=some)
    created: dict[str, list[Row]] = defaultdict(list)
    for name, row in zip(
        new, _numbered(writer, "Entity", [rows[name] for name in new]), strict=True
    ):
        created[batch[name].label].append(row)
    for label, some in created.items():
        await writer.run(cypher.create_entities(label), rows=some)
    return WriteCount(len(new), len(changed), len(old) - len(changed)), [*new, *changed]


async def delete_item(writer: GraphWriter, item_id: str) -> bool:
    """Remove an item with everything attached to it."""
    ((n_deleted,),) = await writer.run(cypher.DELETE_ITEM, id=item_id)
    if n_deleted:
        writer.log("item_deleted", [item_id])
    return bool(n_deleted)


async def delete_user(writer: GraphWriter, user_id: str) -> bool:
    """Remove a user with all events."""
    ((n_deleted,),) = await writer.run(cypher.DELETE_USER, id=user_id)
    if n_deleted:
        writer.log("user_deleted", [user_id])
    return bool(n_deleted)


def search_words(names: Sequence[str]) -> list[str]:
    """Write names as the full-text index of the server must see them.

    The ``cjk`` analyzer drops English stop words, and "It" is a film: an underscore behind such a
    word keeps it in the index, where a prefix finds it.

    Parameters
    ----------
    names : Sequence[str]
        The names of one thing.

    Returns
    -------
    list of str
        One folded text per name.

    Examples
    --------
    >>> search_words(["The Shining", "闪灵"])
    ['the_ shining', '闪灵']
    """
    return [
        " ".join(f"{run}_" if run in _STOP_WORDS else run for run in runs(name)) for name in names
    ]


def search_query(text: str) -> str:
    """Ask the full-text index for all words of a text; nothing in it is query syntax.

    Parameters
    ----------
    text : str
        What somebody typed.

    Returns
    -------
    str
        A Lucene query; empty when the text holds no word.

    Examples
    --------
    >>> search_query("(star 恐怖")
    '+(star^4 star*) +"恐怖"'
    """
    words = [run[:_MAX_WORD] for run in runs(text)[:_MAX_WORDS]]
    terms = [f'+"{word}"' if is_cjk(word) else f"+({word}^4 {word}*)" for word in words]
    return " ".join(terms)


def _named(record: Item | Entity) -> Row:
    words = search_words(surfaces(record))
    return {"id": record.id, "record": pack(record), "search": words}


def _attributes(attributes: Mapping[str, AttributeValue]) -> Row:
    """Return the attributes that can be properties, so that people can use them in Cypher."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in attributes.items()
        if name.isidentifier() and name not in _OWN_PROPERTIES and _is_property(value)
    }


def _is_property(value: AttributeValue) -> bool:
    if isinstance(value, tuple):
        return len({type(part) for part in value}) == 1 and all(map(_is_property, value))
    return not isinstance(value, int) or abs(value) < 1 << 63


def _numbered(writer: GraphWriter, kind: Kind, rows: Sequence[Row]) -> list[Row]:
    numbers = writer.take(kind, len(rows))
    return [{**row, "nid": nid} for row, nid in zip(rows, numbers, strict=True)]


def _split(rows: Mapping[str, Row], old: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the ids that are new and those whose record changed."""
    new = [name for name in rows if name not in old]
    return new, [name for name in old if rows[name]["record"] != old[name]]


async def _records(writer: GraphWriter, kind: Kind, ids: Mapping[str, object]) -> dict[str, str]:
    found = dict(await writer.run(cypher.known_records(kind), ids=list(ids)))
    return {name: found[name] or "" for name in ids if name in found}


async def _refuse(writer: GraphWriter, other: Kind, ids: Mapping[str, object]) -> None:
    for name in sorted(await writer.known(other, list(ids)))[:1]:
        raise ConflictError(
            f"The id {name[:80]!r} is already that of an {other.lower()}.",
            fix="Items and entities need different ids.",
        )
