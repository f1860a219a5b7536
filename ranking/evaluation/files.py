"""The tab-separated files of offline evaluation: data sets in, ranked lists out.

====================  ==========================================================================
file                  header
====================  ==========================================================================
train, test           ``user item [value] [timestamp]``
kg                    ``head relation tail``; head or tail may be the id of an item
items                 ``item`` and any text or attribute columns
users, candidates     ``user``; ``item``
lists                 ``user rank item score``
====================  ==========================================================================

Ids are strings. Every file is UTF-8 and may be packed (``.gz``, ``.xz``); columns beyond
these are ignored.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graph.domain import (
    RESERVED_RELATIONS,
    Entity,
    Item,
    Kind,
    Triple,
    User,
    relation_type,
)
from graph.mapping import AttributeMapping
from graph.snapshot import Snapshot
from graph.store import EdgeBlock, EventBlock, GraphExport
from ranking.evaluation.lists import RankedLists, read_lists, write_lists
from ranking.evaluation.table import FloatArray, IntArray, numbered, read_table

__all__ = [
    "Interactions",
    "RankedLists",
    "read_ids",
    "read_interactions",
    "read_lists",
    "read_snapshot",
    "read_titles",
    "write_lists",
]

TITLE_COLUMNS = ("title", "name")
TEXT_COLUMNS = ("text", "description", "overview", "plot", "summary")


@dataclass(frozen=True, slots=True)
class Interactions:
    """The rows of an interactions file, each (user, item, time) once.

    Attributes
    ----------
    user_ids, item_ids : list of str
        Ids in the order of their first row.
    users, items : IntArray
        Positions in the ids; shape (n_events,).
    values : FloatArray
        NaN where there is none; shape (n_events,).
    times : FloatArray
        Unix seconds, 0 where unknown; shape (n_events,).
    """

    user_ids: list[str]
    item_ids: list[str]
    users: IntArray
    items: IntArray
    values: FloatArray
    times: FloatArray


@dataclass(frozen=True, slots=True)
class _Catalog:
    """What the items file says, and the edges it gives rise to."""

    items: list[Item]
    entities: dict[str, Entity]
    triples: list[Triple]


@dataclass(frozen=True, slots=True)
class _Edges:
    """Triples by number: items first, entities after them."""

    heads: IntArray
    tails: IntArray
    weights: FloatArray
    n_items: int
    n_nodes: int


def read_ids(path: Path, column: str) -> list[str]:
    """Read a column of ids, each once, in the order of the file.

    Parameters
    ----------
    path : pathlib.Path
        A users, candidates or any other file.
    column : str
        Name of the column.

    Returns
    -------
    list of str
        The ids.

    Raises
    ------
    InvalidError
        If the file cannot be read that way; names file and line.
    """
    return list(dict.fromkeys(read_table(path).ids(column)))


def read_interactions(path: Path) -> Interactions:
    """Read a train or test file.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    Interactions
        Its rows; of rows with the same user, item and time the first one counts.

    Raises
    ------
    InvalidError
        If the file cannot be read that way; names file and line.
    """
    table = read_table(path)
    user_ids, users = numbered(table.ids("user"))
    item_ids, items = numbered(table.ids("item"))
    values = table.numbers("value", missing=np.nan)
    times = table.numbers("timestamp", missing=0.0)
    pairs = users * max(len(item_ids), 1) + items
    moments = np.unique(times, return_inverse=True)[1] if times.any() else np.zeros_like(pairs)
    keys = np.unique(pairs, return_inverse=True)[1] * (moments.max(initial=0) + 1) + moments
    first = np.sort(np.unique(keys, return_index=True)[1])
    return Interactions(user_ids, item_ids, users[first], items[first], values[first], times[first])


def read_titles(path: Path) -> dict[str, str]:
    """Read the items of an items file and their titles.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    dict of str to str
        Titles by id, in the order of the file; an item without a title is called by its id.

    Raises
    ------
    InvalidError
        If the file cannot be read that way; names file and line.
    """
    table = read_table(path)
    ids = table.ids("item")
    titles = next((table.cells(name) for name in TITLE_COLUMNS if name in table.header), ids)
    found: dict[str, str] = {}
    for name, title in zip(ids, titles, strict=True):
        found.setdefault(name, title.strip() or name)
    return found


def read_snapshot(
    train: Path,
    *,
    users: Path | None = None,
    kg: Path | None = None,
    items: Path | None = None,
    candidates: Path | None = None,
    preset: str = "generic",
) -> Snapshot:
    """Read the files of a data set into a snapshot.

    Items are those of the items file, of the train file and of the candidates file, in this order;
    every other id of the kg file is an entity with the label ``"Thing"``. Users of the users file
    without training events are users without events.

    Parameters
    ----------
    train : pathlib.Path
        What users did.
    users, kg, items, candidates : pathlib.Path or None
        The other files, where there are any.
    preset : str
        Which domain's rules turn the columns of the items file into entities.

    Returns
    -------
    Snapshot
        The graph, with version 1.

    Raises
    ------
    InvalidError
        If a file cannot be read that way; names file and line.
    """
    events = read_interactions(train)
    catalog = _read_catalog(items, preset) if items else _Catalog([], {}, [])
    known = [item.id for item in catalog.items]
    item_ids, item_rows = numbered(events.item_ids, known)
    item_ids, _ = numbered(read_ids(candidates, "item") if candidates else (), item_ids)
    user_ids, _ = numbered(read_ids(users, "user") if users else (), events.user_ids)
    entities, edges = _read_edges(kg, item_ids, catalog)
    export = GraphExport(
        version=1,
        items=[*catalog.items, *(Item(id=name, title=name) for name in item_ids[len(known) :])],
        entities=entities,
        users=[User(id=name) for name in user_ids],
        edges=edges,
        events=_event_block(events, item_rows),
    )
    return Snapshot.of(export)


def _event_block(events: Interactions, item_rows: IntArray) -> EventBlock:
    """Place events in the numbering of the snapshot; those with a value are ratings."""
    rated = ~np.isnan(events.values)
    type_names = ("interaction", "rating") if rated.any() else ("interaction",)
    return EventBlock(
        users=events.users,
        items=item_rows[events.items],
        types=rated.astype(np.int64),
        values=events.values,
        times=events.times,
        type_names=type_names,
    )


def _read_catalog(path: Path, preset: str) -> _Catalog:
    """Read the items file; an id given twice counts as it came first."""
    table = read_table(path)
    mapping = AttributeMapping.for_preset(preset)
    ids = table.ids("item")
    catalog = _Catalog([], {}, [])
    for row in sorted(dict(zip(reversed(ids), range(len(ids) - 1, -1, -1), strict=True)).values()):
        cells = {
            name: column[row] for name, column in zip(table.header, table.columns, strict=True)
        }
        item = _item(ids[row], cells, mapping)
        entities, triples = mapping.describe(item)
        catalog.items.append(item)
        catalog.triples.extend(triples)
        for entity in entities:
            catalog.entities.setdefault(entity.id, entity)
    return catalog


def _item(id: str, cells: dict[str, str], mapping: AttributeMapping) -> Item:  # noqa: A002
    """Make an item of a row; the first title column names it, all text columns describe it."""
    filled = {name: cell.strip() for name, cell in cells.items() if name != "item" and cell.strip()}
    titles = [filled.pop(name) for name in TITLE_COLUMNS if name in filled]
    texts = [filled.pop(name) for name in TEXT_COLUMNS if name in filled]
    return Item(
        id=id,
        title=titles[0] if titles else id,
        text=" ".join(texts),
        attributes=mapping.attributes(filled),
    )


def _read_edges(
    kg: Path | None, item_ids: list[str], catalog: _Catalog
) -> tuple[list[Entity], list[EdgeBlock]]:
    """Give the ends of all triples numbers, items first, and group the triples into blocks."""
    heads = [triple.head for triple in catalog.triples]
    tails = [triple.tail for triple in catalog.triples]
    relations = [triple.relation for triple in catalog.triples]
    weights = np.array([triple.weight for triple in catalog.triples])
    if kg is not None:
        table = read_table(kg)
        heads += table.ids("head")
        tails += table.ids("tail")
        relations += table.ids("relation")
        weights = np.concatenate([weights, np.ones(len(table))])
    names, ends = numbered([*heads, *tails], [*item_ids, *catalog.entities])
    entities = [
        catalog.entities.get(name) or Entity(id=name, label="Thing", name=name)
        for name in names[len(item_ids) :]
    ]
    edges = _Edges(ends[: len(heads)], ends[len(heads) :], weights, len(item_ids), len(names))
    return entities, _blocks(edges, relations)


def _blocks(edges: _Edges, relations: list[str]) -> list[EdgeBlock]:
    """Group triples by relation, kind of head and kind of tail; each edge once."""
    raw, raw_of = numbered(relations)
    types, type_of = numbered([_relation(name) for name in raw])
    ends_are_entities = (edges.heads >= edges.n_items) * 2 + (edges.tails >= edges.n_items)
    groups = type_of[raw_of] * 4 + ends_are_entities
    kinds: tuple[Kind, Kind] = ("Item", "Entity")
    blocks = []
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        keys = edges.heads[rows] * edges.n_nodes + edges.tails[rows]
        rows = rows[np.sort(np.unique(keys, return_index=True)[1])]
        head_kind, tail_kind = kinds[group // 2 % 2], kinds[group % 2]
        blocks.append(
            EdgeBlock(
                relation=types[group // 4],
                head_kind=head_kind,
                tail_kind=tail_kind,
                heads=edges.heads[rows] - (edges.n_items if head_kind == "Entity" else 0),
                tails=edges.tails[rows] - (edges.n_items if tail_kind == "Entity" else 0),
                weights=edges.weights[rows],
            )
        )
    return blocks


def _relation(name: str) -> str:
    """Write a relation's name; one that the graph keeps for itself is told apart."""
    plain = relation_type(name)
    return f"KG_{plain}" if plain in RESERVED_RELATIONS else plain
