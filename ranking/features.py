"""Bring what is known of items into the shapes that scoring and the content map need."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.attributes import Attributes
from ranking.content import ContentFeatures, inverse_document_frequency, weighted_rows
from ranking.scoring import ItemBlock


def item_block(
    by_target: sp.csr_matrix,
    source: NDArray[np.float32],
    target: NDArray[np.float32],
    attributes: Attributes,
    role_weights: NDArray[np.floating],
    popularity: NDArray[np.integer],
) -> ItemBlock:
    """Join the parts of a score for all items.

    Parameters
    ----------
    by_target : csr_matrix
        Item-graph weights, row ``j`` holds ``S_ij``; shape (n_items, n_items).
    source, target : NDArray[np.float32]
        Learned vectors; both of shape (n_items, n_dims).
    attributes : Attributes
        Features of the items.
    role_weights : floating array
        Weight of each role; shape (n_roles,).
    popularity : integer array
        Events per item; shape (n_items,).

    Returns
    -------
    ItemBlock
        The items by row.
    """
    return ItemBlock(
        by_target,
        source,
        target,
        attributes.matrix @ sp.diags(feature_scales(attributes, role_weights)),
        np.log1p(popularity).astype(np.float32),
    )


def feature_scales(
    attributes: Attributes, role_weights: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Return the root of the weight of a path through each feature; shape (n_features,)."""
    return np.sqrt(attributes.feature_weights(role_weights)).astype(np.float32)


def content_features(
    attributes: Attributes, text: NDArray[np.float32] | None, text_weight: float
) -> ContentFeatures:
    """Return the content of all items, as the content map needs it.

    Parameters
    ----------
    attributes : Attributes
        Features of the items.
    text : NDArray[np.float32] or None
        Text vectors; shape (n_items, n_dims).
    text_weight : float
        Weight of text beside attributes.

    Returns
    -------
    ContentFeatures
        The content by item row.
    """
    idf = inverse_document_frequency(attributes.matrix)
    return ContentFeatures(weighted_rows(attributes.matrix, idf), text, text_weight)
