"""RecBole's atomic files: ``.inter .user .item .kg .link`` with ``name:type`` headers.

``.link`` says which entity of the graph an item is; triples name the item then. What only
``.inter`` or ``.kg`` name is created.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path as FilePath

from graph.domain import Interaction, Item, Scalar, Triple, User
from graph.errors import InvalidError
from graph.formats.fields import moment, number, relation
from graph.formats.lines import Problem, SourceFile
from graph.formats.rows import Table
from graph.formats.source import Part, Record, Row, Source, listing, positions, records
from graph.mapping import AttributeMapping
from graph.rules import scalar

DOMAIN = "generic"

_SUFFIXES = (".item", ".user", ".inter", ".kg")
_LINK = ".link"
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    ".item": ("item_id",),
    ".user": ("user_id",),
    ".inter": ("user_id", "item_id"),
    ".kg": ("head_id", "relation_id", "tail_id"),
    ".link": ("item_id", "entity_id"),
}
_TITLES = ("title", "movie_title", "name", "item_name", "product_name", "artist_name", "book_title")
_TEXTS = ("text", "description", "abstract")


class AtomicTable:
    """A table whose header gives every column a type.

    Parameters
    ----------
    file : SourceFile
        What to read; its suffix says which columns it must have.

    Attributes
    ----------
    table : Table
        The table.
    names, types : list of str
        Parts of the header before and after the colons.
    """

    def __init__(self, file: SourceFile) -> None:
        self.table = Table(file)
        header = [column.partition(":") for column in self.table.columns]
        self.names = [name for name, _, _ in header]
        self.types = [type_ or "token" for _, _, type_ in header]
        required = _REQUIRED[file.kind]
        missing = [name for name in required if name not in self.names]
        if missing and self.table.columns:
            raise InvalidError(
                f"{file.name} has no column {missing[0]!r}; it has: {', '.join(self.names[:20])}.",
                fix=f"Its header must name {', '.join(f'{name}:token' for name in required)}.",
            )

    def at(self, *names: str) -> int | None:
        """Return the position of the first of several columns that is there."""
        return positions(self.names, {"it": names}).get("it")

    def required(self) -> list[int]:
        """Return the positions of the columns that must be there; zeros for an empty file."""
        return [self.at(name) or 0 for name in _REQUIRED[self.table.file.kind]]

    def records(self, build: Callable[[list[str]], Record]) -> Iterator[Row]:
        """Make a record of every row."""
        return records(self.table.rows(), self.table.file, build)


def recognises(names: Mapping[str, FilePath]) -> bool:
    """Tell whether any file has the suffix of an atomic file."""
    return any(FilePath(name).suffix in _REQUIRED for name in names)


def open_source(path: FilePath, mapping: AttributeMapping) -> Source:
    """Open a folder of atomic files, or one of them.

    Parameters
    ----------
    path : pathlib.Path
        Folder with one data set, or one file.
    mapping : AttributeMapping
        Types of the attributes.

    Returns
    -------
    Source
        Items, users, events, then triples.

    Raises
    ------
    InvalidError
        If nothing is found, there are several data sets, or a column is missing.
    """
    found = _by_suffix(listing(path), path.name)
    link, broken = _link(found)
    parts = []
    for suffix in _SUFFIXES:
        if suffix in found:
            file = SourceFile(found[suffix], found[suffix].name)
            table = AtomicTable(file)
            readers: dict[str, Callable[[], Iterator[Row]]] = {
                ".item": partial(_items, table, mapping),
                ".user": partial(read_users, table),
                ".inter": partial(read_events, table),
                ".kg": partial(_triples, table, link, broken),
            }
            parts.append(Part(file, readers[suffix], creates=suffix in {".inter", ".kg"}))
    return Source("recbole", parts)


def _by_suffix(names: Mapping[str, FilePath], folder: str) -> dict[str, FilePath]:
    found: dict[str, FilePath] = {}
    for name, path in names.items():
        suffix = FilePath(name).suffix
        if suffix in _REQUIRED:
            if suffix in found:
                raise InvalidError(
                    f"{folder!r} holds more than one {suffix} file.", fix="Load one data set."
                )
            found[suffix] = path
    if not found.keys() & set(_SUFFIXES):
        raise InvalidError(
            f"{folder!r} holds no atomic files.", fix="They end in .inter, .item, .user or .kg."
        )
    return found


def _link(found: Mapping[str, FilePath]) -> tuple[dict[str, str], list[Problem]]:
    """Read which entity is which item, and what is wrong with the file that says so."""
    if _LINK not in found:
        return {}, []
    table = AtomicTable(SourceFile(found[_LINK], found[_LINK].name))
    item, entity = table.required()
    link: dict[str, str] = {}
    problems = []
    for row in table.table.rows():
        if isinstance(row, Problem):
            problems.append(row)
        else:
            link[row[1][entity].strip()] = row[1][item].strip()
    return link, problems


def _items(table: AtomicTable, mapping: AttributeMapping) -> Iterator[Row]:
    (at,), title, text = table.required(), table.at(*_TITLES), table.at(*_TEXTS)
    others = [i for i in range(len(table.names)) if i not in {at, title, text}]
    sequences = [i for i in others if table.types[i].endswith("_seq")]
    singles = [i for i in others if i not in sequences]

    def build(cells: list[str]) -> Item:
        attributes = mapping.attributes({table.names[i]: cells[i] for i in singles})
        for index in sequences:
            if values := tuple(cells[index].split()):
                attributes[table.names[index]] = values
        id_ = cells[at].strip()
        name = "" if title is None else cells[title].strip()
        described = "" if text is None else cells[text].strip()
        return Item(id_, name or id_, text=described, attributes=attributes)

    return table.records(build)


def read_users(table: AtomicTable) -> Iterator[Row]:
    """Yield the users of a ``.user`` file."""
    (at,) = table.required()

    def build(cells: list[str]) -> User:
        attributes: dict[str, Scalar] = {
            name: scalar(cell.strip())
            for index, (name, cell) in enumerate(zip(table.names, cells, strict=True))
            if index != at and cell.strip()
        }
        return User(cells[at].strip(), attributes)

    return table.records(build)


def read_events(table: AtomicTable) -> Iterator[Row]:
    """Yield the events of an ``.inter`` file: ratings where it has a column ``rating``."""
    user, item = table.required()
    rating, time = table.at("rating"), table.at("timestamp")
    kind = "interaction" if rating is None else "rating"

    def build(cells: list[str]) -> Interaction:
        value = None if rating is None else number(cells[rating])
        at = 0.0 if time is None else moment(cells[time])
        return Interaction(cells[user].strip(), cells[item].strip(), kind, value, at)

    return table.records(build)


def _triples(
    table: AtomicTable, link: Mapping[str, str], broken: Sequence[Problem]
) -> Iterator[Row]:
    head, name, tail = table.required()

    def build(cells: list[str]) -> Triple:
        start, end = cells[head].strip(), cells[tail].strip()
        return Triple(link.get(start, start), relation(cells[name]), link.get(end, end))

    return chain(broken, table.records(build))
