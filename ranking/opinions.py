"""What people's histories say: which items they like, and what they think of entities."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.attributes import Attributes

_LIKED_MORE, _LIKED_LESS = 1.25, 0.6
_FEW = 2.0


@dataclass(frozen=True, slots=True)
class History:
    """What users like and what they do not, each of shape (n_users, n_items), entries 1."""

    liked: sp.csr_matrix
    disliked: sp.csr_matrix

    @classmethod
    def of(cls, strengths: sp.csr_matrix, threshold: float) -> Self:
        """Split events by strength; those below the threshold speak against the item."""
        coo = strengths.tocoo()
        parts = [
            sp.csr_matrix(
                (np.ones(np.count_nonzero(mask), np.float32), (coo.row[mask], coo.col[mask])),
                shape=coo.shape,
            )
            for mask in (coo.data >= threshold, coo.data < threshold)
        ]
        return cls(parts[0], parts[1])

    def rows(self, rows: NDArray[np.integer]) -> "History":
        """Return some of the users, in the order given."""
        return History(self.liked[rows], self.disliked[rows])

    def halves(self, rng: np.random.Generator) -> tuple["History", "History"]:
        """Split the events of each user at random."""
        first, second = zip(*(_halves(m, rng) for m in (self.liked, self.disliked)), strict=True)
        return History(*first), History(*second)


def opinions(
    liked: sp.csr_matrix, links: sp.csr_matrix, shares: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Tell who likes the items of an entity more, or less, than people do on average.

    Parameters
    ----------
    liked : csr_matrix
        Liked items, entries 1; shape (n_users, n_items).
    links : csr_matrix
        Items of the entities, entries 1; shape (n_items, n_entities).
    shares : NDArray[np.float64]
        Share of all likes that falls on each entity; shape (n_entities,).

    Returns
    -------
    NDArray[np.float32]
        1 for at least 1.25 times as many likes as expected and two of them, -1 for at most 0.6
        times where two are expected, else 0: no opinion; shape (n_users, n_entities).
    """
    found = np.asarray((liked @ links).todense(), dtype=np.float64)
    expected = np.asarray(liked.sum(axis=1)) * shares[None, :]
    more = (found >= _FEW) & (found >= _LIKED_MORE * expected)
    less = (expected >= _FEW) & (found <= _LIKED_LESS * expected)
    return more.astype(np.float32) - less.astype(np.float32)


def entity_links(attributes: Attributes, n_entities: int) -> sp.csr_matrix:
    """Tell which items are linked to which entities, in whatever role.

    Parameters
    ----------
    attributes : Attributes
        Features of the items.
    n_entities : int
        Number of entities of the snapshot.

    Returns
    -------
    csr_matrix
        Entries 1; shape (n_items, n_entities).
    """
    coo = attributes.matrix.tocoo()
    pairs = (np.ones(coo.nnz, np.float32), (coo.row, attributes.entity_of[coo.col]))
    links = sp.csr_matrix(pairs, shape=(coo.shape[0], n_entities))
    links.data[:] = 1.0
    return links


def _halves(matrix: sp.csr_matrix, rng: np.random.Generator) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    coo = matrix.tocoo()
    mask = rng.random(coo.nnz) < 0.5
    first, second = (
        sp.csr_matrix((coo.data[m], (coo.row[m], coo.col[m])), shape=coo.shape)
        for m in (mask, ~mask)
    )
    return first, second
