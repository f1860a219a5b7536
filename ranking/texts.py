"""What items say, as vectors: of all items at training time, of one when it comes or changes."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from graph.domain import Item, Triple
from graph.progress import ProgressCallback
from graph.snapshot import Snapshot
from llm.encoder import TextEncoder, encode_all
from ranking.attributes import Attributes
from ranking.model import TextVectors

_THEME_DEGREE = 20
_MAX_THEMES = 8


def item_text(item: Item, themes: list[str]) -> str:
    """Return the text by which an item is found: title, description, and common entities."""
    return ". ".join(part for part in (item.title, item.text, ", ".join(themes)) if part)


def encode_texts(
    snapshot: Snapshot, encoder: TextEncoder | None, progress: ProgressCallback
) -> TextVectors | None:
    """Encode all items.

    Parameters
    ----------
    snapshot : Snapshot
        The items.
    encoder : TextEncoder or None
        None leaves text out.
    progress : ProgressCallback
        Told of every block.

    Returns
    -------
    TextVectors or None
        Vectors by row.
    """
    if encoder is None:
        return None
    attributes = Attributes.of(snapshot)
    degree = np.bincount(
        attributes.entity_of, weights=attributes.degrees(), minlength=len(snapshot.entities)
    )
    texts = [
        item_text(snapshot.item(row), theme_names(snapshot, attributes, degree, row))
        for row in range(len(snapshot.items))
    ]
    items = encode_all(encoder, texts, stage="encoding item texts", progress=progress)
    return TextVectors(encoder.name, items)


def theme_names(
    snapshot: Snapshot, attributes: Attributes, degree: NDArray[np.number], row: int
) -> list[str]:
    """Return the names of the entities of an item that many items share, rarest first."""
    matrix = attributes.matrix
    features = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
    return _themes(snapshot, degree, np.unique(attributes.entity_of[features]))


def _themes(
    snapshot: Snapshot, degree: NDArray[np.number], entities: NDArray[np.integer]
) -> list[str]:
    """Return the names of those among some entities, ascending, that many items share."""
    themes = entities[degree[entities] >= _THEME_DEGREE]
    order = themes[np.argsort(degree[themes], kind="stable")][:_MAX_THEMES]
    return [snapshot.entity(int(entity)).name for entity in order]


class ItemTexts:
    """The vectors of items that come or change, made the way they were at training time.

    Parameters
    ----------
    snapshot : Snapshot
        Names the entities.
    attributes : Attributes
        Tell which entities many items share.
    encoder : TextEncoder or None
        The one that the items of the snapshot were encoded with; None: there are no vectors.
    """

    def __init__(
        self, snapshot: Snapshot, attributes: Attributes, encoder: TextEncoder | None
    ) -> None:
        self._snapshot = snapshot
        self._attributes = attributes
        self._encoder = encoder

    @cached_property
    def _degree(self) -> NDArray[np.number]:
        known = self._attributes
        return np.bincount(known.entity_of, known.degrees(), len(self._snapshot.entities))

    def vector(self, item: Item, triples: Sequence[Triple]) -> NDArray[np.float32] | None:
        """Return the vector of an item.

        Parameters
        ----------
        item : Item
            What it says.
        triples : Sequence of Triple
            What links it. The same item with the same links has the vector that it would get in a
            training, in whatever order they come.

        Returns
        -------
        NDArray[np.float32] or None
            Shape (n_dims,); None without an encoder.
        """
        if self._encoder is None:
            return None
        ends = {triple.other(item.id) for triple in triples}
        themes = _themes(self._snapshot, self._degree, self._rows(ends))
        return self._encoder.encode([item_text(item, themes)])[0]

    def _rows(self, entity_ids: Iterable[str]) -> NDArray[np.int64]:
        """Return the rows of the entities that the snapshot knows, ascending."""
        found = map(self._snapshot.entities.find, entity_ids)
        return np.array(sorted(row for row in found if row is not None), dtype=np.int64)
