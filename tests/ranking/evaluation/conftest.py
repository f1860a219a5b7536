"""A made-up data set in files: two tastes, 40 users, 24 items, two of them cold."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from ranking.training import TrainingConfig


@dataclass(frozen=True)
class DataSet:
    """Where the files are."""

    folder: Path

    def __getattr__(self, name: str) -> Path:
        return self.folder / f"{name}.tsv"


def write_rows(path: Path, header: str, rows: list[str]) -> None:
    path.write_text("".join(f"{row}\n" for row in [header, *rows]), encoding="utf-8")


@pytest.fixture(scope="session")
def data_set(tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    folder = tmp_path_factory.mktemp("tastes")
    rng = np.random.default_rng(3)
    train, test = [], []
    for user in range(40):
        side = user % 2
        for place, item in enumerate(rng.permutation(11)[:8].tolist()):
            (test if place < 2 else train).append(f"u{user}\ti{side}-{item}")
    kinds = ["Drama", "Comedy"]
    write_rows(folder / "train.tsv", "user\titem", train)
    write_rows(folder / "test.tsv", "user\titem", test)
    write_rows(folder / "users.tsv", "user", [f"u{user}" for user in range(40)] + ["nobody"])
    write_rows(
        folder / "items.tsv",
        "item\ttitle\tgenres",
        [f"i{side}-{n}\tPicture {side} {n}\t{kinds[side]}" for side in (0, 1) for n in range(12)],
    )
    write_rows(folder / "candidates.tsv", "item", ["i0-11", "i1-11"])
    return DataSet(folder)


@pytest.fixture(scope="session")
def quick() -> TrainingConfig:
    return TrainingConfig(graph_network=False)
