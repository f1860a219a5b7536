"""Validation recall by epoch and by CPU second: ours beside a textbook LightGCN.

    python benchmarks/gnn/curves.py [lastfm-2k-warm ml-100k-warm] [--out FOLDER] [--epochs 400]

Ours with the knowledge graph where there is one, LightGCN with BPR and 2,048 events a step at the
rates 0.001 (its authors') and 0.005. Both see the same training events, are measured on the same
held-out ones after every epoch and stop when ten epochs brought nothing (LightGCN forty, because
its epochs teach less). CPU seconds leave the measuring out. `--out` receives one SVG for each data
set.
"""

import argparse
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from lightgcn import TextbookLightGCN
from scipy.sparse import csr_matrix
from splits import hold_out, load

from gnn.trainer import GraphTrainer, GraphTrainingConfig
from gnn.training_graph import TrainingGraph
from gnn.validation import Validation
from graph.progress import Progress

PATIENCE = 40


@dataclass
class Curve:
    """One line of the plots."""

    label: str
    recall: list[float] = field(default_factory=list)
    ndcg: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def best(self) -> int:
        return int(np.argmax(np.add(self.recall, self.ndcg)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="*", default=["lastfm-2k-warm", "ml-100k-warm"])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--epochs", type=int, default=400, help="most epochs of LightGCN")
    arguments = parser.parse_args()
    for name in arguments.data:
        graph, _ = load(name)
        fit, valid = hold_out(graph.interactions, 0.125, seed=2027)
        curves = [
            ours(replace(graph, interactions=fit), valid, "ours"),
            ours(TrainingGraph(fit), valid, "ours without attributes"),
            *(textbook(fit, valid, rate, arguments.epochs) for rate in (1e-3, 5e-3)),
        ]
        report(name, curves)
        if arguments.out:
            plot(name, curves, arguments.out)


def ours(graph: TrainingGraph, valid: csr_matrix, label: str) -> Curve:
    curve = Curve(label)
    started = time.process_time()

    def note(progress: Progress) -> None:
        curve.recall.append(progress.values["recall"])
        curve.ndcg.append(progress.values["ndcg"])
        curve.seconds.append(time.process_time() - started)

    GraphTrainer(GraphTrainingConfig(device="cpu")).fit(graph, validation=valid, progress=note)
    return curve


def textbook(fit: csr_matrix, valid: csr_matrix, rate: float, most: int) -> Curve:
    curve = Curve(f"LightGCN, rate {rate}")
    measured = Validation(fit, valid, max_users=10**9, generator=np.random.default_rng(0))
    model = TextbookLightGCN(fit, rate=rate)
    spent = 0.0
    for _ in range(most + 1):
        users, items = model.vectors()
        recall, ndcg = measured.measure_users(users, items)
        curve.recall.append(recall)
        curve.ndcg.append(ndcg)
        curve.seconds.append(spent)
        if len(curve.recall) - 1 - curve.best >= PATIENCE:
            break
        started = time.process_time()
        model.epoch()
        spent += time.process_time() - started
    return curve


def report(name: str, curves: list[Curve]) -> None:
    print(f"{name}: best validation recall@20 / ndcg@20")
    for curve in curves:
        best = curve.best
        print(
            f"  {curve.label:24s} {curve.recall[best]:.4f} / {curve.ndcg[best]:.4f}"
            f"  epoch {best:3d}, {curve.seconds[best]:6.1f} s of CPU"
        )
        picks = sorted({*range(0, best, max(best // 5, 1)), best})
        print("    " + "  ".join(f"{epoch}: {curve.recall[epoch]:.3f}" for epoch in picks))


def plot(name: str, curves: list[Curve], folder: Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2, figsize=(11, 4), sharey=True)
    for curve in curves:
        axes[0].plot(curve.recall, label=curve.label)
        axes[1].plot(curve.seconds, curve.recall, label=curve.label)
    axes[0].set_xlabel("epoch")
    axes[1].set_xlabel("seconds of CPU")
    axes[0].set_ylabel("validation Recall@20")
    axes[0].set_title(name)
    axes[1].legend(frameon=False)
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
    folder.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(folder / f"{name}.svg")
    pyplot.close(figure)


if __name__ == "__main__":
    main()
