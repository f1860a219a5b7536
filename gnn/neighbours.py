"""Neighbourhood sampling for graphs too large to propagate over at once.

A sampler in plain numpy that plugs into the loaders of PyTorch Geometric and needs none of its
compiled extensions.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from torch import Tensor

from gnn.geometric import (
    BaseSampler,
    Data,
    EdgeSamplerInput,
    NegativeSampling,
    NodeSamplerInput,
    SamplerOutput,
)


class CsrSampler(BaseSampler):  # type: ignore[misc]
    """Draws a fixed number of neighbours per node and hop.

    A node with at most as many neighbours gets all of them; of a node with more, neighbours are
    drawn with replacement. Multiplying an edge with :meth:`corrections` makes sums over sampled
    neighbours unbiased estimates of sums over all.

    Parameters
    ----------
    adjacency : csr_matrix
        Row v lists the neighbours of node v; the position of an entry is its edge id. Shape
        (n_nodes, n_nodes).
    fanouts : tuple of int
        Neighbours in each hop.
    negatives_from : int
        Nodes from here on may be drawn as negative targets.
    generator : numpy.random.Generator
        Source of randomness.

    References
    ----------
    Hamilton et al., Inductive Representation Learning on Large Graphs, NeurIPS 2017.
    """

    def __init__(
        self,
        adjacency: csr_matrix,
        *,
        fanouts: tuple[int, ...],
        negatives_from: int,
        generator: np.random.Generator,
    ) -> None:
        self._indptr = adjacency.indptr.astype(np.int64)
        self._indices = adjacency.indices.astype(np.int64)
        self._fanouts = fanouts
        self._negatives_from = negatives_from
        self._generator = generator

    def sample_from_nodes(self, inputs: NodeSamplerInput, **_options: object) -> SamplerOutput:
        """Sample around nodes, as ``torch_geometric.loader.NodeLoader`` asks for it.

        Parameters
        ----------
        inputs : NodeSamplerInput
            Distinct seed nodes.
        **_options
            Whatever else a loader passes; not used.

        Returns
        -------
        SamplerOutput
            Local rows (neighbours) and columns (the nodes that asked for them); seeds come first.
        """
        output = self._expand(inputs.node.numpy())
        output.metadata = (inputs.input_id, None)
        return output

    def sample_from_edges(
        self, inputs: EdgeSamplerInput, neg_sampling: NegativeSampling | None = None
    ) -> SamplerOutput:
        """Sample around edges and drawn negatives, as ``LinkLoader`` asks for it.

        Parameters
        ----------
        inputs : EdgeSamplerInput
            Positive edges.
        neg_sampling : NegativeSampling or None
            How many negative targets an edge gets; one when None.

        Returns
        -------
        SamplerOutput
            As in :meth:`sample_from_nodes`; the metadata tells the local positions of sources,
            positive targets and negative targets.
        """
        source, target = inputs.row.numpy(), inputs.col.numpy()
        n_drawn = int(len(source) * (neg_sampling.amount if neg_sampling else 1))
        n_nodes = len(self._indptr) - 1
        negatives = self._generator.integers(self._negatives_from, n_nodes, n_drawn)
        seeds, places = np.unique(np.concatenate([source, target, negatives]), return_inverse=True)
        output = self._expand(seeds)
        parts = np.split(places, [len(source), 2 * len(source)])
        output.metadata = (inputs.input_id, *(torch.from_numpy(part) for part in parts), None)
        return output

    def corrections(self, degrees: NDArray[np.int64], hop: int) -> NDArray[np.float32]:
        """Return the factor of sampled edges that makes their sum unbiased.

        Parameters
        ----------
        degrees : NDArray[np.int64]
            Degrees of the nodes that asked; shape (n,).
        hop : int
            In which hop they asked.

        Returns
        -------
        NDArray[np.float32]
            Shape (n,).
        """
        return np.maximum(degrees / self._fanouts[hop], 1.0).astype(np.float32)

    def _expand(self, seeds: NDArray[np.int64]) -> SamplerOutput:
        nodes, frontier = seeds, np.arange(len(seeds))
        rows, cols, edges = [], [], []
        n_nodes, n_edges = [len(seeds)], []
        for fanout in self._fanouts:
            asking, edge = self._draw(nodes[frontier], fanout)
            found = self._indices[edge]
            known, local = _locate(nodes, found)
            fresh = np.unique(found[~known])
            local[~known] = len(nodes) + np.searchsorted(fresh, found[~known])
            rows.append(local)
            cols.append(frontier[asking])
            edges.append(edge)
            frontier = np.arange(len(nodes), len(nodes) + len(fresh))
            nodes = np.concatenate([nodes, fresh])
            n_nodes.append(len(fresh))
            n_edges.append(len(edge))
        joined = (torch.from_numpy(np.concatenate(part)) for part in (rows, cols, edges))
        return SamplerOutput(
            torch.from_numpy(nodes),
            *joined,
            num_sampled_nodes=n_nodes,
            num_sampled_edges=n_edges,
        )

    def _draw(
        self, nodes: NDArray[np.int64], fanout: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return who asked (position in ``nodes``) and which edge was drawn."""
        starts = self._indptr[nodes]
        degrees = self._indptr[nodes + 1] - starts
        counts = np.minimum(degrees, fanout)
        asking = np.repeat(np.arange(len(nodes)), counts)
        place = np.arange(len(asking)) - np.repeat(np.cumsum(counts) - counts, counts)
        large = degrees[asking] > fanout
        drawn = self._generator.random(int(large.sum())) * degrees[asking][large]
        place[large] = drawn.astype(np.int64)
        return asking, starts[asking] + place


