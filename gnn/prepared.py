"""A training graph made ready for training: items without events left out, edges normalised."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array, vstack

from gnn.model import AttributeEdges, normalised_events, scaled
from gnn.products import RelationEdges, sparse_operator
from gnn.spectral import right_singular, spectral_start
from gnn.training_graph import TrainingGraph, as_edges

_SPECTRAL_POWER = 0.5
_FEWEST_ITEMS = 2


@dataclass(frozen=True, slots=True)
class PreparedGraph:
    """Everything constant that training needs; items are those with events, renumbered.

    Attributes
    ----------
    warm : NDArray[np.int64]
        Rows of the items with events, ascending; shape (n_warm,).
    n_items : int
        Number of all items.
    strengths : csr_matrix
        X with mean strength 1; shape (n_users, n_warm).
    events : csr_matrix
        R, with a largest singular value of 1; same pattern as ``strengths``.
    log_degrees : NDArray[np.float32]
        Shape (n_warm,).
    membership : csr_matrix
        Items of each entity, all relations together; shape (n_entities, n_warm).
    shared : NDArray[np.int64]
        Rows of the entities that connect two items or more, ascending; shape (n_shared,).
    attributes : AttributeEdges or None
        The edges of the shared entities, on the device; None without any.
    """

    warm: NDArray[np.int64]
    n_items: int
    strengths: csr_matrix
    events: csr_matrix
    log_degrees: NDArray[np.float32]
    membership: csr_matrix
    shared: NDArray[np.int64]
    attributes: AttributeEdges | None

    def start(
        self,
        dim: int,
        *,
        balanced: bool,
        generator: np.random.Generator,
        attribute_share: float = 0.0,
        rounds: int = 8,
    ) -> NDArray[np.float32]:
        """Return the spectral start of the item table.

        Parameters
        ----------
        dim : int
            Columns.
        balanced : bool
            Whether users count alike. That starts better on small catalogs; on large ones the many
            small groups apart from the rest would take the columns.
        generator : numpy.random.Generator
            Source of randomness.
        attribute_share : float
            Weight of the shared entities, which act as if they were users too, rare ones more than
            common ones.
        rounds : int
            Products with the matrix and its transpose; fewer are less exact.

        Returns
        -------
        NDArray[np.float32]
            Shape (n_warm, dim).
        """
        matrix = scaled(self.strengths, -0.5, -0.5) if balanced else self.events
        if attribute_share:
            as_users = attribute_share * self._entities_as_users()
            matrix = csr_matrix(vstack([matrix, as_users]), dtype=np.float32)
        return spectral_start(matrix, dim, _SPECTRAL_POWER, generator=generator, rounds=rounds)

    def _entities_as_users(self) -> csr_matrix:
        """Return the shared entities by the items they have; the largest singular value is 1."""
        members = self.membership[self.shared]
        counts = np.asarray(members.sum(axis=1)).ravel()
        rarity = np.log(1 + members.shape[1] / np.maximum(counts, 1))
        return scaled(csr_matrix(diags_array(rarity) @ members), -0.5, -0.5)


def prepare(
    graph: TrainingGraph, *, device: torch.device, generator: np.random.Generator
) -> PreparedGraph:
    """Normalise a graph for training.

    Parameters
    ----------
    graph : TrainingGraph
        A graph that passed its check.
    device : torch.device
        Where to compute.
    generator : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    PreparedGraph
        The graph, ready.
    """
    interactions = as_edges(graph.interactions)
    warm = np.flatnonzero(np.bincount(interactions.indices, minlength=graph.n_items))
    strengths = csr_matrix(interactions[:, warm])
    strengths.data /= strengths.data.mean(dtype=np.float64)
    events = normalised_events(strengths)
    _, largest = right_singular(events, 1, generator=generator)
    events.data /= largest[0]
    degrees = np.asarray(strengths.sum(axis=0)).ravel()
    edges = [as_edges(matrix[warm]) for _, matrix in graph.attributes]
    merged = sum(edges, start=csr_matrix((len(warm), graph.n_entities), dtype=np.float32))
    membership = as_edges(csr_matrix(merged.T))
    shared = np.flatnonzero(np.diff(membership.indptr) >= _FEWEST_ITEMS)
    return PreparedGraph(
        warm=warm,
        n_items=graph.n_items,
        strengths=strengths,
        events=events,
        log_degrees=np.log(degrees).astype(np.float32),
        membership=membership,
        shared=shared,
        attributes=_attribute_edges(edges, membership, shared, device) if len(shared) else None,
    )


def spread(
    vectors: NDArray[np.float32], rows: NDArray[np.int64], n_rows: int
) -> NDArray[np.float32]:
    """Put vectors into some rows of a larger matrix of zeros.

    Parameters
    ----------
    vectors : NDArray[np.float32]
        Shape (n, d).
    rows : NDArray[np.int64]
        Where they go; shape (n,).
    n_rows : int
        Rows of the result.

    Returns
    -------
    NDArray[np.float32]
        Shape (n_rows, d).
    """
    full = np.zeros((n_rows, vectors.shape[1]), dtype=np.float32)
    full[rows] = vectors
    return full


def _attribute_edges(
    edges: list[csr_matrix],
    membership: csr_matrix,
    shared: NDArray[np.int64],
    device: torch.device,
) -> AttributeEdges:
    """Normalise each relation over the shared entities; the others connect nothing."""
    parts = [scaled(matrix, -0.5, -0.5)[:, shared].tocoo() for matrix in edges]
    relations = np.repeat(np.arange(len(parts)), [part.nnz for part in parts])
    return AttributeEdges(
        members=sparse_operator(scaled(membership[shared], -0.5, 0.0), device),
        relations=RelationEdges(
            np.concatenate([part.row for part in parts]),
            np.concatenate([part.col for part in parts]),
            relations,
            np.concatenate([part.data for part in parts]),
            shape=(edges[0].shape[0], len(shared)),
            device=device,
        ),
        n_relations=len(edges),
    )
