"""Match parts of a request to names by what they mean."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.errors import InvalidError
from graph.progress import ProgressCallback, silent
from llm.encoder import TextEncoder, Vectors, encode_all
from llm.surfaces import NamedThing, plain_name

_SPARE = 1024
"""Rows kept free, so that the next additions need no copy of all rows."""


@dataclass(frozen=True, slots=True)
class NameVectors:
    """Vectors of surfaces.

    Attributes
    ----------
    ids : tuple of str
        Per row, the id of the thing that the surface names; an id may come many times, because a
        thing has one vector for each of its surfaces.
    vectors : numpy.ndarray
        float32 (n_rows, n_dims), rows of unit length.
    """

    ids: tuple[str, ...]
    vectors: Vectors


def name_vectors(
    things: Sequence[NamedThing], encoder: TextEncoder, *, progress: ProgressCallback = silent
) -> NameVectors:
    """Encode every surface of the given things apart.

    Parameters
    ----------
    things : Sequence of NamedThing
        What requests describe rather than name: genres, themes, categories. People and titles gain
        little from vectors and make every request slower.
    encoder : TextEncoder
        What encodes; the linker needs the same one.
    progress : ProgressCallback
        Called after each block.

    Returns
    -------
    NameVectors
        One row a surface.
    """
    pairs = [(thing.id, plain_name(surface)) for thing in things for surface in thing.surfaces]
    texts = [surface for _, surface in pairs]
    vectors = encode_all(encoder, texts, stage="encoding names", progress=progress)
    return NameVectors(tuple(thing_id for thing_id, _ in pairs), vectors)


class MeaningIndex:
    """Surfaces by their vectors; grows and shrinks in place.

    Parameters
    ----------
    encoder : TextEncoder
        What encoded the surfaces.
    names : NameVectors
        What is known at first.

    Raises
    ------
    InvalidError
        The vectors do not fit their ids or the encoder.
    """

    def __init__(self, encoder: TextEncoder, names: NameVectors) -> None:
        if names.vectors.shape != (len(names.ids), encoder.n_dims):
            raise InvalidError(
                f"{len(names.ids)} ids came with vectors of the shape {names.vectors.shape}; the "
                f"encoder {encoder.name} makes vectors of {encoder.n_dims} numbers.",
                fix="Encode the names with the encoder that the linker is given.",
            )
        self._encoder = encoder
        self._vectors: Vectors = np.zeros((len(names.ids) + _SPARE, encoder.n_dims), np.float32)
        self._vectors[: len(names.ids)] = names.vectors
        self._ids: list[str] = list(names.ids)
        self._rows: dict[str, list[int]] = {}
        for row, thing_id in enumerate(names.ids):
            self._rows.setdefault(thing_id, []).append(row)

    def add(self, thing: NamedThing) -> None:
        """Encode the surfaces of a thing; what was known of its id is forgotten."""
        self.remove(thing.id)
        fresh = name_vectors([thing], self._encoder).vectors
        n = len(self._ids)
        if n + len(fresh) > len(self._vectors):
            room = np.zeros((n + len(fresh), self._encoder.n_dims), np.float32)
            self._vectors = np.concatenate([self._vectors, room])
        self._vectors[n : n + len(fresh)] = fresh
        self._ids.extend([thing.id] * len(fresh))
        self._rows[thing.id] = list(range(n, n + len(fresh)))

    def remove(self, thing_id: str) -> None:
        """Forget the vectors of a thing; an unknown id changes nothing."""
        for row in self._rows.pop(thing_id, ()):
            self._vectors[row] = 0.0

    def best(self, texts: Sequence[str], *, threshold: float) -> list[tuple[str, float] | None]:
        """Return, per text, the thing whose surface means most nearly the same.

        Parameters
        ----------
        texts : Sequence of str
            Parts of a request; they are encoded in one call.
        threshold : float
            Least cosine.

        Returns
        -------
        list of (str, float) or None
            Per text, id and cosine, or None where nothing comes near enough.
        """
        if not texts or not self._rows:
            return [None] * len(texts)
        cosines = self._cosines(texts)
        rows = cosines.argmax(axis=1)
        values = cosines[np.arange(len(texts)), rows]
        return [
            (self._ids[row], min(1.0, float(value))) if value >= threshold else None
            for row, value in zip(rows, values, strict=True)
        ]

    def ranking(self, texts: Sequence[str], *, limit: int) -> list[tuple[str, float]]:
        """Rank things by the best match between any of their surfaces and any of the texts.

        Parameters
        ----------
        texts : Sequence of str
            A request and parts of it.
        limit : int
            How many to return at most.

        Returns
        -------
        list of (str, float)
            Ids and cosines, best first.
        """
        if not texts or not self._rows or limit < 1:
            return []
        cosines = self._cosines(texts).max(axis=0)
        best: dict[str, float] = {}
        for row in np.argsort(-cosines, kind="stable"):
            thing_id = self._ids[row]
            if thing_id in self._rows and thing_id not in best:
                best[thing_id] = float(cosines[row])
                if len(best) == limit:
                    break
        return list(best.items())

    def _cosines(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encoder.encode(texts) @ self._vectors[: len(self._ids)].T
