"""What entities pass on to items: the part of a target vector that came over attribute edges.

In the graph network (:mod:`gnn.model`) the target vector of an item is linear in what its entities
pass on, so a score splits exactly into what came through each of them::

    b_j  =  rest_j  +  sum_f  edge_jf  reach_j  v_f          f: a relation and an entity
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Self

import numpy as np
from numpy.typing import NDArray

from graph.columns import Csr, Float32Array, StringColumn, mapped

_NAME = "messages"


@dataclass(frozen=True, slots=True)
class Messages:
    """What entities pass on, by relation and entity.

    Attributes
    ----------
    relations : tuple of str
        Names of the relations.
    relation, entity : NDArray[np.int32]
        Position of the relation in ``relations``, and row of the entity; both of shape (n,).
    vectors : Float32Array
        What is passed on over an edge of weight 1; shape (n, d).
    edges : Csr
        Normalised edges of the items; shape (n_items, n).
    reach : Float32Array
        How much of it counts for an item as a candidate, for each of the networks whose vectors
        stand side by side; shape (n_items, n_networks).
    """

    relations: tuple[str, ...]
    relation: NDArray[np.int32]
    entity: NDArray[np.int32]
    vectors: Float32Array
    edges: Csr
    reach: Float32Array

    def of(self, row: int) -> tuple[NDArray[np.int32], Float32Array]:
        """Return what is passed on to an item.

        Parameters
        ----------
        row : int
            Row of the item.

        Returns
        -------
        places : NDArray[np.int32]
            Which of them pass something on; shape (m,).
        vectors : Float32Array
            What each adds to the target vector of the item; shape (m, d).
        """
        edges = slice(*self.edges.indptr[row : row + 2])
        places, weights = self.edges.indices[edges], self.edges.weights[edges]
        reach = np.repeat(self.reach[row], self.vectors.shape[1] // self.reach.shape[1])
        vectors = self.vectors[places] * (reach * weights[:, None])
        return places, vectors.astype(np.float32, copy=False)

    @classmethod
    def beside(cls, several: "Sequence[Messages]") -> Self:
        """Join those of several networks of the same graph, whose vectors stand side by side."""
        first = several[0]
        return cls(
            first.relations,
            first.relation,
            first.entity,
            np.concatenate([each.vectors for each in several], axis=1),
            first.edges,
            np.concatenate([each.reach for each in several], axis=1),
        )

    def save(self, folder: FilePath) -> None:
        """Write them as ``messages.*.npy``."""
        StringColumn.of(self.relations).save(folder, f"{_NAME}.relations")
        self.edges.save(folder, f"{_NAME}.edges")
        for name in ("relation", "entity", "vectors", "reach"):
            np.save(folder / f"{_NAME}.{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: FilePath) -> Self | None:
        """Map what :meth:`save` wrote; None when nothing was written."""
        if not (folder / f"{_NAME}.vectors.npy").exists():
            return None
        relation, entity, vectors, reach = (
            mapped(folder / f"{_NAME}.{name}.npy")
            for name in ("relation", "entity", "vectors", "reach")
        )
        relations = tuple(StringColumn.load(folder, f"{_NAME}.relations"))
        edges = Csr.load(folder, f"{_NAME}.edges", len(vectors))
        return cls(relations, relation, entity, vectors, edges, reach)
