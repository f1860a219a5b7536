"""PyTorch Geometric's LightGCN as its authors describe it, for comparisons.

2 layers of 64 numbers, a vector for every user, BPR loss over one drawn item for each event, whole
graph in every step; its products are torch's CSR.
"""

import warnings

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch import Tensor

from gnn.model import scaled
from gnn.neighbours import bipartite

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from torch_geometric.nn.models import LightGCN


class TextbookLightGCN:
    """LightGCN trained with BPR, `batch` events a step."""

    def __init__(
        self, events: csr_matrix, *, batch: int = 2_048, rate: float = 1e-3, seed: int = 0
    ) -> None:
        self._events = events.tocoo()
        self._n_users, self._n_items = events.shape
        self._generator = np.random.default_rng(seed)
        torch.manual_seed(seed)
        self._model = LightGCN(sum(events.shape), 64, num_layers=2)
        for layer in self._model.convs:
            layer.normalize = False  # the matrix is normalised once, here
        matrix = scaled(bipartite(events), -0.5, -0.5)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "CSR tensors are in beta"
            self._matrix = torch.sparse_csr_tensor(
                torch.from_numpy(matrix.indptr).long(),
                torch.from_numpy(matrix.indices).long(),
                torch.from_numpy(matrix.data),
                size=matrix.shape,
            )
        self._optimizer = torch.optim.Adam(self._model.parameters(), lr=rate)
        self._batch = batch

    def epoch(self) -> None:
        """Take every event once."""
        order = self._generator.permutation(self._events.nnz)
        for start in range(0, len(order), self._batch):
            part = order[start : start + self._batch]
            users = self._events.row[part]
            drawn = self._generator.integers(self._n_items, size=len(part))
            pairs = np.concatenate(
                [
                    np.stack([users, self._events.col[part] + self._n_users]),
                    np.stack([users, drawn + self._n_users]),
                ],
                axis=1,
            )
            index = torch.from_numpy(pairs.astype(np.int64))
            ranks = self._model(self._matrix, index)
            positive, negative = ranks.chunk(2)
            loss = self._model.recommendation_loss(
                positive, negative, node_id=index.unique(), lambda_reg=1e-4
            )
            self._optimizer.zero_grad()
            loss.backward()
            self._optimizer.step()

    def vectors(self) -> tuple[Tensor, Tensor]:
        """Return the vectors of users and items."""
        with torch.no_grad():
            both = self._model.get_embedding(self._matrix)
        return both[: self._n_users], both[self._n_users :]
