"""Match requests and parts of them to names by what they mean."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.errors import InvalidError
from graph.progress import ProgressCallback, silent
from llm.adapter import Adapter
from llm.encoder import TextEncoder, Vectors, encode_all
from llm.practice import Wording
from llm.surfaces import NamedThing, plain_name

_SPARE = 1024
"""Rows kept free, so that the next additions need no copy of all rows."""


@dataclass(frozen=True, slots=True)
class NameVectors:
    """Vectors of surfaces and of descriptions.

    Attributes
    ----------
    ids : tuple of str
        Per row, the id of the thing that the surface names; an id may come many times, because a
        thing has one vector for each of its surfaces, and one for its description.
    vectors : numpy.ndarray
        float32 (n_rows, n_dims), rows of unit length.
    described : frozenset of int
        The rows that hold descriptions. They count where a whole request is compared; a few words
        of it are compared with names only.
    """

    ids: tuple[str, ...]
    vectors: Vectors
    described: frozenset[int] = frozenset()

    def of(self, ids: Container[str]) -> "NameVectors":
        """Return the rows of some things only."""
        kept = [row for row, thing_id in enumerate(self.ids) if thing_id in ids]
        if len(kept) == len(self.ids):
            return self
        described = frozenset(at for at, row in enumerate(kept) if row in self.described)
        return NameVectors(tuple(self.ids[row] for row in kept), self.vectors[kept], described)


def name_vectors(
    things: Sequence[NamedThing], encoder: TextEncoder, *, progress: ProgressCallback = silent
) -> NameVectors:
    """Encode every surface of the given things apart, and their descriptions.

    Parameters
    ----------
    things : Sequence of NamedThing
        What requests may mean without naming it: genres, themes, categories.
    encoder : TextEncoder
        What encodes; the linker needs the same one.
    progress : ProgressCallback
        Called after each block.

    Returns
    -------
    NameVectors
        One row a surface or description.
    """
    rows = wordings(things)
    vectors = encode_all(
        encoder, [row.text for row in rows], stage="encoding names", progress=progress
    )
    described = frozenset(at for at, row in enumerate(rows) if row.is_description)
    return NameVectors(tuple(things[row.thing].id for row in rows), vectors, described)


def wordings(things: Sequence[NamedThing]) -> list[Wording]:
    """Return the ways in which things are said, in the order of :func:`name_vectors`.

    Parameters
    ----------
    things : Sequence of NamedThing
        What requests may mean.

    Returns
    -------
    list of Wording
        Their surfaces, then their descriptions.
    """
    names = [
        Wording(at, plain_name(surface))
        for at, thing in enumerate(things)
        for surface in thing.surfaces
    ]
    descriptions = [
        Wording(at, thing.description, is_description=True)
        for at, thing in enumerate(things)
        if thing.description
    ]
    return names + descriptions


class MeaningIndex:
    """Surfaces by their vectors; grows and shrinks in place.

    Parameters
    ----------
    encoder : TextEncoder
        What encoded the surfaces.
    names : NameVectors
        What is known at first.
    adapter : Adapter or None
        Brings requests and the names of what they mean nearer together.

    Raises
    ------
    InvalidError
        The vectors do not fit their ids or the encoder.
    """

    def __init__(
        self, encoder: TextEncoder, names: NameVectors, adapter: Adapter | None = None
    ) -> None:
        if names.vectors.shape != (len(names.ids), encoder.n_dims):
            raise InvalidError(
                f"{len(names.ids)} ids came with vectors of the shape {names.vectors.shape}; the "
                f"encoder {encoder.name} makes vectors of {encoder.n_dims} numbers.",
                fix="Encode the names with the encoder that the linker is given.",
            )
        self._encoder = encoder
        self._adapter = adapter
        n = len(names.ids)
        self._vectors = _with_room(names.vectors)
        self._adapted = _with_room(adapter.names(names.vectors)) if adapter else self._vectors
        self._names_something = np.zeros(len(self._vectors), bool)
        self._names_something[:n] = [row not in names.described for row in range(n)]
        self._ids: list[str] = list(names.ids)
        self._rows: dict[str, list[int]] = {}
        for row, thing_id in enumerate(names.ids):
            self._rows.setdefault(thing_id, []).append(row)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def adapter(self) -> Adapter | None:
        """What was learned from the catalog."""
        return self._adapter

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode a request and parts of it; shape (n_texts, n_dims)."""
        return self._encoder.encode(texts)

    def add(self, thing: NamedThing) -> None:
        """Encode the surfaces of a thing; what was known of its id is forgotten."""
        self.remove(thing.id)
        fresh = name_vectors([thing], self._encoder)
        n, n_fresh = len(self._ids), len(fresh.ids)
        if n + n_fresh > len(self._vectors):
            self._grow()
        self._vectors[n : n + n_fresh] = fresh.vectors
        if self._adapter is not None:
            self._adapted[n : n + n_fresh] = self._adapter.names(fresh.vectors)
        self._names_something[n : n + n_fresh] = [
            row not in fresh.described for row in range(n_fresh)
        ]
        self._ids.extend(fresh.ids)
        self._rows[thing.id] = list(range(n, n + n_fresh))

    def remove(self, thing_id: str) -> None:
        """Forget the vectors of a thing; an unknown id changes nothing."""
        for row in self._rows.pop(thing_id, ()):
            self._vectors[row] = 0.0
            self._adapted[row] = 0.0

    def best(self, parts: Vectors) -> list[tuple[str, float]]:
        """Return, per part of a request, the thing whose name means most nearly the same.

        Parameters
        ----------
        parts : numpy.ndarray
            As :meth:`encode` returns them; shape (n_parts, n_dims).

        Returns
        -------
        list of (str, float)
            Per part, id and cosine; empty when nothing is known.
        """
        if not len(parts) or not self._rows:
            return []
        cosines = parts @ self._vectors[: len(self._ids)].T
        cosines[:, ~self._names_something[: len(self._ids)]] = -1.0
        rows = cosines.argmax(axis=1)
        values = cosines[np.arange(len(parts)), rows]
        return [
            (self._ids[row], min(1.0, float(value)))
            for row, value in zip(rows, values, strict=True)
        ]

    def ranking(self, parts: Vectors, *, limit: int) -> list[tuple[str, float]]:
        """Rank things by the best match between any of their surfaces and any of the parts.

        Parameters
        ----------
        parts : numpy.ndarray
            As :meth:`encode` returns them; shape (n_parts, n_dims).
        limit : int
            How many to return at most.

        Returns
        -------
        list of (str, float)
            Ids and cosines, best first.
        """
        if not len(parts):
            return []
        return self._first((parts @ self._vectors[: len(self._ids)].T).max(axis=0), limit)

    def meant(self, request: Vectors, *, limit: int) -> list[tuple[str, float]]:
        """Rank things by how well they are what a whole request means, as the catalog taught it.

        Parameters
        ----------
        request : numpy.ndarray
            Vector of the whole request; shape (n_dims,).
        limit : int
            How many to return at most.

        Returns
        -------
        list of (str, float)
            Ids and cosines, best first; by plain cosines when there is no adapter.
        """
        asked = self._adapter.requests(request[None])[0] if self._adapter else request
        return self._first(self._adapted[: len(self._ids)] @ asked, limit)

    def _first(self, cosines: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        if limit < 1 or not self._rows:
            return []
        best: dict[str, float] = {}
        for row in np.argsort(-cosines, kind="stable"):
            thing_id = self._ids[row]
            if thing_id in self._rows and thing_id not in best:
                best[thing_id] = float(cosines[row])
                if len(best) == limit:
                    break
        return list(best.items())

    def _grow(self) -> None:
        shared = self._adapted is self._vectors
        self._vectors = _with_room(self._vectors)
        self._adapted = self._vectors if shared else _with_room(self._adapted)
        spare = np.zeros(len(self._vectors) - len(self._names_something), bool)
        self._names_something = np.concatenate([self._names_something, spare])


def _with_room(vectors: Vectors) -> Vectors:
    """Copy vectors into a larger array, so that more can be added without copying them all."""
    n = len(vectors)
    roomy = np.zeros((n + n // 8 + _SPARE, vectors.shape[1]), np.float32)
    roomy[:n] = vectors
    return roomy
