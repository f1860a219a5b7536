"""How many entities an item has in each role, as sparse features.

A film with many known actors, or one with awards, is of another kind than one of which little is
known. The number becomes bumps along its logarithm, as in :mod:`ranking.descriptors`.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.descriptors import Scale

_WIDTH = 0.7
_MIN_DEVIATION = 0.05
_MIN_SHARE = 0.05


class RoleCounts:
    """Numbers of entities in the roles of all items; nothing is computed before it is asked.

    Parameters
    ----------
    matrix : csr_matrix
        Which items have which features; shape (n_items, n_features).
    role_of : integer array
        Role of each feature; shape (n_features,).
    roles : Sequence of str
        Names of the roles.
    """

    def __init__(
        self, matrix: sp.csr_matrix, role_of: NDArray[np.integer], roles: Sequence[str]
    ) -> None:
        self._matrix = matrix
        self._role_of = role_of
        self._roles = roles

    @cached_property
    def _counts(self) -> NDArray[np.int64]:
        """Shape (n_items, n_roles)."""
        n_items, n_roles = self._matrix.shape[0], len(self._roles)
        rows = np.repeat(np.arange(n_items), np.diff(self._matrix.indptr))
        places = rows * n_roles + self._role_of[self._matrix.indices]
        return np.bincount(places, minlength=n_items * n_roles).reshape(n_items, n_roles)

    @cached_property
    def _scales(self) -> dict[int, Scale]:
        """Scales by role, of roles that are not rare and of which items have more or fewer."""
        scales = {}
        for number, role in enumerate(self._roles):
            counts = self._counts[:, number]
            known = np.unique(counts).astype(np.float64)
            deviation = float(np.log1p(counts).std())
            if deviation >= _MIN_DEVIATION and np.mean(counts > 0) >= _MIN_SHARE:
                heights = np.log1p(known) / deviation
                scales[number] = Scale.of(role, f"{role}, how many", known, heights, _WIDTH)
        return scales

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name of each block."""
        return tuple(scale.name for scale in self._scales.values())

    @cached_property
    def blocks(self) -> tuple[sp.csr_matrix, ...]:
        """Features of all items, rows of unit length; each of shape (n_items, n_columns)."""
        return self.of(self._counts)

    def of(self, counts: NDArray[np.integer]) -> tuple[sp.csr_matrix, ...]:
        """Return the features of any items by their numbers of entities; counts (n, n_roles)."""
        return tuple(
            sp.csr_matrix(scale.bumps(counts[:, number].astype(np.float64)))
            for number, scale in self._scales.items()
        )