def bipartite(interactions: csr_matrix) -> csr_matrix:
    """Join users and items into one set of nodes, users first.

    Parameters
    ----------
    interactions : csr_matrix
        Shape (n_users, n_items).

    Returns
    -------
    csr_matrix
        Symmetric adjacency; shape (n_users + n_items, n_users + n_items).
    """
    n_users, n_items = interactions.shape
    backward = csr_matrix(interactions.T)
    return csr_matrix(
        (
            np.concatenate([interactions.data, backward.data]),
            np.concatenate([interactions.indices + n_users, backward.indices]),
            np.concatenate([interactions.indptr, interactions.nnz + backward.indptr[1:]]),
        ),
        shape=(n_users + n_items, n_users + n_items),
    )


def as_data(adjacency: csr_matrix) -> Data:
    """Describe an adjacency to PyTorch Geometric; edges keep their positions.

    Parameters
    ----------
    adjacency : csr_matrix
        Row v lists the neighbours of node v; shape (n_nodes, n_nodes).

    Returns
    -------
    torch_geometric.data.Data
        With ``edge_index`` (neighbour, node) and the entries as ``edge_weight``.
    """
    nodes = np.repeat(np.arange(adjacency.shape[0]), np.diff(adjacency.indptr))
    edge_index = np.stack([adjacency.indices.astype(np.int64), nodes.astype(np.int64)])
    return Data(
        edge_index=torch.from_numpy(edge_index),
        edge_weight=torch.from_numpy(adjacency.data.astype(np.float32)),
        num_nodes=adjacency.shape[0],
    )


def positives(interactions: csr_matrix, users: NDArray[np.int64]) -> Tensor:
    """Return the events of some users as edges of :func:`bipartite`; int64, shape (2, n_edges)."""
    n_users = interactions.shape[0]
    counts = np.diff(interactions.indptr)
    rows = np.repeat(np.arange(n_users), counts)
    chosen = np.isin(rows, users)
    pairs = np.stack([rows[chosen], interactions.indices[chosen].astype(np.int64) + n_users])
    return torch.from_numpy(pairs)


def _locate(
    nodes: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Find where nodes stand; the second answer is meaningless where the first is False."""
    order = np.argsort(nodes, kind="stable")
    place = np.minimum(np.searchsorted(nodes, wanted, sorter=order), len(nodes) - 1)
    local = order[place]
    return nodes[local] == wanted, local
