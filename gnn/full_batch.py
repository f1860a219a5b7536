"""Training steps that propagate over the whole graph."""

from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gnn.config import TrainingPlan
from gnn.losses import Batch, all_item_loss, shared_negative_loss
from gnn.model import GraphModel
from gnn.prepared import PreparedGraph
from gnn.products import multiply, sparse_operator
from gnn.sampling import batches, draw_items, event_batch, hide_edges, stream, with_data

_FEWEST = 2
_USERS, _TEMPERATURE = 1, 3


class Steps(Protocol):
    """A way to go through the training events once."""

    def tune_temperature(self) -> None:
        """Set the temperature of the loss to the best of a grid."""

    def epoch(self, number: int) -> float:
        """Take the steps of one epoch and return their mean loss."""


class FullBatchSteps:
    """Steps in which every item vector is computed; see the module's text.

    Parameters
    ----------
    model : GraphModel
        On the device.
    optimizer : torch.optim.Optimizer
        Over its parameters.
    graph : PreparedGraph
        The data.
    plan : TrainingPlan
        Batch sizes and the like.
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
        self._model = model
        self._optimizer = optimizer
        self._graph = graph
        self._plan = plan
        self._device = device
        self._users = np.flatnonzero(np.diff(graph.strengths.indptr) >= _FEWEST)
        self._activity = np.asarray(graph.strengths.sum(axis=1)).ravel().astype(np.float32)

    def tune_temperature(self) -> None:
        """Set the temperature of the loss to the best of a grid."""
        if not len(self._users):
            return
        generator = stream(self._plan.seed, _TEMPERATURE)
        users = generator.permutation(self._users)[:256]
        negatives = self._draw(generator)
        with torch.no_grad():
            parts = self._parts(users, np.ones(self._graph.events.nnz, dtype=np.float32))
        self._model.tune_temperature(lambda: self._loss(users, *parts, negatives))

    def epoch(self, number: int) -> float:
        """Take the steps of one epoch.

        Parameters
        ----------
        number : int
            Which epoch, from 1 on; decides the random draws.

        Returns
        -------
        float
            Mean loss on the events; 0 when no user has two events.
        """
        generator = stream(self._plan.seed, _USERS, number)
        parts = batches(self._users, self._plan.batch_users, generator=generator)
        losses = [self._step(users, generator) for users in parts]
        return float(np.mean(losses)) if losses else 0.0

    def _step(self, users: NDArray[np.int64], generator: np.random.Generator) -> float:
        keep = hide_edges(self._graph.events, self._plan.edge_drop, generator=generator)
        negatives = self._draw(generator)
        loss = self._loss(users, *self._parts(users, keep), negatives)
        self._optimizer.zero_grad()
        torch.autograd.backward(loss)
        self._optimizer.step()
        return float(loss.detach())

    def _parts(
        self, users: NDArray[np.int64], keep: NDArray[np.float32]
    ) -> tuple[Tensor, Tensor, Tensor, Batch]:
        """Return item vectors, the users' vectors and their pairs, all without hidden edges."""
        graph = self._graph
        events = sparse_operator(with_data(graph.events, graph.events.data * keep), self._device)
        source, target = self._model.item_vectors(events, graph.attributes)
        kept = with_data(graph.strengths, graph.strengths.data * keep)[users]
        queries = multiply(sparse_operator(kept, self._device), source)
        batch = event_batch(graph.strengths[users], kept, self._device)
        return source, target, queries, batch

    def _loss(
        self,
        users: NDArray[np.int64],
        source: Tensor,
        target: Tensor,
        queries: Tensor,
        batch: Batch,
        negatives: Tensor | None,
    ) -> Tensor:
        activity = torch.as_tensor(self._activity[users], device=self._device)
        scales = self._model.user_scales(activity)
        if negatives is None:
            return all_item_loss(queries, source, target, scales, batch)
        return shared_negative_loss(queries, source, target, scales, batch, negatives=negatives)

    def _draw(self, generator: np.random.Generator) -> Tensor | None:
        if not self._plan.negatives:
            return None
        n_items = self._graph.strengths.shape[1]
        return draw_items(n_items, self._plan.negatives, generator=generator).to(self._device)
