"""What variety costs: how different the items of a list are, and what that takes from its NDCG.

    python benchmarks/diversity/run.py                       ml-100k-warm, lists of 20
    python benchmarks/diversity/run.py -k 10 --strengths 0.5 0.9 --strategies msd mmr --out TABLE.md

Learns from train.tsv, answers each user by the code that serves, and judges with test.tsv, which
nothing was tuned on. The columns: Recall and NDCG; mean distance between the items of a list by the
vectors that diversity works with, and by genres alone, which it is not told of as such; how many
genres a list has; divergence of its genres from those of the user's history; milliseconds of CPU.
"""

import argparse
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import numpy as np
import scipy.sparse as sp

from graph.presets import preset
from graph.snapshot import Snapshot
from ranking.calibration import Mixes, divergence, mix_of
from ranking.domain import Diversity, Query, Strategy
from ranking.evaluation.files import read_interactions, read_snapshot
from ranking.evaluation.metrics import judge, ndcg, recall
from ranking.pipeline import Recommender
from ranking.question import ask
from ranking.training import train
from ranking.vectors import ItemVectors, mean_distance

DATA = Path(os.environ.get("WHYREC_BENCHMARK_DATA", Path(__file__).parents[3] / "shared/data"))
COLUMNS = ("Recall", "NDCG", "distance", "genre distance", "genres", "divergence", "CPU ms")


class Bench:
    """A recommender, its users, and what they chose later."""

    def __init__(
        self, recommender: Recommender, users: list[str], relevant: sp.csr_matrix, k: int
    ) -> None:
        self.recommender, self.users, self.relevant, self.k = recommender, users, relevant, k
        self.vectors = ItemVectors(recommender.state)
        self.mixes = Mixes(recommender.state, self.vectors)

    def row(self, name: str, **options: object) -> list[str]:
        """Answer everybody and measure the lists."""
        top = np.full((len(self.users), self.k), -1, dtype=np.int64)
        started = time.process_time()
        for place, user in enumerate(self.users):
            answer = self.recommender.recommend(Query(user_id=user, k=self.k, **options))
            rows = [self.recommender.state.item_row(item.item_id) for item in answer.items]
            top[place, : len(rows)] = rows
        spent = 1000 * (time.process_time() - started) / len(self.users)
        judged = judge(top, self.relevant)
        of_lists = np.mean(
            [
                self._of_list(user, rows[rows >= 0])
                for user, rows in zip(self.users, top, strict=True)
            ],
            axis=0,
        )
        values = [recall(judged).mean(), ndcg(judged).mean(), *of_lists]
        shown = [f"{value:.4f}" for value in values]
        shown[4] = f"{values[4]:.1f}"
        return [name, *shown, f"{spent:.1f}"]

    def _of_list(self, user: str, rows: np.ndarray) -> list[float]:
        shares = self.mixes.shares(rows)
        length = np.linalg.norm(shares > 0, axis=1, keepdims=True)
        genres = ((shares > 0) / np.maximum(length, 1)).astype(np.float32)
        profile = ask(self.recommender.state, user_id=user).profile
        wanted = self.mixes.of_profile(profile.rows, profile.weights)
        far = 0.0 if wanted is None else float(divergence(wanted, mix_of(shares))[0])
        distance = mean_distance(self.vectors.of(rows))
        return [distance, mean_distance(genres), float((shares.sum(axis=0) > 0).sum()), far]


def bench_of(folder: Path, k: int) -> Bench:
    """Learn from a data set."""
    optional = {name: folder / f"{name}.tsv" for name in ("users", "kg", "items")}
    files = {name: path if path.exists() else None for name, path in optional.items()}
    snapshot = read_snapshot(folder / "train.tsv", **files)
    domain = preset("generic")
    recommender = Recommender(snapshot, train(snapshot, preset=domain), preset=domain)
    users, relevant = later(folder / "test.tsv", snapshot)
    return Bench(recommender, users, relevant, k)


def later(path: Path, snapshot: Snapshot) -> tuple[list[str], sp.csr_matrix]:
    """Return who has something in the test file, and what."""
    chosen: dict[str, list[int]] = {}
    test = read_interactions(path)
    for user, item in zip(test.users.tolist(), test.items.tolist(), strict=True):
        row = snapshot.items.find(test.item_ids[item])
        if row is not None:
            chosen.setdefault(test.user_ids[user], []).append(row)
    columns = np.concatenate(list(chosen.values()))
    starts = np.cumsum([0, *(len(rows) for rows in chosen.values())])
    ones = np.ones(len(columns))
    return list(chosen), sp.csr_matrix((ones, columns, starts), (len(chosen), len(snapshot.items)))


def table(bench: Bench, strengths: Sequence[float], strategies: Sequence[Strategy]) -> list[str]:
    """Measure everything; lines of Markdown."""
    rows = [
        ["by score", *bench.row("by score")[1:]],
        ["by score, copies shown", *bench.row("", copies=True)[1:]],
    ]
    for strategy in get_args(Strategy):
        for strength in strengths if strategy in strategies else [0.5]:
            name = f"diversity {strategy} {strength:g}"
            rows.append(bench.row(name, diversity=Diversity(strength, strategy)))
    rows += [bench.row(f"calibration {s:g}", calibration=s) for s in strengths]
    both = {"diversity": Diversity(0.5), "calibration": 0.5}
    rows.append(bench.row("diversity msd 0.5, calibration 0.5", **both))
    head = ["", *COLUMNS]
    return [f"| {' | '.join(line)} |" for line in (head, ["---", *["---:"] * len(COLUMNS)], *rows)]


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", default="ml-100k-warm")
    parser.add_argument("-k", type=int, default=20)
    parser.add_argument("--strengths", type=float, nargs="+", default=[0.1, 0.3, 0.5, 0.7, 0.9])
    parser.add_argument(
        "--strategies",
        nargs="+",
        choices=get_args(Strategy),
        default=["msd"],
        help="measured at every strength; the others at one half",
    )
    parser.add_argument("--out", type=Path)
    choice = parser.parse_args()
    folder = DATA / "splits" / choice.set
    if not (folder / "train.tsv").exists():
        raise SystemExit(f"There is no {folder / 'train.tsv'}. Set WHYREC_BENCHMARK_DATA.")
    bench = bench_of(folder, choice.k)
    lines = table(bench, choice.strengths, choice.strategies)
    print(f"{choice.set}: {len(bench.users)} users, lists of {choice.k}", *lines, sep="\n")
    if choice.out:
        choice.out.write_text("\n".join(lines) + "\n")


main()
