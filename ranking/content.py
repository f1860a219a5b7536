"""Where a new item belongs: kernel ridge regression from content to the warm items.

An item that nobody has interacted with is written as a weighted sum of *anchors*, warm items whose
content (attributes as graph entities, text) predicts it best. Whatever the model knows of the
anchors, item-graph columns and learned vectors alike, is then carried over by the same weights.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.linalg
import scipy.sparse as sp
from numpy.typing import NDArray

MAX_ANCHORS = 6000


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


def weighted_rows(matrix: sp.csr_matrix, idf: NDArray[np.float32]) -> sp.csr_matrix:
    """Scale columns by idf and rows to unit length; shape as ``matrix``."""
    weighted = sp.csr_matrix(matrix @ sp.diags(idf))
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return sp.csr_matrix(sp.diags(1.0 / np.where(length > 0, length, 1.0)) @ weighted)


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
