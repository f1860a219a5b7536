"""Lines of text files that may be compressed, broken or very large.

Nothing here holds more than a block of lines, and no line of more than 16 MB is held at all. What
cannot be read becomes a :class:`Problem` with file and line; the rest of the file goes on.
"""

import codecs
import gzip
import lzma
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path as FilePath
from typing import cast

from graph.errors import InvalidError

MAX_LINE = 16 * 2**20
_BLOCK = 2**18
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
    _raw: BufferedReader | None = field(default=None, repr=False)

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

    def open(self) -> BufferedReader:
        """Open the file for reading, decompressed."""
        self._raw = self.path.open("rb")
        suffix = self.path.suffix.lower()
        if suffix == ".gz":
            return cast(BufferedReader, gzip.GzipFile(fileobj=self._raw))
        return cast(BufferedReader, lzma.LZMAFile(self._raw)) if suffix == ".xz" else self._raw

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
            for block in _blocks(stream):
                if isinstance(block, int):
                    self.number += 1
                    self._report(f"the line has {block:,} bytes; at most {MAX_LINE:,} are read")
                else:
                    yield from self._lines(block)
        except (EOFError, OSError, lzma.LZMAError, zlib.error) as error:
            self.number += 1
            self._report(f"the file is damaged or cut off here ({error})")
        finally:
            self._file.close()

    def _lines(self, block: bytes) -> Iterator[str]:
        """Yield the lines of a block; decoded together where nothing is wrong with any of them."""
        if self.number == 0:
            block = self._without_mark(block)
        try:
            text = block.decode(self._file.encoding)
        except UnicodeDecodeError:
            text = "\0"
        if "\0" not in text:
            for line in text.replace("\r\n", "\n").split("\n"):
                self.number += 1
                yield line.rstrip("\r")
            return
        for raw in block.split(b"\n"):
            self.number += 1
            line_text = self._text(raw.rstrip(b"\r"))
            if line_text is not None:
                yield line_text

    def _text(self, raw: bytes) -> str | None:
        """Decode one line, or report why it cannot be used."""
        encoding = self._file.encoding
        if b"\0" in raw:
            self._report("the line contains a NUL byte")
            return None
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            place = f"byte 0x{raw[error.start]:02x} at position {error.start + 1}"
            self._report(f"the line is not {encoding.upper()} ({place})")
            return None

    def _without_mark(self, raw: bytes) -> bytes:
        if raw.startswith(_UTF16):
            raise InvalidError(f"{self._file.name} is UTF-16.", fix="Save it as UTF-8.")
        return raw.removeprefix(codecs.BOM_UTF8)

    def _report(self, reason: str) -> None:
        self.problems.append(Problem(self._file.name, self.number, reason))


def _blocks(stream: BufferedReader) -> Iterator[bytes | int]:
    """Yield whole lines, many at a time and without the last line end.

    A line that is too long is not held: its size comes in its place.
    """
    rest, skipped = b"", 0
    while chunk := stream.read1(_BLOCK):
        head, newline, tail = chunk.rpartition(b"\n")
        if not newline:
            rest, skipped = (b"", skipped + len(chunk)) if skipped else (rest + chunk, 0)
        elif skipped:
            end, newline, head = head.partition(b"\n")
            yield skipped + len(end)
            if newline:
                yield head
            rest, skipped = tail, 0
        else:
            first, newline, others = (rest + head).partition(b"\n")
            yield len(first) if len(first) > MAX_LINE else first
            if newline:
                yield others
            rest = tail
        if len(rest) > MAX_LINE:
            rest, skipped = b"", len(rest)
    if skipped:
        yield skipped
    elif rest:
        yield rest
