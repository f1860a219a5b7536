"""Whyrec's own files: items, entities, triples, users and events as CSV, TSV or JSONL.

Also reads the files of the offline commands: ``train.tsv``, ``kg.tsv``, ``items.tsv``. There is a
difference of trust: ``triples.*`` and ``events.*`` may name only what is known, while the ends of
``kg.*`` and the items of ``train.*`` are created where nothing else describes them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path as FilePath

from graph.domain import Entity, Interaction, Item, Triple, User, entity_label
from graph.errors import InvalidError
from graph.formats import tabular_json
from graph.formats.fields import (
    FieldError,
    aliases,
    language_of,
    moment,
    names_in,
    number,
    relation,
)
from graph.formats.lines import Problem, SourceFile
from graph.formats.rows import Table, json_rows
from graph.formats.source import Part, Record, Row, Source, listing, positions, records
from graph.mapping import AttributeMapping
from graph.rules import entity_id, scalar

DOMAIN = "generic"

_SUFFIXES = (".csv", ".tsv", ".jsonl")
_FILES = ("entities", "items", "candidates", "users", "events", "train", "triples", "kg")
_ID = ("id", "item", "item_id")
_TITLES = ("title", "name")
_TEXTS = ("text", "description")
_COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "items": {"id": _ID, "title": _TITLES, "text": _TEXTS},
    "entities": {
        "id": ("id", "entity", "entity_id"),
        "label": ("label", "type"),
        "name": ("name", "title"),
        "aliases": ("aliases",),
    },
    "users": {"id": ("id", "user", "user_id")},
    "events": {
        "user": ("user", "user_id"),
        "item": ("item", "item_id"),
        "type": ("type", "event_type"),
        "value": ("value", "rating"),
        "at": ("at", "timestamp", "time"),
        "event_id": ("event_id",),
    },
    "triples": {
        "head": ("head",),
        "relation": ("relation",),
        "tail": ("tail",),
        "weight": ("weight",),
    },
}
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "items": ("id",),
    "entities": ("label", "name"),
    "users": ("id",),
    "events": ("user", "item"),
    "triples": ("head", "relation", "tail"),
}
_KINDS = {"candidates": "items", "train": "events", "kg": "triples"}
_CREATING = frozenset({"train", "kg"})

Cells = Sequence[str]


def recognises(names: Mapping[str, FilePath]) -> bool:
    """Tell whether a folder holds Whyrec's own files, or a file is one."""
    if len(names) == 1 and next(iter(names)).endswith(_SUFFIXES):
        return True
    return bool(_files(names))


def open_source(path: FilePath, mapping: AttributeMapping) -> Source:
    """Open a folder with Whyrec's own files, or one of them.

    Parameters
    ----------
    path : pathlib.Path
        Folder or file; a single file may have any name when its columns tell what it is.
    mapping : AttributeMapping
        Types of the attributes, and other names for the columns of items.

    Returns
    -------
    Source
        Entities first, then items, users, events and triples.

    Raises
    ------
    InvalidError
        If nothing is found or a column is missing.
    """
    names = listing(path)
    parts = []
    for stem, found in _files(names) or _single(names):
        file = SourceFile(found, found.name)
        kind = _KINDS.get(stem, stem)
        parts.append(Part(file, _reader(file, kind, mapping), creates=stem in _CREATING))
    if not parts:
        raise InvalidError(
            f"{path.name!r} holds none of Whyrec's files.",
            fix="They are called items, entities, triples, users or events, with .csv, .tsv or "
            ".jsonl (and .gz or .xz) behind.",
        )
    return Source("whyrec", parts)


def _files(names: Mapping[str, FilePath]) -> list[tuple[str, FilePath]]:
    """Return the files whose names tell what they hold, in reading order."""
    return [
        (stem, names[stem + suffix])
        for stem in _FILES
        for suffix in _SUFFIXES
        if stem + suffix in names
    ]


def _single(names: Mapping[str, FilePath]) -> list[tuple[str, FilePath]]:
    """Find out by its columns what a single file holds."""
    name, path = next(iter(names.items()), ("", FilePath()))
    if len(names) != 1 or not name.endswith(_SUFFIXES):
        return []
    file = SourceFile(path, path.name)
    if file.kind == ".jsonl":
        columns = next(
            (list(row[1]) for row in json_rows(file) if not isinstance(row, Problem)), []
        )
    else:
        columns = Table(file).columns
    for kind in ("triples", "events", "entities", "items", "users"):
        if set(_REQUIRED[kind]) <= set(positions(columns, _COLUMNS[kind])):
            return [(kind, path)]
    if not columns:
        return [("items", path)]
    raise InvalidError(
        f"The columns of {path.name} tell not what it holds: {', '.join(columns[:20])}.",
        fix=" ".join(f"{kind}: {_header(kind)}." for kind in _REQUIRED),
    )


