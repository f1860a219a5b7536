"""What a format hands to the loader: parts that yield records."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Protocol, TypeVar

from graph.domain import Entity, Interaction, Item, Triple, User
from graph.errors import InvalidError
from graph.formats.fields import FieldError
from graph.formats.lines import Problem, SourceFile, plain_name
from graph.mapping import AttributeMapping


@dataclass(frozen=True, slots=True)
class Described:
    """An edge that comes with its entity: the entity is created only where it is missing."""

    entity: Entity
    triple: Triple


Record = Item | Entity | User | Triple | Interaction | Described
Row = tuple[int, Record] | Problem
Cells = TypeVar("Cells")


@dataclass(frozen=True, slots=True)
class Part:
    """Records from one file.

    Attributes
    ----------
    file : SourceFile
        Where they come from; its position tells how far the reading is.
    read : callable
        Starts reading: yields line and record, or a problem.
    creates : bool
        Whether triples and events of this part may name what nothing else describes: an unknown end
        of a triple becomes an entity ``Thing``, an unknown item an item with its id as title.
    """

    file: SourceFile
    read: Callable[[], Iterator[Row]]
    creates: bool = False


@dataclass(slots=True, weakref_slot=True)
class Source:
    """An opened catalog.

    Attributes
    ----------
    format : str
        Name of the format.
    parts : Sequence[Part]
        In the order in which they must be read.
    notes : dict
        What the format has to say about the load (such as a join rate); complete when all parts
        were read.
    """

    format: str
    parts: Sequence[Part]
    notes: dict[str, str | int | float] = field(default_factory=dict)

    @property
    def files(self) -> list[SourceFile]:
        """Every file once."""
        return list({part.file.path: part.file for part in self.parts}.values())


class FormatModule(Protocol):
    """What every module of a format has: ``DOMAIN`` is the preset that fits it best."""

    DOMAIN: str

    def recognises(self, names: Mapping[str, FilePath]) -> bool:
        """Tell whether file names (see :func:`listing`) look like this format."""

    def open_source(self, path: FilePath, mapping: AttributeMapping) -> Source:
        """Read headers and return the parts; rows are read later.

        Raises ``InvalidError`` when files or columns are missing.
        """


def listing(path: FilePath) -> dict[str, FilePath]:
    """Return the files of a folder (or one file) by name in lower case, without compression.

    Parameters
    ----------
    path : pathlib.Path
        A folder or a file.

    Returns
    -------
    dict
        ``{"items.csv": Path("shop/Items.csv.gz")}``

    Raises
    ------
    InvalidError
        If there is nothing at the path.
    """
    if path.is_file():
        return {plain_name(path.name).lower(): path}
    if not path.is_dir():
        raise InvalidError(f"There is no file or folder {path.name!r}.", fix="Check the path.")
    return {
        plain_name(found.name).lower(): found for found in sorted(path.iterdir()) if found.is_file()
    }


def records(
    rows: Iterable[tuple[int, Cells] | Problem], file: SourceFile, build: Callable[[Cells], Record]
) -> Iterator[Row]:
    """Make a record of every row that was read.

    Parameters
    ----------
    rows : iterable of (int, Cells) or Problem
        Rows with their lines; problems are passed on.
    file : SourceFile
        Where they come from.
    build : callable
        Makes the record; raises ``FieldError`` when it cannot.

    Yields
    ------
    (int, Record) or Problem
        One for each row.
    """
    for row in rows:
        if isinstance(row, Problem):
            yield row
            continue
        try:
            record = build(row[1])
        except FieldError as error:
            yield Problem(file.name, row[0], str(error))
        else:
            yield row[0], record


def positions(columns: Sequence[str], wanted: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Find columns by any of their names, without regard to case.

    Parameters
    ----------
    columns : Sequence[str]
        Names from the header.
    wanted : Mapping
        Accepted names by field.

    Returns
    -------
    dict
        Position by field, for those that were found.
    """
    at = {name.casefold(): index for index, name in reversed(list(enumerate(columns)))}
    found = {}
    for field_, names in wanted.items():
        for name in names:
            if name in at:
                found[field_] = at[name]
                break
    return found
