"""Vectors of items and entities: what a training returns, and a searchable store of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from gnn.messages import Messages
from graph.columns import Float32Array, Int64Array, StringColumn
from graph.errors import InvalidError, NotFoundError


@dataclass(frozen=True, slots=True)
class EpochReport:
    """Figures of one epoch.

    Attributes
    ----------
    epoch : int
        0 is the state before the first step.
    loss : float
        Mean training loss; NaN for epoch 0.
    recall, ndcg : float
        On the validation matrix at 20; NaN without one.
    seconds : float
        Time spent since the start of the training.
    """

    epoch: int
    loss: float
    recall: float
    ndcg: float
    seconds: float


@dataclass(frozen=True, slots=True)
class TrainReport:
    """How a training went.

    Attributes
    ----------
    epochs : int
        Epochs trained.
    best_epoch : int
        Epoch whose vectors were kept.
    curve : tuple of EpochReport
        One entry an epoch.
    device : str
        Where it was computed.
    seconds : float
        Time spent, that of earlier, interrupted runs included.
    stopped : str
        Why it ended: ``"epochs"``, ``"patience"`` or ``"time"``.
    relation_weights : Mapping[str, float]
        Learned weight of each relation.
    """

    epochs: int
    best_epoch: int
    curve: tuple[EpochReport, ...]
    device: str
    seconds: float
    stopped: str = "epochs"
    relation_weights: Mapping[str, float] = field(default_factory=dict)

    @property
    def best(self) -> EpochReport:
        """Figures of the epoch that was kept."""
        return self.curve[self.best_epoch]


@dataclass(frozen=True, slots=True)
class GraphEmbeddings:
    """What a training learned.

    The score of item j for user u is ``sum_i x_ui <source[i], target[j]>`` and the fit of item j to
    entity e is ``<entities[e], target[j]> / |target[j]|``. Items without events have zero vectors.

    Attributes
    ----------
    source, target : Float32Array
        Items as history and as candidates, popularity exponents included; shape (n_items, d).
    entities : Float32Array
        Shape (n_entities, d); zero for entities none of whose items has events.
    report : TrainReport
        How the training went.
    messages : Messages or None
        What of the target vectors came from entities; None where no attributes took part.
    state : Mapping[str, Float32Array]
        The parameters behind the vectors, from which a later training can go on.
    """

    source: Float32Array
    target: Float32Array
    entities: Float32Array
    report: TrainReport
    messages: Messages | None = None
    state: Mapping[str, Float32Array] = field(default_factory=dict, repr=False)


class EmbeddingStore:
    """Vectors with ids, searched exactly.

    Parameters
    ----------
    ids : Sequence[str]
        One id a row; unique.
    matrix : NDArray
        Shape (n, d); kept as float32.

    Raises
    ------
    InvalidError
        If the numbers of ids and rows differ, an id occurs twice, or a number is not finite.

    Examples
    --------
    >>> store = EmbeddingStore(["a", "b"], np.eye(2))
    >>> store.nearest(np.array([0.2, 0.9]), k=1)
    [('b', 0.8999999761581421)]
    """

    def __init__(self, ids: Sequence[str], matrix: NDArray[np.floating]) -> None:
        if matrix.ndim != 2 or len(ids) != len(matrix):
            raise InvalidError(
                f"{len(ids)} ids do not fit to a matrix of the shape {matrix.shape}.",
                fix="Give one id for each row.",
            )
        self._row_of = {name: row for row, name in enumerate(ids)}
        if len(self._row_of) != len(ids):
            raise InvalidError("An id occurs twice.", fix="Give each row an id of its own.")
        if not np.isfinite(matrix).all():
            raise InvalidError("A vector is not finite.", fix="Train again with finite strengths.")
        self._ids = ids
        self._matrix: Float32Array = np.asarray(matrix, dtype=np.float32)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, id: object) -> bool:  # noqa: A002
        return id in self._row_of

    @property
    def ids(self) -> Sequence[str]:
        """Ids by row."""
        return self._ids

    @property
    def matrix(self) -> Float32Array:
        """Vectors by row; shape (n, d)."""
        return self._matrix

    def vector(self, id: str) -> Float32Array:  # noqa: A002
        """Return the vector of an id.

        Parameters
        ----------
        id : str
            One of the ids.

        Returns
        -------
        Float32Array
            Shape (d,).

        Raises
        ------
        NotFoundError
            If no row has the id.
        """
        row = self._row_of.get(id)
        if row is None:
            raise NotFoundError("vector", id)
        vector: Float32Array = self._matrix[row]
        return vector

    def nearest(
        self,
        query: NDArray[np.floating],
        *,
        k: int,
        exclude: Sequence[str] = (),
        cosine: bool = False,
    ) -> list[tuple[str, float]]:
        """Find the rows with the largest inner product, exactly.

        Parameters
        ----------
        query : NDArray
            Shape (d,).
        k : int
            How many; fewer come back when there are fewer rows.
        exclude : Sequence[str]
            Ids that must not come back.
        cosine : bool
            Whether to divide by the lengths of both vectors.

        Returns
        -------
        list of (str, float)
            Ids and similarities, largest first; equal ones in the order of the rows.
        """
        matrix = unit_rows(self._matrix) if cosine else self._matrix
        asked = unit_rows(np.asarray(query, dtype=np.float32)[None]) if cosine else query[None]
        hidden = [row for name in exclude if (row := self._row_of.get(name)) is not None]
        scores = matrix @ np.asarray(asked[0], dtype=np.float32)
        scores[hidden] = -np.inf
        rows = top_rows(scores[None], min(k, len(scores) - len(set(hidden))))[0]
        return [(self._ids[row], float(scores[row])) for row in rows]

    def save(self, folder: Path, name: str) -> None:
        """Write the store as ``.npy`` files that are read without unpickling.

        Parameters
        ----------
        folder : pathlib.Path
            Where; made when missing.
        name : str
            Beginning of the file names.
        """
        folder.mkdir(parents=True, exist_ok=True)
        StringColumn.of(self._ids).save(folder, f"{name}.ids")
        np.save(folder / f"{name}.vectors.npy", self._matrix, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, name: str) -> Self:
        """Map a store that :meth:`save` wrote.

        Parameters
        ----------
        folder : pathlib.Path
            Where it was written.
        name : str
            Its name.

        Returns
        -------
        EmbeddingStore
            The store; the vectors are read from the file when used.

        Raises
        ------
        InvalidError
            If the files are missing or broken.
        """
        try:
            matrix = np.load(folder / f"{name}.vectors.npy", mmap_mode="r", allow_pickle=False)
            ids = list(StringColumn.load(folder, f"{name}.ids"))
        except (OSError, ValueError) as error:
            raise InvalidError(
                f"{folder} holds no readable vectors named {name!r}.", fix="Train the model again."
            ) from error
        return cls(ids, matrix)


def top_rows(scores: NDArray[np.floating], k: int) -> Int64Array:
    """Find the k largest numbers of every row; equal ones in the order of the columns.

    Parameters
    ----------
    scores : NDArray
        Shape (n, m).
    k : int
        At most m are returned.

    Returns
    -------
    Int64Array
        Columns, largest first; shape (n, min(k, m)).
    """
    k = max(min(k, scores.shape[1]), 0)
    if not k:
        return np.zeros((len(scores), 0), dtype=np.int64)
    threshold = np.partition(scores, scores.shape[1] - k, axis=1)[:, -k, None]
    found = np.empty((len(scores), k), dtype=np.int64)
    for row, (values, least) in enumerate(zip(scores, threshold, strict=True)):
        candidates = np.flatnonzero(values >= least)
        order = np.argsort(-values[candidates], kind="stable")[:k]
        found[row] = candidates[order]
    return found


def unit_rows(matrix: NDArray[np.floating]) -> Float32Array:
    """Scale every row to length 1; zero rows stay zero.

    Parameters
    ----------
    matrix : NDArray
        Shape (n, d).

    Returns
    -------
    Float32Array
        Shape (n, d).
    """
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.where(lengths > 0, lengths, 1), dtype=np.float32)
