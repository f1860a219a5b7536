"""Columns of a tab-separated file, read whole and fast."""

import gzip
import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graph.domain import MAX_ID_LENGTH
from graph.errors import InvalidError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Table:
    """A tab-separated file with a header, by column.

    Attributes
    ----------
    path : pathlib.Path
        Where it came from; named in every complaint.
    header : tuple of str
        Names of the columns.
    columns : tuple of list of str
        Cells by column, all of the same length; empty lines of the file are left out.
    lines : IntArray
        Line number of each row in the file, counted from 1; shape (n_rows,).
    """

    path: Path
    header: tuple[str, ...]
    columns: tuple[list[str], ...]
    lines: IntArray

    def __len__(self) -> int:
        return len(self.lines)

    def ids(self, name: str) -> list[str]:
        """Return a column of ids.

        Parameters
        ----------
        name : str
            Name of the column.

        Returns
        -------
        list of str
            The cells as they are: spaces inside or around an id belong to it.

        Raises
        ------
        InvalidError
            If the column is missing, or a cell is empty or longer than ids may be.
        """
        column = self.cells(name)
        if column and not (min(map(len, column)) and max(map(len, column)) <= MAX_ID_LENGTH):
            row = next(r for r, cell in enumerate(column) if not 0 < len(cell) <= MAX_ID_LENGTH)
            what = f"longer than {MAX_ID_LENGTH} characters" if column[row] else "empty"
            raise self.broken(row, f"{name} is {what}")
        return column

    def numbers(self, name: str, *, missing: float) -> FloatArray:
        """Return a column of finite numbers.

        Parameters
        ----------
        name : str
            Name of the column.
        missing : float
            What an empty cell, or a column that is not there, stands for.

        Returns
        -------
        FloatArray
            Shape (n_rows,).

        Raises
        ------
        InvalidError
            If a cell holds something else than a finite number.
        """
        if name not in self.header:
            return np.full(len(self), missing)
        column = self.cells(name)
        try:
            found = np.array([float(cell) if cell else missing for cell in column])
        except ValueError:
            row = next(r for r, cell in enumerate(column) if not _is_number(cell))
            raise self.broken(row, f"{name} is not a number") from None
        for place in np.flatnonzero(~np.isfinite(found)).tolist():
            if column[place]:
                raise self.broken(place, f"{name} is not a finite number")
        return found

    def broken(self, row: int, reason: str) -> InvalidError:
        """Return the error that names the file, the line and the reason."""
        return InvalidError(f"{self.path.name}, line {self.lines[row]}: {reason}.")

    def cells(self, name: str) -> list[str]:
        """Return a column as it is; raises ``InvalidError`` where there is none of this name."""
        if name not in self.header:
            raise InvalidError(
                f"{self.path.name}, line 1: there is no column {name!r}.",
                fix=f"The header names: {', '.join(self.header)}.",
            )
        return self.columns[self.header.index(name)]


def read_table(path: Path) -> Table:
    """Read a tab-separated UTF-8 file with a header.

    Parameters
    ----------
    path : pathlib.Path
        The file; names that end in ``.gz`` or ``.xz`` are unpacked.

    Returns
    -------
    Table
        Its cells.

    Raises
    ------
    InvalidError
        If the file is missing, empty, not UTF-8, or a row has another number of cells than the
        header; with the line's number.
    """
    text = _text(path)
    rows = text.replace("\r\n", "\n").split("\n")
    header = tuple(name.strip() for name in rows[0].split("\t"))
    if not text.strip():
        raise InvalidError(f"{path.name} is empty.", fix="The first line names the columns.")
    if len(set(header)) < len(header) or not all(header):
        raise InvalidError(f"{path.name}, line 1: a column's name is empty or given twice.")
    numbers = np.arange(1, len(rows) + 1)
    kept = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows)) > 0
    kept[0] = False
    body = [row for row, keep in zip(rows, kept.tolist(), strict=True) if keep]
    lines = numbers[kept]
    _check_width(path, body, lines, len(header))
    cells = "\t".join(body).split("\t") if body else []
    columns = tuple(cells[number :: len(header)] for number in range(len(header)))
    return Table(path, header, columns, lines)


def open_packed(path: Path, mode: str) -> gzip.GzipFile | lzma.LZMAFile:
    """Open a file that is packed as its name says, for bytes."""
    return gzip.open(path, mode) if path.suffix == ".gz" else lzma.open(path, mode)  # type: ignore[return-value]


def numbered(ids: Sequence[str], known: Sequence[str] = ()) -> tuple[list[str], IntArray]:
    """Give ids numbers in the order in which they first appear.

    Parameters
    ----------
    ids : Sequence[str]
        Ids, repeated or not.
    known : Sequence[str]
        Ids that have the first numbers already.

    Returns
    -------
    names : list of str
        Each id once: those known, then the new ones.
    numbers : IntArray
        Position in ``names`` of each of ``ids``; shape (len(ids),).

    Examples
    --------
    >>> numbered(["b", "a", "b"])
    (['b', 'a'], array([0, 1, 0]))
    """
    names = list(dict.fromkeys([*known, *ids]))
    number_of = {name: number for number, name in enumerate(names)}
    numbers = np.fromiter(map(number_of.__getitem__, ids), dtype=np.int64, count=len(ids))
    return names, numbers


def _text(path: Path) -> str:
    try:
        if path.suffix in {".gz", ".xz"}:
            with open_packed(path, "rb") as file:
                data = file.read()
        else:
            data = path.read_bytes()
    except FileNotFoundError:
        raise InvalidError(f"There is no file {path}.") from None
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise InvalidError(f"{path} cannot be read: {error}.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidError(
            f"{path.name}, line {line}: not UTF-8.", fix="Save the file as UTF-8."
        ) from error


def _check_width(path: Path, body: list[str], lines: IntArray, width: int) -> None:
    n_tabs = np.fromiter((row.count("\t") for row in body), dtype=np.int64, count=len(body))
    wrong = np.flatnonzero(n_tabs != width - 1)
    if len(wrong):
        row = wrong[0]
        raise InvalidError(
            f"{path.name}, line {lines[row]}: {n_tabs[row] + 1} cells, not {width}.",
            fix="Cells are separated by tabs.",
        )


def _is_number(cell: str) -> bool:
    try:
        float(cell or "0")
    except ValueError:
        return False
    return True
