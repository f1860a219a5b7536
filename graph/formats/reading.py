"""Lines and rows of text files that may be compressed, broken or very large.

Nothing here holds more than one line, and no line of more than 16 MB is held at all. What cannot be
read becomes a :class:`Problem` with file and line; the rest of the file goes on.
"""

import codecs
import csv
import gzip
import lzma
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, BinaryIO, cast

import orjson

from graph.errors import InvalidError

MAX_LINE = 16 * 2**20
_SKIP = 2**20
_COMPRESSED = (".gz", ".xz")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was left out, or a file that could not be read to its end.

    Attributes
    ----------
    file : str
        Name of the file, relative to what was loaded.
    line : int
        Line in the file, counted from 1; 0 where the problem has no line.
    reason : str
        What is wrong, in words.
    """

    file: str
    line: int
    reason: str


@dataclass(slots=True)
class SourceFile:
    """One file to read.

    Attributes
    ----------
    path : pathlib.Path
        Where it is.
    name : str
        What people see in messages.
    encoding : str
        Encoding of the text.
    """

    path: FilePath
    name: str
    encoding: str = "utf-8"
    _raw: BinaryIO | None = field(default=None, repr=False)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size

    @property
    def position(self) -> int:
        """Bytes of the file on disk that were read so far."""
        if self._raw is None:
            return 0
        return self.size if self._raw.closed else self._raw.tell()

    @property
    def kind(self) -> str:
        """Suffix in lower case, without that of the compression: ``".csv"``."""
        return FilePath(plain_name(self.path.name)).suffix.lower()

    def open(self) -> BinaryIO:
        """Open the file for reading, decompressed."""
        self._raw = self.path.open("rb")
        suffix = self.path.suffix.lower()
        if suffix == ".gz":
            return cast(BinaryIO, gzip.GzipFile(fileobj=self._raw))
        return cast(BinaryIO, lzma.LZMAFile(self._raw)) if suffix == ".xz" else self._raw

    def close(self) -> None:
        """Close what :meth:`open` opened; a decompressor leaves its file open."""
        if self._raw is not None:
            self._raw.close()


def plain_name(name: str) -> str:
    """Return a file name without the suffix of a compression."""
    return name[:-3] if name.lower().endswith(_COMPRESSED) else name


class Lines:
    """The lines of a file, without their ends.

    Parameters
    ----------
    file : SourceFile
        What to read.

    Attributes
    ----------
    number : int
        Number of the line that was read last, from 1.
    problems : list of Problem
        Lines that were left out since somebody last cleared this list.
    """

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self.number = 0
        self.problems: list[Problem] = []

    def __iter__(self) -> Iterator[str]:
        stream = self._file.open()
        try:
            while raw := stream.readline(MAX_LINE + 1):
                self.number += 1
                text = self._text(raw, stream)
                if text is not None:
                    yield text
        except (EOFError, OSError, lzma.LZMAError, zlib.error) as error:
            self.number += 1
            self._report(f"the file is damaged or cut off here ({error})")
        finally:
            self._file.close()

    def _text(self, raw: bytes, stream: BinaryIO) -> str | None:
        if self.number == 1:
            raw = self._without_mark(raw)
        if len(raw) > MAX_LINE:
            size = len(raw) + _skip_line(raw, stream)
            self._report(f"the line has {size:,} bytes; at most {MAX_LINE:,} are read")
            return None
        if b"\0" in raw:
            self._report("the line contains a NUL byte")
            return None
        try:
            return raw.decode(self._file.encoding).rstrip("\r\n")
        except UnicodeDecodeError as error:
            self._report(
                f"the line is not {self._file.encoding.upper()} "
                f"(byte 0x{raw[error.start]:02x} at position {error.start + 1})"
            )
            return None

    def _without_mark(self, raw: bytes) -> bytes:
        if raw.startswith(_UTF16):
            raise InvalidError(f"{self._file.name} is UTF-16.", fix="Save it as UTF-8.")
        return raw.removeprefix(codecs.BOM_UTF8)

    def _report(self, reason: str) -> None:
        self.problems.append(Problem(self._file.name, self.number, reason))


def _skip_line(raw: bytes, stream: BinaryIO) -> int:
    """Read on to the end of the line without holding it; returns how many bytes that were."""
    skipped = 0
    while not raw.endswith(b"\n"):
        raw = stream.readline(_SKIP)
        if not raw:
            break
        skipped += len(raw)
    return skipped


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
