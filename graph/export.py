"""Writes a whole graph as Whyrec's own files, which the loader takes back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import orjson

from graph.domain import Entity, Item
from graph.errors import ConflictError, InvalidError
from graph.store import EdgeBlock, GraphExport

_OMITTED = ("", None)


def write_export(export: GraphExport, folder: FilePath) -> dict[str, int]:
    """Write a graph as JSONL: entities, items, users, triples, events.

    Parameters
    ----------
    export : GraphExport
        The whole graph of a store. Learned edges are not part of it. Keys of events are not either:
        loaded again, events of the same user, item, type and time count once.
    folder : pathlib.Path
        Where the files are written; it appears whole or not at all.

    Returns
    -------
    dict[str, int]
        Rows by file name.

    Raises
    ------
    ConflictError
        If the folder is there already.
    InvalidError
        If the folder cannot be written.
    """
    if folder.exists():
        raise ConflictError(f"{folder} is there already.", fix="Name a folder that does not exist.")
    partial = folder.with_name(f".partial-{folder.name}")
    contents = {
        "entities.jsonl": _entities(export),
        "items.jsonl": _items(export),
        "users.jsonl": ({"id": u.id, "attributes": dict(u.attributes)} for u in export.users),
        "triples.jsonl": _triples(export),
        "events.jsonl": _events(export),
    }
    try:
        partial.mkdir(parents=True, exist_ok=True)
        written = {name: _write(partial / name, rows) for name, rows in contents.items()}
        partial.rename(folder)
    except OSError as error:
        raise InvalidError(f"{folder} cannot be written: {error.strerror}.") from error
    return written


def _write(path: FilePath, rows: Iterable[Mapping[str, Any]]) -> int:
    count = 0
    with path.open("wb") as file:
        for row in rows:
            kept = {name: value for name, value in row.items() if value not in _OMITTED}
            file.write(orjson.dumps(kept) + b"\n")
            count += 1
    if not count:
        path.unlink()  # a file without rows would be reported as broken when it is loaded
    return count


def _entities(export: GraphExport) -> Iterator[dict[str, Any]]:
    for entity in export.entities:
        yield {
            "id": entity.id,
            "label": entity.label,
            "name": entity.name,
            "names": dict(entity.names) or None,
            "aliases": list(entity.aliases) or None,
        }


def _items(export: GraphExport) -> Iterator[dict[str, Any]]:
    for item in export.items:
        yield {
            "id": item.id,
            "title": item.title,
            "names": dict(item.names) or None,
            "text": item.text,
            "attributes": dict(item.attributes) or None,
        }


def _triples(export: GraphExport) -> Iterator[dict[str, Any]]:
    nodes: Mapping[str, Sequence[Item] | Sequence[Entity]] = {
        "Item": export.items,
        "Entity": export.entities,
    }
    for block in export.edges:
        heads, tails = nodes[block.head_kind], nodes[block.tail_kind]
        for head, tail, weight in _edges(block):
            row = {"head": heads[head].id, "relation": block.relation, "tail": tails[tail].id}
            yield row if weight == 1 else row | {"weight": weight}


def _edges(block: EdgeBlock) -> Iterator[tuple[int, int, float]]:
    yield from zip(block.heads.tolist(), block.tails.tolist(), block.weights.tolist(), strict=True)


def _events(export: GraphExport) -> Iterator[dict[str, Any]]:
    events = export.events
    columns: Sequence[list[Any]] = [
        column.tolist()
        for column in (events.users, events.items, events.types, events.values, events.times)
    ]
    for user, item, type_, value, at in zip(*columns, strict=True):
        yield {
            "user_id": export.users[user].id,
            "item_id": export.items[item].id,
            "type": events.type_names[type_],
            "value": None if np.isnan(value) else value,
            "at": at or None,
        }
