"""Encode what items say, once, at training time."""

import numpy as np
from numpy.typing import NDArray

from graph.domain import Item
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
    entities = np.unique(attributes.entity_of[features])
    themes = entities[degree[entities] >= _THEME_DEGREE]
    order = themes[np.argsort(degree[themes], kind="stable")][:_MAX_THEMES]
    return [snapshot.entity(int(entity)).name for entity in order]
