"""The files of KGAT, KGIN and their kin: numbers, with lists that tell what the numbers were.

``train.txt`` (user and items per line), ``kg_final.txt`` (head, relation, tail), and where they are
there ``item_list.txt``, ``entity_list.txt``, ``relation_list.txt``, ``user_list.txt``. An entity
whose number is that of an item is that item. ``test.txt`` is never read.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path as FilePath

from graph.domain import Entity, Interaction, Item, Triple
from graph.errors import InvalidError
from graph.formats.fields import FieldError, relation
from graph.formats.lines import Problem, SourceFile
from graph.formats.rows import plain_rows
from graph.formats.source import Part, Row, Source, listing, records
from graph.mapping import AttributeMapping

DOMAIN = "generic"

_TRAIN, _KG = "train.txt", "kg_final.txt"
_LISTS = {
    "items": "item_list.txt",
    "entities": "entity_list.txt",
    "relations": "relation_list.txt",
    "users": "user_list.txt",
}

Numbers = Mapping[int, str]


def recognises(names: Mapping[str, FilePath]) -> bool:
    """Tell whether a folder holds ``train.txt`` or ``kg_final.txt``."""
    return _TRAIN in names or _KG in names


def open_source(path: FilePath, mapping: AttributeMapping) -> Source:  # noqa: ARG001
    """Open a folder with the files of one data set.

    Parameters
    ----------
    path : pathlib.Path
        The folder.
    mapping : AttributeMapping
        Not needed: nothing has attributes.

    Returns
    -------
    Source
        Entities, items, events, then triples.

    Raises
    ------
    InvalidError
        If neither ``train.txt`` nor ``kg_final.txt`` is there.
    """
    names = listing(path)
    if not recognises(names):
        raise InvalidError(
            f"{path.name!r} holds neither {_TRAIN} nor {_KG}.",
            fix="Load the folder of one data set.",
        )
    lists = {kind: _List(names, name) for kind, name in _LISTS.items()}
    items = lists["items"].names or _items_of(names)
    parts = []
    if lists["entities"].file:
        parts.append(_entity_part(lists["entities"], items))
    if lists["items"].file:
        parts.append(_item_part(lists["items"]))
    if _TRAIN in names:
        file = _file(names, _TRAIN)
        read = partial(_events, file, items, lists["users"].names)
        parts.append(Part(file, lambda: chain(lists["users"].problems, read()), creates=True))
    if _KG in names:
        parts.append(_triple_part(_file(names, _KG), items, lists))
    return Source("kgat", parts)


class _List:
    """A list file: ``org_id remap_id`` per line after a header."""

    def __init__(self, names: Mapping[str, FilePath], name: str) -> None:
        self.names: dict[int, str] = {}
        self.lines: dict[int, int] = {}
        self.problems: list[Problem] = []
        self._n_after = 0
        self.file = _file(names, name) if name in names else None
        if self.file is not None:
            self._read(self.file)

    def _read(self, file: SourceFile) -> None:
        for row in plain_rows(file, separator=None, width=2):
            if isinstance(row, Problem):
                self.problems.append(row)
            elif row[1][:2] == ["org_id", "remap_id"]:
                self._n_after = len(row[1]) - 2
            else:
                self._add(file, *row)

    def _add(self, file: SourceFile, line: int, cells: list[str]) -> None:
        """Take a line; names may hold spaces, so the number is found from the right."""
        place = len(cells) - 1 - self._n_after
        number, name = cells[place], " ".join(cells[:place])
        if not number.isdecimal() or not name:
            reason = f"there is no name and number in {' '.join(cells)[:40]!r}"
            self.problems.append(Problem(file.name, line, reason))
        elif int(number) in self.names:
            self.problems.append(Problem(file.name, line, f"the number {number} came before"))
        else:
            self.names[int(number)] = name
            self.lines[int(number)] = line


def _file(names: Mapping[str, FilePath], name: str) -> SourceFile:
    return SourceFile(names[name], names[name].name)


def _items_of(names: Mapping[str, FilePath]) -> dict[int, str]:
    """Find the items where no list names them: all that ``train.txt`` has."""
    if _TRAIN not in names:
        return {}
    rows = plain_rows(_file(names, _TRAIN), separator=None, width=1)
    good = (row[1][1:] for row in rows if not isinstance(row, Problem))
    return {int(cell): cell for cells in good for cell in cells if cell.isdecimal()}


def _entity_part(entities: _List, items: Numbers) -> Part:
    file = entities.file
    assert file is not None  # noqa: S101

    def read() -> Iterator[Row]:
        yield from entities.problems
        for number, name in entities.names.items():
            if number not in items:
                yield entities.lines[number], Entity(name, "Thing", name)

    return Part(file, read)


def _item_part(items: _List) -> Part:
    file = items.file
    assert file is not None  # noqa: S101

    def read() -> Iterator[Row]:
        yield from items.problems
        for number, name in items.names.items():
            yield items.lines[number], Item(name, name)

    return Part(file, read)


def _events(file: SourceFile, items: Numbers, users: Numbers) -> Iterator[Row]:
    for row in plain_rows(file, separator=None, width=1):
        if isinstance(row, Problem):
            yield row
            continue
        line, cells = row
        wrong = [cell for cell in cells if not cell.isdecimal()]
        if wrong:
            yield Problem(file.name, line, f"{wrong[0][:40]!r} is not a number")
            continue
        user = users.get(int(cells[0]), cells[0])
        for cell in cells[1:]:
            yield line, Interaction(user, items.get(int(cell), cell))


def _triple_part(file: SourceFile, items: Numbers, lists: Mapping[str, _List]) -> Part:
    entities, relations = lists["entities"].names, lists["relations"]

    def end(cell: str) -> str:
        if not cell.isdecimal():
            raise FieldError(f"{cell[:40]!r} is not a number")
        number = int(cell)
        return items.get(number) or entities.get(number) or f"entity:{number}"

    def build(cells: list[str]) -> Triple:
        head, tail = end(cells[0]), end(cells[2])
        name = relations.names.get(int(cells[1]), cells[1]) if cells[1].isdecimal() else cells[1]
        return Triple(head, relation(name.rsplit("/", 1)[-1]), tail)

    def read() -> Iterator[Row]:
        yield from relations.problems
        yield from records(plain_rows(file, separator=None, width=3), file, build)

    return Part(file, read, creates=True)
