"""Convergence and accuracy of the graph network alone, on the benchmark splits.

    python benchmarks/gnn/accuracy.py [lastfm-2k-warm ml-100k-warm amazon-book] [--no-kg]

The number of epochs is chosen on a validation split taken from the training events; the network is
then refitted on all of them and tested once. `refit continued` goes on from the validated state
for two epochs instead of starting anew, which costs a fraction of the time.
"""

import argparse
import time
from dataclasses import replace

import numpy as np
import torch
from splits import hold_out, load

from gnn.embeddings import GraphEmbeddings
from gnn.trainer import GraphTrainer, GraphTrainingConfig
from gnn.training_graph import TrainingGraph
from gnn.validation import Validation
from graph.progress import Progress


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="*", default=["lastfm-2k-warm", "ml-100k-warm"])
    parser.add_argument("--no-kg", action="store_true")
    parser.add_argument("--budget", type=float, default=240.0, help="seconds for each training")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--continued-only", action="store_true", help="leave the whole refit out")
    parser.add_argument("--epochs", type=int, help="train so many on everything, choose nothing")
    arguments = parser.parse_args()
    config = GraphTrainingConfig(time_budget_s=arguments.budget, seed=arguments.seed, device="auto")
    for name in arguments.data:
        if arguments.epochs is not None:
            fixed(name, replace(config, epochs=arguments.epochs), kg=not arguments.no_kg)
        else:
            run(name, config, kg=not arguments.no_kg, whole=not arguments.continued_only)


def run(name: str, config: GraphTrainingConfig, *, kg: bool, whole: bool) -> None:
    graph, test = load(name)
    graph = graph if kg else TrainingGraph(graph.interactions)
    print(f"{name}: {graph.n_users} users, {graph.n_items} items, {graph.interactions.nnz} events,")
    print(f"  {graph.n_entities} entities, {sum(m.nnz for _, m in graph.attributes)} edges")
    fit, valid = hold_out(graph.interactions, 0.1 if graph.n_items > 10_000 else 0.125, seed=2027)
    first = GraphTrainer(config).fit(
        replace(graph, interactions=fit), validation=valid, progress=show
    )
    report = first.report
    print(f"  best epoch {report.best_epoch}, stopped by {report.stopped}", end="")
    print(f" after {report.seconds:.1f} s on {report.device}")
    started = time.perf_counter()
    more = GraphTrainer(replace(config, epochs=2)).fit(graph, validation=None, start=first.state)
    tested("refit continued", graph, test, more, time.perf_counter() - started)
    if whole:
        started = time.perf_counter()
        anew = replace(config, epochs=report.best_epoch)
        again = GraphTrainer(anew).fit(graph, validation=None)
        tested("refit", graph, test, again, time.perf_counter() - started)
    if graph.n_entities:
        print(f"  entities: {own_items(graph, more):.3f} of their 10 nearest items are their own")


def fixed(name: str, config: GraphTrainingConfig, *, kg: bool) -> None:
    graph, test = load(name)
    graph = graph if kg else TrainingGraph(graph.interactions)
    started = time.perf_counter()
    vectors = GraphTrainer(config).fit(graph, validation=None)
    seconds = time.perf_counter() - started
    print(f"{name}: {vectors.report.epochs} epochs, {time.process_time():.0f} s of CPU")
    tested("fixed", graph, test, vectors, seconds)


def show(progress: Progress) -> None:
    values = progress.values
    print(
        f"  epoch {progress.done:3.0f}  loss {values.get('loss', float('nan')):7.4f}"
        f"  recall {values['recall']:.4f}  ndcg {values['ndcg']:.4f}  {values['seconds']:6.1f} s"
        f"  ({time.process_time():.0f} s of CPU)",
        flush=True,
    )


def tested(
    label: str, graph: TrainingGraph, test: object, vectors: GraphEmbeddings, seconds: float
) -> None:
    measured = Validation(
        graph.interactions, test, max_users=10**9, generator=np.random.default_rng(0)
    )
    source, target = (torch.from_numpy(part) for part in (vectors.source, vectors.target))
    recall, ndcg = measured.measure(source, target)
    print(f"  {label}: test recall@20 {recall:.4f}  ndcg@20 {ndcg:.4f}  ({seconds:.1f} s)")


def own_items(graph: TrainingGraph, vectors: GraphEmbeddings) -> float:
    """Share of an entity's own items among its nearest by cosine, for entities of 10 or more."""
    members = sum((m for _, m in graph.attributes), start=graph.attributes[0][1] * 0).T.tocsr()
    warm = np.flatnonzero(np.abs(vectors.target).sum(axis=1))
    members = members[:, warm]
    target = vectors.target[warm] / np.linalg.norm(vectors.target[warm], axis=1, keepdims=True)
    shares = []
    for entity in np.flatnonzero(np.diff(members.indptr) >= 10):
        nearest = np.argsort(-(target @ vectors.entities[entity]))[:10]
        shares.append(np.isin(nearest, members[entity].indices).mean())
    return float(np.mean(shares)) if shares else float("nan")


if __name__ == "__main__":
    main()
