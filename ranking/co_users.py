"""How many people like two items: what stands for other users in an explanation."""

from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.snapshot import Snapshot
from ranking.profile import Histories

FEWEST = 5
_LIKE = "like"


class CoUsers:
    """Counts the people who like two items; nobody is named, and few people are not counted.

    The counts are those of the snapshot. To like is to have an event of at least the strength that
    speaks for an item, where users rate; elsewhere any event that counts.

    Parameters
    ----------
    snapshot : Snapshot
        What users did.
    histories : Histories
        How strong that is.
    """

    def __init__(self, snapshot: Snapshot, histories: Histories) -> None:
        self._histories = histories
        self._n_items = len(snapshot.items)
        self._types = snapshot.events.type_names

    @cached_property
    def _by_item(self) -> sp.csr_matrix:
        """Who likes each item; shape (n_items, n_users). Made when first asked for."""
        strengths = self._histories.matrix(self._n_items)
        strengths.data[strengths.data < self._histories.rule.good] = 0.0
        strengths.eliminate_zeros()
        return strengths.T.tocsr()

    @cached_property
    def did(self) -> str:
        """Type of the event that all these people have in common; empty where it differs."""
        rule = self._histories.rule
        if rule.good > 0:
            return _LIKE
        counted = [
            name for name in self._types if name not in rule.scales or rule.scales[name].base
        ]
        return counted[0] if len(counted) == 1 else ""

    def of(self, target: int, sources: NDArray[np.integer]) -> list[int | None]:
        """Count the people who like an item and others.

        Parameters
        ----------
        target : int
            Row of the item.
        sources : integer array
            Rows of the others; shape (n,).

        Returns
        -------
        list of (int or None)
            One for each of the others; None for fewer than five people.
        """
        if target >= self._n_items or not len(sources):
            return [None] * len(sources)
        edges = self._by_item
        likes = np.zeros(edges.shape[1], dtype=bool)
        likes[edges.indices[edges.indptr[target] : edges.indptr[target + 1]]] = True
        counts = [
            int(likes[edges.indices[edges.indptr[row] : edges.indptr[row + 1]]].sum())
            if row < self._n_items
            else 0
            for row in sources.tolist()
        ]
        return [count if count >= FEWEST else None for count in counts]
