"""What the graph network is trained on: events and attribute edges as sparse matrices."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_matrix

from graph.errors import InvalidError


@dataclass(frozen=True, slots=True)
class TrainingGraph:
    """Users, items and attribute entities with their edges.

    Attributes
    ----------
    interactions : csr_matrix
        Strength of the events of user ``u`` with item ``i``, non-negative float32; shape
        (n_users, n_items). A zero means no event.
    attributes : Sequence of (str, csr_matrix)
        Per relation its name and edges from items to entities; every matrix has the shape
        (n_items, n_entities) over the same entity rows. May be empty.
    """

    interactions: csr_matrix
    attributes: Sequence[tuple[str, csr_matrix]] = field(default_factory=tuple)

    @property
    def n_users(self) -> int:
        """Number of users."""
        return int(self.interactions.shape[0])

    @property
    def n_items(self) -> int:
        """Number of items."""
        return int(self.interactions.shape[1])

    @property
    def n_entities(self) -> int:
        """Number of entities; 0 without attributes."""
        return int(self.attributes[0][1].shape[1]) if self.attributes else 0

    def check(self) -> None:
        """Make sure that a model can be trained on this graph.

        Raises
        ------
        InvalidError
            If there is no event at all, if a strength is negative or not finite, or if the shapes
            do not fit together.
        """
        check_strengths(self.interactions, "interactions")
        if not self.interactions.count_nonzero():
            raise InvalidError(
                "There are no events to learn from.",
                fix="Load events first, or recommend without a trained network.",
            )
        expected = (self.n_items, self.n_entities)
        for name, edges in self.attributes:
            check_strengths(edges, name)
            if edges.shape != expected:
                raise InvalidError(
                    f"The edges of {name!r} have the shape {edges.shape}, not {expected}.",
                    fix="Give every relation one matrix of shape (n_items, n_entities).",
                )


def check_strengths(matrix: csr_matrix, name: str) -> None:
    """Make sure that a matrix holds only finite, non-negative numbers.

    Parameters
    ----------
    matrix : csr_matrix
        Any edges.
    name : str
        How to call them in the message.

    Raises
    ------
    InvalidError
        If a number is negative, infinite or not a number.
    """
    if matrix.nnz and not (np.isfinite(matrix.data).all() and matrix.data.min() >= 0):
        raise InvalidError(
            f"The strengths of {name!r} contain a negative or non-finite number.",
            fix="Map every event and edge to a strength of 0 or more.",
        )


def as_edges(matrix: csr_matrix) -> csr_matrix:
    """Copy a matrix in canonical form: float32, summed duplicates, sorted, without stored zeros.

    Parameters
    ----------
    matrix : csr_matrix
        Any sparse matrix.

    Returns
    -------
    csr_matrix
        The same numbers in canonical form, never sharing memory with the input.
    """
    edges = csr_matrix(matrix, dtype=np.float32, copy=True)
    edges.sum_duplicates()
    edges.eliminate_zeros()
    edges.sort_indices()
    return edges
