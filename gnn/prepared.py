"""A training graph made ready for training: items without events left out, edges normalised."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

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
        Entities by warm items, each row divided by the root of its sum; shape (n_entities, n_warm).
    attributes : AttributeEdges or None
        The attribute edges on the device; None without any.
    """

    warm: NDArray[np.int64]
    n_items: int
    strengths: csr_matrix
    events: csr_matrix
    log_degrees: NDArray[np.float32]
    membership: csr_matrix
    attributes: AttributeEdges | None

    def start(self, dim: int, *, generator: np.random.Generator) -> NDArray[np.float32]:
        """Return the spectral start of the item table; shape (n_warm, dim)."""
        normalised = scaled(self.strengths, -0.5, -0.5)
        return spectral_start(normalised, dim, _SPECTRAL_POWER, generator=generator)

    def spread(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give vectors of the warm items the rows of all items; the others get zeros."""
        full = np.zeros((self.n_items, vectors.shape[1]), dtype=np.float32)
        full[self.warm] = vectors
        return full


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
    membership = scaled(as_edges(csr_matrix(merged.T)), -0.5, 0.0)
    return PreparedGraph(
        warm=warm,
        n_items=graph.n_items,
        strengths=strengths,
        events=events,
        log_degrees=np.log(degrees).astype(np.float32),
        membership=membership,
        attributes=_attribute_edges(edges, membership, device) if membership.nnz else None,
    )


def _attribute_edges(
    edges: list[csr_matrix], membership: csr_matrix, device: torch.device
) -> AttributeEdges:
    """Normalise each relation; entities of a single item connect nothing and are left out."""
    shared = np.diff(membership.indptr) >= _FEWEST_ITEMS
    parts = []
    for number, matrix in enumerate(edges):
        normal = scaled(matrix, -0.5, -0.5).tocoo()
        keep = shared[normal.col]
        relation = np.full(int(keep.sum()), number)
        parts.append((normal.row[keep], normal.col[keep], relation, normal.data[keep]))
    rows, cols, relations, values = (
        np.concatenate(columns) for columns in zip(*parts, strict=True)
    )
    return AttributeEdges(
        members=sparse_operator(membership, device),
        relations=RelationEdges(rows, cols, relations, values, shape=edges[0].shape, device=device),
        n_relations=len(edges),
    )
