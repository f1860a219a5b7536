"""Epoch time of the graph network beside that of PyTorch Geometric's LightGCN, taken in turns.

    python benchmarks/gnn/epoch_time.py [lastfm-2k-warm ml-100k-warm amazon-book] [--rounds 3]

LightGCN runs as its authors describe it: 2 layers of 64 numbers, a vector for every user, BPR loss
over one drawn item for each event, 2,048 events a step on the small sets and 16,384 on large ones;
its products are torch's CSR. Both take every event once in an epoch and use the same threads.
Only the ratio means anything: both are measured in turns on the same machine.
"""

import argparse
import time
import warnings

import numpy as np
import torch
from scipy.sparse import csr_matrix
from splits import load

from gnn.config import GraphTrainingConfig, plan_training
from gnn.full_batch import FullBatchSteps
from gnn.model import GraphModel, scaled
from gnn.neighbours import bipartite
from gnn.prepared import prepare
from gnn.training_graph import TrainingGraph

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from torch_geometric.nn.models import LightGCN

CPU = torch.device("cpu")


class Ours:
    def __init__(self, events: csr_matrix) -> None:
        graph = TrainingGraph(events)
        plan = plan_training(GraphTrainingConfig(), graph, has_validation=True)
        generator = np.random.default_rng(0)
        ready = prepare(graph, device=CPU, generator=generator)
        table = ready.start(plan.dim, balanced=not plan.negatives, generator=generator)
        model = GraphModel(torch.from_numpy(table), torch.from_numpy(ready.log_degrees))
        optimizer = torch.optim.Adam(model.parameters(), lr=plan.learning_rate)
        self._steps = FullBatchSteps(model, optimizer, graph=ready, plan=plan, device=CPU)
        self._epoch = 0

    def epoch(self) -> None:
        self._epoch += 1
        self._steps.epoch(self._epoch)


class Theirs:
    def __init__(self, events: csr_matrix) -> None:
        self._events = events.tocoo()
        self._n_users, self._n_items = events.shape
        self._generator = np.random.default_rng(0)
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
        self._optimizer = torch.optim.Adam(self._model.parameters(), lr=1e-3)
        self._batch = 2_048 if events.nnz < 200_000 else 16_384

    def epoch(self) -> None:
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="*", default=["lastfm-2k-warm", "ml-100k-warm"])
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    print(f"{torch.get_num_threads()} threads")
    for name in arguments.data:
        graph, _ = load(name)
        ours, theirs = Ours(graph.interactions), Theirs(graph.interactions)
        seconds: dict[str, list[float]] = {"ours": [], "theirs": []}
        for _ in range(arguments.rounds):
            for label, side in (("ours", ours), ("theirs", theirs)):
                started = time.perf_counter()
                side.epoch()
                seconds[label].append(time.perf_counter() - started)
        mine, other = (float(np.median(values)) for values in seconds.values())
        print(f"{name}: {mine:.2f} s an epoch, LightGCN {other:.2f} s, ratio {mine / other:.2f}")


if __name__ == "__main__":
    main()