def _header(kind: str) -> str:
    """Write the header that a kind of file needs."""
    optional = [name for name in _COLUMNS[kind] if name not in _REQUIRED[kind]]
    more = {"items": ["any attributes"], "users": ["any attributes"]}.get(kind, [])
    return ", ".join([*_REQUIRED[kind], *(f"[{name}]" for name in [*optional, *more])])


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the fields of a table are, and which other columns it has."""

    at: Mapping[str, int]
    others: Sequence[tuple[str, int]]

    def text(self, cells: Cells, field: str) -> str:
        return cells[self.at[field]].strip() if field in self.at else ""


def _reader(file: SourceFile, kind: str, mapping: AttributeMapping) -> Callable[[], Iterator[Row]]:
    """Return what reads a file of a kind; the header is checked now."""
    if file.kind == ".jsonl":
        as_item = partial(tabular_json.item, renamed=mapping.fields)
        build = tabular_json.BUILDERS.get(kind, as_item)
        return lambda: records(json_rows(file), file, build)
    table = Table(file)
    wanted = dict(_COLUMNS[kind])
    if kind == "items":
        wanted |= {field: (name.casefold(),) for field, name in mapping.fields.items()}
    at = positions(table.columns, wanted)
    missing = [name for name in _REQUIRED[kind] if name not in at]
    if missing and table.columns:
        raise InvalidError(
            f"{file.name} has no column {missing[0]!r}; it has: {', '.join(table.columns[:20])}.",
            fix=f"The header of {kind} is: {_header(kind)}.",
        )
    used = set(at.values())
    others = [(name, index) for index, name in enumerate(table.columns) if index not in used]
    columns = _Columns(at, others)
    as_row = partial(_item, mapping, columns)
    make = _BUILDERS[kind](columns) if kind in _BUILDERS else as_row
    return lambda: records(table.rows(), file, make)


def _item(mapping: AttributeMapping, columns: _Columns, cells: Cells) -> Item:
    stems = (*_TITLES, mapping.fields.get("title", "title").casefold())
    others = {name: cells[index] for name, index in columns.others}
    plain = {name: text for name, text in others.items() if not language_of(name, stems)}
    id_ = columns.text(cells, "id")
    return Item(
        id_,
        columns.text(cells, "title") or id_,
        names_in(others, stems),
        columns.text(cells, "text"),
        mapping.attributes(plain),
    )


def _entity(columns: _Columns, cells: Cells) -> Entity:
    others = {name: cells[index] for name, index in columns.others}
    label = entity_label(columns.text(cells, "label"))
    name = columns.text(cells, "name")
    return Entity(
        columns.text(cells, "id") or _named(label, name),
        label,
        name or columns.text(cells, "id"),
        names_in(others, ("name", "title")),
        aliases(columns.text(cells, "aliases")),
    )


def _named(label: str, name: str) -> str:
    if not name:
        raise FieldError("the entity has neither id nor name")
    return entity_id(label, name)


def _user(columns: _Columns, cells: Cells) -> User:
    values = {name: cells[index].strip() for name, index in columns.others}
    attributes = {name: scalar(text) for name, text in values.items() if text}
    return User(columns.text(cells, "id"), attributes)


def _triples(columns: _Columns) -> Callable[[Cells], Triple]:
    head, name, tail = (columns.at.get(field, 0) for field in _REQUIRED["triples"])
    weight = columns.at.get("weight")

    def build(cells: Cells) -> Triple:
        value = None if weight is None else number(cells[weight])
        return Triple(
            cells[head].strip(),
            relation(cells[name]),
            cells[tail].strip(),
            1.0 if value is None else value,
        )

    return build


def _events(columns: _Columns) -> Callable[[Cells], Interaction]:
    user, item = (columns.at.get(field, 0) for field in _REQUIRED["events"])
    kind, value, at, key = (columns.at.get(f) for f in ("type", "value", "at", "event_id"))

    def build(cells: Cells) -> Interaction:
        amount = None if value is None else number(cells[value])
        name = "" if kind is None else cells[kind].strip()
        return Interaction(
            cells[user].strip(),
            cells[item].strip(),
            name or ("interaction" if amount is None else "rating"),
            amount,
            0.0 if at is None else moment(cells[at]),
            "" if key is None else cells[key].strip(),
        )

    return build


_BUILDERS: Mapping[str, Callable[[_Columns], Callable[[Cells], Record]]] = {
    "entities": lambda columns: partial(_entity, columns),
    "users": lambda columns: partial(_user, columns),
    "triples": _triples,
    "events": _events,
}
