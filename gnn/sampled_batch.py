"""Training steps over sampled neighbourhoods, for graphs too large to propagate over at once."""

from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from torch import Tensor

from gnn.config import TrainingPlan
from gnn.geometric import Data, LinkLoader, NegativeSampling
from gnn.losses import Batch, shared_negative_loss
from gnn.model import GraphModel
from gnn.neighbours import CsrSampler, as_data, bipartite, positives
from gnn.prepared import PreparedGraph
from gnn.products import multiply, sparse_operator
from gnn.sampling import stream

_FEWEST = 2
_FANOUTS = (64, 8, 8)
_PAIRS = 8_192
_NEIGHBOURS = 4


class SampledSteps:
    """Steps that compute only the vectors a batch of events needs.

    Around the users and items of a batch, neighbours are drawn; the convolution over them is an
    unbiased estimate of that over all. Attribute edges take no part in these steps.

    Parameters
    ----------
    model : GraphModel
        On the device.
    optimizer : torch.optim.Optimizer
        Over its parameters.
    graph : PreparedGraph
        The data.
    plan : TrainingPlan
        Settings.
    device : torch.device
        Where to compute.
    """

    def __init__(
        self,
        model: GraphModel,
        optimizer: torch.optim.Optimizer,
        *,
        graph: PreparedGraph,
        plan: TrainingPlan,
        device: torch.device,
    ) -> None:
        self._model, self._optimizer = model, optimizer
        self._graph, self._plan, self._device = graph, plan, device
        self._n_users = graph.strengths.shape[0]
        self._activity = np.asarray(graph.strengths.sum(axis=1)).ravel().astype(np.float32)
        self._adjacency = bipartite(graph.events)
        self._degrees = np.diff(self._adjacency.indptr).astype(np.int64)
        self._strengths = bipartite(graph.strengths).data
        self._data = as_data(self._adjacency)
        users = np.flatnonzero(np.diff(graph.strengths.indptr) >= _FEWEST)
        self._positives = positives(graph.strengths, users)

    def tune_temperature(self) -> None:
        """Set the temperature of the loss to the best of a grid."""
        if not self._positives.shape[1]:
            return
        sampler, loader = self._loader(0)
        batch = next(iter(loader))
        self._model.tune_temperature(lambda: self._loss(batch, sampler))

    def epoch(self, number: int) -> float:
        """Take the steps of one epoch.

        Parameters
        ----------
        number : int
            Which epoch, from 1 on; decides the random draws.

        Returns
        -------
        float
            Mean loss; 0 when no user has two events.
        """
        if not self._positives.shape[1]:
            return 0.0
        sampler, loader = self._loader(number)
        losses = []
        for batch in loader:
            loss = self._loss(batch, sampler)
            self._optimizer.zero_grad()
            torch.autograd.backward(loss)
            self._optimizer.step()
            losses.append(float(loss.detach()))
        return float(np.mean(losses))

    def _loader(self, number: int) -> tuple[CsrSampler, LinkLoader]:
        sampler = CsrSampler(
            self._adjacency,
            fanouts=_FANOUTS,
            negatives_from=self._n_users,
            generator=stream(self._plan.seed, _NEIGHBOURS, number),
        )
        loader = LinkLoader(
            self._data,
            link_sampler=sampler,
            edge_label_index=self._positives,
            neg_sampling=NegativeSampling("triplet"),
            batch_size=_PAIRS,
            shuffle=True,
            generator=torch.Generator().manual_seed(self._plan.seed * 1_000_003 + number),
        )
        return sampler, loader

    def _loss(self, batch: Data, sampler: CsrSampler) -> Tensor:
        nodes = batch.n_id.numpy()
        factors = self._edge_factors(batch, nodes, sampler)
        convolution = _local(batch, batch.edge_weight.numpy() * factors, len(nodes))
        source, target = self._local_vectors(nodes, convolution)
        histories = _local(batch, self._strengths[batch.e_id.numpy()] * factors, len(nodes))
        users, places = np.unique(batch.src_index.numpy(), return_inverse=True)
        history = histories[users]
        queries = multiply(sparse_operator(history, self._device), source)
        scales = self._model.user_scales(
            torch.as_tensor(self._activity[nodes[users]], device=self._device)
        )
        pairs = self._pairs(batch, places, history)
        negatives = torch.unique(batch.dst_neg_index).to(self._device)
        return shared_negative_loss(
            queries, source, target, scales, pairs, negatives=negatives, n_items=self._n_items
        )

    @property
    def _n_items(self) -> int:
        return int(self._graph.strengths.shape[1])

    def _edge_factors(
        self, batch: Data, nodes: NDArray[np.int64], sampler: CsrSampler
    ) -> NDArray[np.float32]:
        asking = self._degrees[nodes[batch.edge_index[1].numpy()]]
        bounds = np.cumsum([0, *batch.num_sampled_edges])
        parts = [
            sampler.corrections(asking[start:stop], hop)
            for hop, (start, stop) in enumerate(pairwise(bounds))
        ]
        return np.concatenate(parts)

    def _local_vectors(
        self, nodes: NDArray[np.int64], convolution: csr_matrix
    ) -> tuple[Tensor, Tensor]:
        """Return source and target vectors of the batch's nodes; users get meaningless rows."""
        is_item = torch.as_tensor(nodes >= self._n_users, device=self._device)
        rows = torch.as_tensor(np.maximum(nodes - self._n_users, 0), device=self._device)
        table = self._model.items[rows] * is_item[:, None]
        operator = sparse_operator(convolution, self._device)
        through_users = multiply(operator, multiply(operator, table))
        return self._model.finish(table, through_users, rows)

    def _pairs(self, batch: Data, places: NDArray[np.int64], history: csr_matrix) -> Batch:
        items = batch.dst_pos_index.numpy().copy()
        kept = np.asarray(history[places, items], dtype=np.float32).ravel()
        rest = np.asarray(history.sum(axis=1)).ravel()[places] - kept
        useful = (rest > 1e-6 * kept).astype(np.float32)
        return Batch(
            rows=torch.as_tensor(places, device=self._device),
            items=torch.as_tensor(items, device=self._device),
            kept=torch.as_tensor(kept, device=self._device),
            weights=torch.as_tensor(useful, device=self._device),
        )


def _local(batch: Data, values: NDArray[np.float32], n_nodes: int) -> csr_matrix:
    """Return sampled edges as a matrix over the batch's nodes; repeated edges are summed."""
    neighbours, asking = batch.edge_index.numpy()
    matrix = csr_matrix((values, (asking, neighbours)), shape=(n_nodes, n_nodes))
    matrix.sum_duplicates()
    return matrix
