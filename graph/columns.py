"""Arrays on disk that many processes map into memory: strings, nodes and sparse rows."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Self

import numpy as np
import orjson
from numpy.typing import NDArray

Int32Array = NDArray[np.int32]
Int64Array = NDArray[np.int64]
Float32Array = NDArray[np.float32]


def mapped(file: FilePath) -> NDArray[Any]:
    """Map an array that is read from its file when used.

    Parameters
    ----------
    file : pathlib.Path
        Where :func:`numpy.save` wrote it.

    Returns
    -------
    NDArray
        A plain array: every slice of numpy's class for mapped ones costs microseconds.
    """
    return np.asarray(np.load(file, mmap_mode="r"))


class StringColumn(Sequence[str]):
    """An immutable list of strings kept as one block of UTF-8 and offsets.

    Parameters
    ----------
    data : NDArray[np.uint8]
        All strings one after the other; shape (n_bytes,).
    offsets : Int64Array
        Where each string begins; shape (n_strings + 1,).

    Examples
    --------
    >>> list(StringColumn.of(["a", "鞋"]))
    ['a', '鞋']
    """

    def __init__(self, data: NDArray[np.uint8], offsets: Int64Array) -> None:
        self._data = data
        self._offsets = offsets

    @classmethod
    def of(cls, strings: Sequence[str]) -> "StringColumn":
        """Pack strings into a column.

        Parameters
        ----------
        strings : Sequence[str]
            The strings, in order.

        Returns
        -------
        StringColumn
            The same strings, packed.
        """
        blobs = [text.encode() for text in strings]
        offsets = np.zeros(len(blobs) + 1, dtype=np.int64)
        np.cumsum([len(blob) for blob in blobs], out=offsets[1:])
        return cls(np.frombuffer(b"".join(blobs), dtype=np.uint8), offsets)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, index: int) -> str:  # type: ignore[override]
        if not 0 <= index < len(self):
            raise IndexError(index)
        start, stop = self._offsets[index], self._offsets[index + 1]
        return self._data[start:stop].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        """Read all strings in order, several times as fast as one by one."""
        data = self._data.tobytes()
        for start, stop in itertools.pairwise(self._offsets.tolist()):
            yield data[start:stop].decode()

    def save(self, folder: FilePath, name: str) -> None:
        """Write the column as ``name.data.npy`` and ``name.offsets.npy``."""
        np.save(folder / f"{name}.data.npy", self._data)
        np.save(folder / f"{name}.offsets.npy", self._offsets)

    @classmethod
    def load(cls, folder: FilePath, name: str) -> "StringColumn":
        """Map a column that :meth:`save` wrote.

        Parameters
        ----------
        folder : pathlib.Path
            Where it was written.
        name : str
            Its name.

        Returns
        -------
        StringColumn
            The column, read from the file when used.
        """
        return cls(
            mapped(folder / f"{name}.data.npy"),
            mapped(folder / f"{name}.offsets.npy"),
        )


class Nodes:
    """The nodes of one kind: ids and records by row.

    Parameters
    ----------
    ids : StringColumn
        Ids by row.
    records : StringColumn
        One JSON object per row with everything but the id.
    """

    def __init__(self, ids: StringColumn, records: StringColumn) -> None:
        self._ids = ids
        self._records = records
        self._row_of: dict[str, int] | None = None

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def ids(self) -> StringColumn:
        """Ids by row."""
        return self._ids

    def id(self, row: int) -> str:
        """Return the id of a row."""
        return self._ids[row]

    def find(self, id: str) -> int | None:  # noqa: A002
        """Return the row of an id, or None when there is none."""
        if self._row_of is None:
            self._row_of = {name: row for row, name in enumerate(self._ids)}
        return self._row_of.get(id)

    def record(self, row: int) -> dict[str, Any]:
        """Return the fields of a row, without the id, as they were exported."""
        fields: dict[str, Any] = orjson.loads(self._records[row])
        return fields

    def save(self, folder: FilePath, name: str) -> None:
        """Write the nodes under a name."""
        self._ids.save(folder, f"{name}.ids")
        self._records.save(folder, f"{name}.records")

    @classmethod
    def load(cls, folder: FilePath, name: str) -> Self:
        """Map nodes that :meth:`save` wrote.

        Parameters
        ----------
        folder : pathlib.Path
            Where they were written.
        name : str
            Their name.

        Returns
        -------
        Nodes
            The nodes, read from the files when used.
        """
        return cls(
            StringColumn.load(folder, f"{name}.ids"), StringColumn.load(folder, f"{name}.records")
        )


@dataclass(frozen=True, slots=True)
class Csr:
    """Rows of neighbours: row ``r`` has ``indices[indptr[r]:indptr[r + 1]]``, ascending.

    Attributes
    ----------
    indptr : Int32Array
        Shape (n_rows + 1,).
    indices : Int32Array
        Column numbers; shape (n_edges,).
    weights : Float32Array
        Shape (n_edges,).
    n_cols : int
        How many columns there are.
    """

    indptr: Int32Array
    indices: Int32Array
    weights: Float32Array
    n_cols: int

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.indptr) - 1

    @property
    def n_edges(self) -> int:
        """Number of edges."""
        return len(self.indices)

    @classmethod
    def of(
        cls,
        rows: NDArray[np.integer],
        cols: NDArray[np.integer],
        weights: NDArray[np.floating],
        shape: tuple[int, int],
    ) -> "Csr":
        """Sort edges into rows.

        Parameters
        ----------
        rows, cols : integer arrays
            Both of shape (n_edges,); pairs are unique.
        weights : floating array
            Shape (n_edges,).
        shape : (int, int)
            Numbers of rows and columns.

        Returns
        -------
        Csr
            The same edges, sorted by row and column.
        """
        order = np.argsort(rows.astype(np.int64) * shape[1] + cols, kind="stable")
        indptr = np.zeros(shape[0] + 1, dtype=np.int32)
        np.cumsum(np.bincount(rows, minlength=shape[0]), out=indptr[1:])
        return cls(
            indptr,
            cols[order].astype(np.int32),
            weights[order].astype(np.float32),
            shape[1],
        )

    def row(self, index: int) -> Int32Array:
        """Return the columns of one row; shape (n,)."""
        return self.indices[self.indptr[index] : self.indptr[index + 1]]

    def row_weights(self, index: int) -> Float32Array:
        """Return the weights of one row; shape (n,), parallel to :meth:`row`."""
        return self.weights[self.indptr[index] : self.indptr[index + 1]]

    def transposed(self) -> "Csr":
        """Return the same edges seen from the other side."""
        rows = np.repeat(np.arange(self.n_rows, dtype=np.int64), np.diff(self.indptr))
        return Csr.of(self.indices, rows, self.weights, (self.n_cols, self.n_rows))

    def save(self, folder: FilePath, name: str) -> None:
        """Write the rows as ``name.{indptr,indices,weights}.npy``."""
        np.save(folder / f"{name}.indptr.npy", self.indptr)
        np.save(folder / f"{name}.indices.npy", self.indices)
        np.save(folder / f"{name}.weights.npy", self.weights)

    @classmethod
    def load(cls, folder: FilePath, name: str, n_cols: int) -> "Csr":
        """Map rows that :meth:`save` wrote.

        Parameters
        ----------
        folder : pathlib.Path
            Where they were written.
        name : str
            Their name.
        n_cols : int
            How many columns there are.

        Returns
        -------
        Csr
            The rows, read from the files when used.
        """
        parts = [mapped(folder / f"{name}.{part}.npy") for part in ("indptr", "indices", "weights")]
        return cls(parts[0], parts[1], parts[2], n_cols)
