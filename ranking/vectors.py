"""Items as vectors, so that a list can be told to be alike or varied.

Three things make two items alike: the same people choose them (learned vectors), they share
entities (attributes, rarer ones more, each role counting once), and they say the same (text). Each
is brought to unit length and they stand side by side, so that the cosine of two vectors is the mean
of what the items have of the three, and an item that nobody has chosen yet is compared by the rest.
"""

from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.content import inverse_document_frequency, weighted_rows
from ranking.state import ServingState


class ItemVectors:
    """Vectors of the items that are served, those that came since the snapshot included.

    Parameters
    ----------
    state : ServingState
        What is served.
    """

    def __init__(self, state: ServingState) -> None:
        self._state = state

    @cached_property
    def _idf(self) -> NDArray[np.float32]:
        return inverse_document_frequency(self._state.attributes.matrix)

    def features(self, rows: NDArray[np.integer]) -> sp.csr_matrix:
        """Return which features of the snapshot some items have; shape (n, n_features)."""
        state, known = self._state, self._state.attributes.matrix
        changed = {row: state.links(row) for row in rows.tolist()}
        if all(links is None for links in changed.values()):
            return known[rows]
        blocks = []
        for row, links in changed.items():
            if links is None:
                blocks.append(known[[row]])
                continue
            columns = state.features.row(state.item(row).id, links).indices
            columns = columns[columns < known.shape[1]]
            ones = np.ones(len(columns), dtype=np.float32)
            blocks.append(
                sp.csr_matrix((ones, columns, [0, len(columns)]), shape=(1, known.shape[1]))
            )
        return sp.vstack(blocks, format="csr")

    def content(self, rows: NDArray[np.integer]) -> sp.csr_matrix:
        """Return tf-idf of the features of some items, rows of unit length; (n, n_features)."""
        attributes = self._state.attributes
        weighted = weighted_rows(
            self.features(rows), self._idf, attributes.role_of, np.ones(len(attributes.roles))
        )
        length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        return sp.csr_matrix(sp.diags(1.0 / np.where(length > 0, length, 1.0)) @ weighted)

    def of(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return the vectors of some items.

        Parameters
        ----------
        rows : integer array
            Item rows, each once; shape (n,).

        Returns
        -------
        NDArray[np.float32]
            Rows of unit length, all zero for an item of which nothing is known; shape (n, n_dims),
            where n_dims depends on which items are asked for.
        """
        content = self.content(rows)
        used = np.flatnonzero(content.getnnz(axis=0))
        blocks = [
            _unit(self._state.scorer.items(rows).target),
            np.asarray(content[:, used].todense(), dtype=np.float32),
        ]
        text = self._text(rows)
        if text is not None:
            blocks.append(_unit(text))
        return _unit(np.hstack(blocks))

    def _text(self, rows: NDArray[np.integer]) -> NDArray[np.float32] | None:
        known, live = self._state.item_text, self._state.live_text
        if known is None:
            return None
        result = np.zeros((len(rows), known.shape[1]), dtype=np.float32)
        inside = rows < len(known)
        result[inside] = known[rows[inside]]
        for place, row in enumerate(rows.tolist()):
            if row in live:
                result[place] = live[row]
        return result


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(length > 0, length, 1.0)).astype(np.float32)


def mean_distance(vectors: NDArray[np.float32]) -> float:
    """Return one minus the mean cosine over all pairs; 0 for fewer than two vectors.

    Parameters
    ----------
    vectors : NDArray[np.float32]
        Rows of unit length; shape (n, n_dims).

    Returns
    -------
    float
        Intra-list distance, between 0 (all alike) and 1 (nothing in common) where cosines are not
        negative.

    References
    ----------
    C.-N. Ziegler et al. Improving recommendation lists through topic diversification. WWW 2005.
    """
    n = len(vectors)
    if n < 2:
        return 0.0
    total = vectors.sum(axis=0, dtype=np.float64)
    own = float(np.einsum("ij,ij->", vectors, vectors, dtype=np.float64))
    return 1.0 - (float(total @ total) - own) / (n * (n - 1))
