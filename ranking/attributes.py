"""Attribute paths: items that share an entity in the same role.

A *role* is a relation together with the side on which the item stands ("Alien is DIRECTED_BY",
"Scott DIRECTED"); a *feature* is a role and an entity. ``A`` is the items-by-features matrix, so
that ``A_i . A_j`` sums over all paths item - role - entity - role - item.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.domain import Direction, Item
from graph.snapshot import Snapshot
from ranking.descriptors import Descriptors
from ranking.role_counts import RoleCounts

DEGREE_EXPONENT = 0.7


@dataclass(frozen=True, slots=True)
class Role:
    """A relation and how an item stands in it: ``"out"`` when the item is the head."""

    relation: str
    direction: Direction

    @property
    def name(self) -> str:
        """Name under which weights are kept: ``"DIRECTED_BY:out"``."""
        return f"{self.relation}:{self.direction}"


class _Items(Sequence[Item]):
    """The items of a snapshot by row, read one by one."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def __len__(self) -> int:
        return len(self._snapshot.items)

    def __getitem__(self, row: Any) -> Any:
        if row >= len(self):
            raise IndexError(row)
        return self._snapshot.item(row)


@dataclass(frozen=True, slots=True)
class Attributes:
    """Which items have which features.

    Attributes
    ----------
    roles : tuple of Role
        Roles that occur.
    role_of : NDArray[np.int32]
        Position in ``roles`` of each feature; shape (n_features,).
    entity_of : NDArray[np.int32]
        Entity row of each feature; shape (n_features,).
    matrix : csr_matrix
        Edge weights; shape (n_items, n_features).
    descriptors : Descriptors
        What the items say of themselves beside entities.
    counts : RoleCounts
        How many entities they have in each role.
    """

    roles: tuple[Role, ...]
    role_of: NDArray[np.int32]
    entity_of: NDArray[np.int32]
    matrix: sp.csr_matrix
    descriptors: Descriptors = field(default_factory=lambda: Descriptors(()))
    counts: RoleCounts = field(init=False)

    def __post_init__(self) -> None:
        names = [role.name for role in self.roles]
        object.__setattr__(self, "counts", RoleCounts(self.matrix, self.role_of, names))

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """Collect the item-entity edges of a snapshot, in both directions."""
        n_items, n_entities = len(snapshot.items), len(snapshot.entities)
        roles: list[Role] = []
        blocks: list[sp.csr_matrix] = []
        for relation in snapshot.relations:
            if relation.head_kind == "Item" and relation.tail_kind == "Entity":
                roles.append(Role(relation.name, "out"))
                rows = relation.forward
            elif relation.head_kind == "Entity" and relation.tail_kind == "Item":
                roles.append(Role(relation.name, "in"))
                rows = relation.backward
            else:
                continue
            blocks.append(
                sp.csr_matrix(
                    (rows.weights, rows.indices, rows.indptr), shape=(n_items, n_entities)
                )
            )
        found = cls._stacked(roles, blocks, (n_items, n_entities))
        return replace(found, descriptors=Descriptors(_Items(snapshot)))

    @classmethod
    def _stacked(
        cls, roles: Sequence[Role], blocks: Sequence[sp.csr_matrix], shape: tuple[int, int]
    ) -> Self:
        """Put the blocks side by side and leave out the columns that are empty."""
        if not blocks:
            none = np.zeros(0, dtype=np.int32)
            return cls((), none, none, sp.csr_matrix((shape[0], 0), dtype=np.float32))
        wide = sp.hstack(blocks, format="csr", dtype=np.float32)
        used = np.flatnonzero(wide.getnnz(axis=0))
        return cls(
            tuple(roles),
            (used // shape[1]).astype(np.int32),
            (used % shape[1]).astype(np.int32),
            wide[:, used].tocsr(),
        )

    @property
    def n_features(self) -> int:
        """Number of features."""
        return len(self.role_of)

    def described(self) -> dict[str, sp.csr_matrix]:
        """Return what is known beside entities, block by block; each (n_items, n_columns)."""
        names = (*self.descriptors.names, *self.counts.names)
        blocks = (*self.descriptors.blocks, *self.counts.blocks)
        return dict(zip(names, blocks, strict=True))

    def named(self, role_weights: NDArray[np.floating]) -> dict[str, float]:
        """Return the weight of each role by the role's name."""
        names = (role.name for role in self.roles)
        return dict(zip(names, np.asarray(role_weights).tolist(), strict=True))

    def degrees(self) -> NDArray[np.int64]:
        """Return how many items have each feature; shape (n_features,)."""
        return np.asarray(self.matrix.getnnz(axis=0), dtype=np.int64)

    def feature_weights(self, role_weights: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the weight of a path through each feature: ``a_r deg(e)^-g``.

        Parameters
        ----------
        role_weights : floating array
            ``a_r``, at least 0; shape (n_roles,).

        Returns
        -------
        NDArray[np.float64]
            Shape (n_features,).
        """
        degree = np.maximum(self.degrees(), 1).astype(np.float64)
        return np.asarray(role_weights, dtype=np.float64)[self.role_of] * degree**-DEGREE_EXPONENT

    def by_role(self, n_entities: int) -> list[tuple[str, sp.csr_matrix]]:
        """Return the edges of each role; name and matrix of shape (n_items, n_entities)."""
        coo = self.matrix.tocoo()
        roles, entities = self.role_of[coo.col], self.entity_of[coo.col]
        shape = (self.matrix.shape[0], n_entities)
        result = []
        for number, role in enumerate(self.roles):
            mine = roles == number
            edges = (coo.data[mine], (coo.row[mine], entities[mine]))
            result.append((role.name, sp.csr_matrix(edges, shape=shape)))
        return result

    def role_scores(
        self, profiles: sp.csr_matrix, rows: NDArray[np.integer]
    ) -> NDArray[np.float32]:
        """Return what each role alone would add for pairs of a profile and an item.

        Parameters
        ----------
        profiles : csr_matrix
            One profile a pair; shape (n_pairs, n_items).
        rows : integer array
            The item of each pair; shape (n_pairs,).

        Returns
        -------
        NDArray[np.float32]
            Shape (n_pairs, n_roles).
        """
        ones = self.feature_weights(np.ones(len(self.roles)))
        seen = (profiles @ self.matrix).multiply(self.matrix[rows]).tocsr()
        by_role = sp.csr_matrix(
            (ones, (np.arange(self.n_features), self.role_of)),
            shape=(self.n_features, len(self.roles)),
        )
        return np.asarray((seen @ by_role).todense(), dtype=np.float32)
