"""Rows of tables, of files without a header, of JSONL; what cannot be read becomes a problem."""

import csv
from collections.abc import Iterator
from typing import Any

import orjson

from graph.errors import InvalidError
from graph.formats.lines import Lines, Problem, SourceFile


class Table:
    """Rows of a delimited text file with a header line.

    Parameters
    ----------
    file : SourceFile
        What to read. ``.csv`` files may use comma, semicolon or tab, with quotes; all others are
        tab-separated without quotes.

    Attributes
    ----------
    file : SourceFile
        The file.
    columns : list of str
        Names from the header; empty for an empty file.
    """

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self._quoted = file.kind == ".csv"
        lines = Lines(file)
        header = next(iter(lines), None)
        if header is None and lines.problems and file.size:
            raise InvalidError(
                f"The header of {file.name} cannot be read: {lines.problems[0].reason}."
            )
        header = header or ""
        self._delimiter = max(",;\t", key=header.count) if self._quoted else "\t"
        cells = next(csv.reader([header], delimiter=self._delimiter), [])
        self.columns = [cell.strip() for cell in (cells if self._quoted else header.split("\t"))]
        if not header.strip():
            self.columns = []
        repeated = {name for name in self.columns if self.columns.count(name) > 1}
        if repeated:
            raise InvalidError(
                f"The header of {file.name} names {sorted(repeated)[0]!r} more than once."
            )

    def rows(self) -> Iterator[tuple[int, list[str]] | Problem]:
        """Yield line number and cells of each row, and what is wrong with other lines."""
        if not self.columns:
            yield Problem(self.file.name, 1, "the file is empty: a header line was expected")
            return
        lines = Lines(self.file)
        rows = self._parsed(lines) if self._quoted else _split(lines)
        width = len(self.columns)
        first = True
        for row in rows:
            if lines.problems:
                yield from lines.problems
                lines.problems.clear()
            if isinstance(row, Problem):
                yield row
            elif first:
                first = False
            elif len(row[1]) == width:
                yield row
            elif any(row[1]):
                reason = f"the row has {len(row[1])} cells where the header names {width}"
                yield Problem(self.file.name, row[0], reason)
        yield from lines.problems

    def _parsed(self, lines: Lines) -> Iterator[tuple[int, list[str]] | Problem]:
        """Parse quoted rows; one that spans lines carries the number of its first line."""
        reader = csv.reader((f"{line}\n" for line in lines), delimiter=self._delimiter)
        while True:
            before = reader.line_num
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Problem(self.file.name, _first(lines, reader, before), f"broken row: {error}")
            else:
                yield _first(lines, reader, before), row


def _first(lines: Lines, reader: Any, before: int) -> int:
    return int(lines.number - max(0, reader.line_num - before - 1))


def _split(lines: Lines) -> Iterator[tuple[int, list[str]]]:
    for line in lines:
        yield lines.number, line.split("\t")


def plain_rows(
    file: SourceFile, *, separator: str | None, width: int
) -> Iterator[tuple[int, list[str]] | Problem]:
    """Yield line number and cells of each line of a file without a header.

    Parameters
    ----------
    file : SourceFile
        What to read.
    separator : str or None
        Between cells; None for any white space.
    width : int
        How many cells a line must have at least; blank lines are passed over.

    Yields
    ------
    (int, list of str) or Problem
        One for each line that is not blank.
    """
    lines = Lines(file)
    empty = True
    for line in lines:
        yield from lines.problems
        lines.problems.clear()
        if not line or line.isspace():
            continue
        empty = False
        cells = line.split(separator)
        if len(cells) >= width:
            yield lines.number, cells
        else:
            yield Problem(file.name, lines.number, f"the line has {len(cells)} cells, not {width}")
    if empty and not lines.problems:
        yield Problem(file.name, 1, "the file is empty")
    yield from lines.problems


def json_rows(file: SourceFile) -> Iterator[tuple[int, dict[str, Any]] | Problem]:
    """Yield line number and object of each line of a JSONL file, and what is wrong with others.

    Parameters
    ----------
    file : SourceFile
        What to read.

    Yields
    ------
    (int, dict) or Problem
        One for each line that is not blank.
    """
    lines = Lines(file)
    empty = True
    for line in lines:
        yield from lines.problems
        lines.problems.clear()
        if not line.strip():
            continue
        empty = False
        try:
            content = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            yield Problem(file.name, lines.number, f"broken JSON: {error}")
            continue
        if isinstance(content, dict):
            yield lines.number, content
        else:
            yield Problem(file.name, lines.number, "the line holds no JSON object")
    if empty and not lines.problems:
        yield Problem(file.name, 1, "the file is empty")
    yield from lines.problems
