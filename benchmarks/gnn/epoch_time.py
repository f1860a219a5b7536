"""Epoch time of the graph network beside that of PyTorch Geometric's LightGCN, taken in turns.

    python benchmarks/gnn/epoch_time.py [lastfm-2k-warm ml-100k-warm amazon-book] [--rounds 3]
        [--batch 2048 16384]

LightGCN runs as its authors describe it: 2 layers of 64 numbers, a vector for every user, BPR loss
over one drawn item for each event; its products are torch's CSR. Every step propagates over the
whole graph, so its time depends on the events in a step: the authors take 2,048, and larger steps
(fewer of them) are measured beside. Both sides take every event once in an epoch, ours with the
settings that are chosen from the size of the data, and use the same threads. Seconds are those of
the CPU. Only the ratio means anything: both are measured in turns on the same machine.
"""

import argparse
import time

import numpy as np
import torch
from lightgcn import TextbookLightGCN
from scipy.sparse import csr_matrix
from splits import load

from gnn.config import GraphTrainingConfig, plan_training
from gnn.full_batch import FullBatchSteps
from gnn.model import GraphModel
from gnn.prepared import prepare
from gnn.training_graph import TrainingGraph

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="*", default=["lastfm-2k-warm", "ml-100k-warm"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch", type=int, nargs="+", default=[2_048, 16_384])
    arguments = parser.parse_args()
    print(f"{torch.get_num_threads()} threads, median of {arguments.rounds} epochs")
    for name in arguments.data:
        events = load(name)[0].interactions
        sides: dict[str, Ours | TextbookLightGCN] = {"ours": Ours(events)}
        for batch in arguments.batch:
            sides[f"LightGCN, {batch:,} events a step"] = TextbookLightGCN(events, batch=batch)
        compare(name, sides, rounds=arguments.rounds)


def compare(name: str, sides: dict[str, Ours | TextbookLightGCN], *, rounds: int) -> None:
    """Let the sides take turns and print their median CPU seconds an epoch."""
    seconds: dict[str, list[float]] = {label: [] for label in sides}
    for _ in range(rounds):
        for label, side in sides.items():
            started = time.process_time()
            side.epoch()
            seconds[label].append(time.process_time() - started)
    medians = {label: float(np.median(values)) for label, values in seconds.items()}
    mine = medians.pop("ours")
    print(f"{name}: ours {mine:.2f} s of CPU an epoch")
    for label, other in medians.items():
        print(f"  {label}: {other:.2f} s, ratio {mine / other:.3f}", flush=True)


if __name__ == "__main__":
    main()
