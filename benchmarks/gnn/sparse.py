"""Does the knowledge graph help where events are few? Ours with and without it on thinned data.

    python benchmarks/gnn/sparse.py [lastfm-2k-warm ml-100k-warm] [--shares 1 0.25 0.12]

Training events are kept with the given chance, the validation events stay. Each line is the mean
over two draws of the events and two seeds; `start` is the weight of the attributes in the spectral
start that training chose by itself.
"""

import argparse
from dataclasses import replace

import numpy as np
import torch
from scipy.sparse import csr_matrix
from splits import hold_out, load

from gnn.config import plan_training
from gnn.prepared import prepare
from gnn.starting import attribute_share
from gnn.trainer import GraphTrainer, GraphTrainingConfig
from gnn.training_graph import TrainingGraph

DRAWS, SEEDS = 2, 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="*", default=["lastfm-2k-warm", "ml-100k-warm"])
    parser.add_argument("--shares", type=float, nargs="+", default=[1.0, 0.25, 0.12])
    arguments = parser.parse_args()
    for name in arguments.data:
        graph, _ = load(name)
        fit, valid = hold_out(graph.interactions, 0.125, seed=2027)
        for share in arguments.shares:
            compare(name, replace(graph, interactions=fit), valid, share)


def compare(name: str, graph: TrainingGraph, valid: csr_matrix, share: float) -> None:
    found: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    starts = []
    for draw in range(DRAWS if share < 1 else 1):
        events = thinned(graph.interactions, share, draw)
        for seed in range(SEEDS):
            config = GraphTrainingConfig(seed=seed, device="cpu")
            for with_graph, values in found.items():
                attributes = graph.attributes if with_graph else ()
                part = TrainingGraph(events, attributes)
                best = GraphTrainer(config).fit(part, validation=valid).report.best
                values.append((best.recall, best.ndcg))
            starts.append(chosen(TrainingGraph(events, graph.attributes), config))
    means = {label: np.mean(values, axis=0) for label, values in found.items()}
    print(f"{name}, {share:.0%} of the events: ", end="")
    print(
        f"with {means[True].round(4)}  without {means[False].round(4)}  start {starts}", flush=True
    )


def chosen(graph: TrainingGraph, config: GraphTrainingConfig) -> float:
    plan = plan_training(config, graph, has_validation=True)
    generator = np.random.default_rng(0)
    ready = prepare(graph, device=torch.device("cpu"), generator=generator)
    return attribute_share(ready, plan)


def thinned(events: csr_matrix, share: float, draw: int) -> csr_matrix:
    kept = events.copy()
    if share < 1:
        kept.data[np.random.default_rng(draw).random(kept.nnz) >= share] = 0
        kept.eliminate_zeros()
    return kept


if __name__ == "__main__":
    main()
