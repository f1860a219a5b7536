"""A made-up data set in files: two tastes, 40 users, 24 items, two of them cold."""

from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from ranking.evaluation.explained import Entities, explained_list
from ranking.pipeline import Recommender
from ranking.training import TrainingConfig

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """Checks that elements close in order, and gathers what the tests ask for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


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
def without_network() -> TrainingConfig:
    return TrainingConfig(graph_network=False)


@pytest.fixture
def counting(films, balanced, preset_films) -> Recommender:
    """A recommender in whose scores every component counts."""
    return Recommender(films, balanced, preset=preset_films)


@pytest.fixture
def entities(counting) -> Entities:
    return Entities(counting.state)


@pytest.fixture
def listed(counting, entities):
    """The list of a user who likes comedies, with all paths."""
    return explained_list(counting, entities, "u3", k=5)


@pytest.fixture(scope="session")
def parsed() -> type[Page]:
    """Read a page, and check that its elements close in order."""
    return Page
