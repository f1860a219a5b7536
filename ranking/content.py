"""Where a new item belongs: kernel ridge regression from content to the warm items.

An item that nobody has interacted with is written as a weighted sum of *anchors*, warm items whose
content (attributes as graph entities, text) predicts it best. Whatever the model knows of the
anchors, item-graph columns and learned vectors alike, is then carried over by the same weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import scipy.linalg
import scipy.sparse as sp
from numpy.typing import NDArray

MAX_ANCHORS = 6000
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class ContentRecipe:
    """Settings of the content of items and of the map to the anchors.

    Attributes
    ----------
    role_power : float
        How much the learned weight of a role counts: its features are scaled by the root of
        ``weight ** role_power``, so that 0 treats all roles alike.
    ridge : float
        Penalty of the map, above 0.
    text_weight : float
        Weight of the text kernel beside the attribute kernel.
    weights : Mapping[str, float]
        Weight of the kernel of each role and of each block of numbers or words, by name, as fitted
        (:mod:`ranking.kernels`); where there are any, ``role_power`` does not count.
    """

    role_power: float = 0.0
    ridge: float = 1.0
    text_weight: float = 0.0
    weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContentFeatures:
    """Content of items as rows of unit length.

    Attributes
    ----------
    attributes : csr_matrix
        tf-idf of the features of :class:`ranking.attributes.Attributes`; (n_items, n_features).
    text : NDArray[np.float32] or None
        Text vectors, unit length or all zero; shape (n_items, n_dims).
    text_weight : float
        Weight of the text kernel beside the attribute kernel.
    """

    attributes: sp.csr_matrix
    text: NDArray[np.float32] | None = None
    text_weight: float = 0.0

    def kernel(self, other: "ContentFeatures") -> NDArray[np.float32]:
        """Return the similarity of each row here with each row there; shape (n, m)."""
        kernel = np.asarray((self.attributes @ other.attributes.T).todense(), dtype=np.float32)
        if self.text is not None and other.text is not None and self.text_weight:
            kernel += self.text_weight * (self.text @ other.text.T)
        return kernel

    def rows(self, rows: NDArray[np.integer]) -> "ContentFeatures":
        """Return some of the rows, in the order given."""
        text = None if self.text is None else self.text[rows]
        return ContentFeatures(self.attributes[rows], text, self.text_weight)


def inverse_document_frequency(matrix: sp.csr_matrix) -> NDArray[np.float32]:
    """Return ``log(n_items / df)`` per feature, 0 for a feature of a single item; (n_features,)."""
    df = np.asarray(matrix.getnnz(axis=0), dtype=np.float64)
    idf = np.log(max(matrix.shape[0], 1) / np.maximum(df, 1.0))
    return np.where(df >= 2, idf, 0.0).astype(np.float32)


def weighted_rows(
    matrix: sp.csr_matrix,
    idf: NDArray[np.float32],
    role_of: NDArray[np.integer],
    role_scales: NDArray[np.floating],
) -> sp.csr_matrix:
    """Scale features by idf, and what an item has in one role to the length of the role.

    Without the second, the many actors of a film would drown its one genre.

    Parameters
    ----------
    matrix : csr_matrix
        Edge weights; shape (n_items, n_features).
    idf : NDArray[np.float32]
        Shape (n_features,).
    role_of : integer array
        Role of each feature; shape (n_features,).
    role_scales : floating array
        Length that each role gets; shape (n_roles,).

    Returns
    -------
    csr_matrix
        Shape as ``matrix``.
    """
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    data = matrix.data * idf[matrix.indices]
    roles = role_of[matrix.indices]
    place = rows * max(len(role_scales), 1) + roles
    length = np.sqrt(np.bincount(place, weights=data.astype(np.float64) ** 2)[place])
    scaled = data * role_scales[roles] / np.where(length > 0, length, 1.0)
    return sp.csr_matrix(
        (scaled.astype(np.float32), matrix.indices, matrix.indptr), shape=matrix.shape
    )


class ContentMap:
    """The ridge map from content to anchors.

    ``weights = K[new, anchors] (K[anchors, anchors] + ridge I)^-1``: one solve when fitted, one
    small product for each new item.

    Parameters
    ----------
    anchors : NDArray[np.int64]
        Item rows of the anchors; shape (n_anchors,).
    features : ContentFeatures
        Content of the anchors.
    inverse : NDArray[np.float32]
        Inverse of the regularised kernel; shape (n_anchors, n_anchors).
    """

    def __init__(
        self,
        anchors: NDArray[np.int64],
        features: ContentFeatures,
        inverse: NDArray[np.float32],
    ) -> None:
        self.anchors = anchors
        self._features = features
        self._inverse = inverse

    @classmethod
    def fit(
        cls, features: ContentFeatures, popularity: NDArray[np.number], *, ridge: float = 1.0
    ) -> Self | None:
        """Fit the map on the warm items, the most popular ones where there are too many.

        Parameters
        ----------
        features : ContentFeatures
            Content of all items.
        popularity : array
            Events per item; shape (n_items,).
        ridge : float
            Weight of the penalty, above 0.

        Returns
        -------
        ContentMap or None
            None when no warm item has any content.
        """
        has_content = np.asarray(features.attributes.getnnz(axis=1)) > 0
        if features.text is not None and features.text_weight:
            has_content |= np.any(features.text, axis=1)
        warm = np.flatnonzero((popularity > 0) & has_content)
        if not len(warm):
            return None
        order = np.argsort(-popularity[warm], kind="stable")[:MAX_ANCHORS]
        anchors = np.sort(warm[order])
        chosen = features.rows(anchors)
        kernel = chosen.kernel(chosen).astype(np.float64)
        kernel[np.diag_indices_from(kernel)] += ridge
        inverse = scipy.linalg.inv(kernel, overwrite_a=True, check_finite=False)
        return cls(anchors, chosen, inverse.astype(np.float32))

    def weights(self, features: ContentFeatures) -> NDArray[np.float32]:
        """Write new items as weighted sums of anchors.

        Parameters
        ----------
        features : ContentFeatures
            Content of n items, in the feature space of the anchors.

        Returns
        -------
        NDArray[np.float32]
            Shape (n, n_anchors).
        """
        return features.kernel(self._features) @ self._inverse

    def foretell(
        self, features: ContentFeatures, values: NDArray[np.floating]
    ) -> NDArray[np.float32]:
        """Say what a number known of the anchors would be for new items: mean plus weighted sum.

        Of an item that has nothing in common with any anchor nothing is foretold: 0.

        Parameters
        ----------
        features : ContentFeatures
            Content of n items, in the feature space of the anchors.
        values : floating array
            One for each anchor; shape (n_anchors,).

        Returns
        -------
        NDArray[np.float32]
            Shape (n,).
        """
        mean = float(np.mean(values))
        dual = self._inverse @ (np.asarray(values, dtype=np.float32) - np.float32(mean))
        n_items = features.attributes.shape[0]
        found = np.zeros(n_items, dtype=np.float32)
        for start in range(0, n_items, _CHUNK):
            rows = np.arange(start, min(start + _CHUNK, n_items))
            kernel = features.rows(rows).kernel(self._features)
            found[rows] = np.where(kernel.any(axis=1), mean + kernel @ dual, 0.0)
        return found
