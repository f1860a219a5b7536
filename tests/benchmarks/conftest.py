"""The quality benchmark is a folder of scripts: its modules are found by their folder."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

QUALITY = Path(__file__).parents[2] / "benchmarks" / "quality"


@pytest.fixture
def quality(monkeypatch):
    """Import a module of benchmarks/quality by its name, for one test."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(QUALITY / "peers")
    monkeypatch.syspath_prepend(QUALITY)
    yield import_module
    for name in set(sys.modules) - before:
        path = getattr(sys.modules[name], "__file__", None)
        if path and QUALITY in Path(path).parents:
            del sys.modules[name]


@pytest.fixture
def split(tmp_path, monkeypatch):
    """A made-up data set where WHYREC_BENCHMARK_DATA says: fans of two genres."""
    folder = tmp_path / "data" / "splits" / "tiny"
    folder.mkdir(parents=True)
    liked = {f"u{n}": [f"{'ab'[n % 2]}{(n + step) % 8}" for step in range(4)] for n in range(12)}
    train = [f"{user}\t{item}" for user, items in liked.items() for item in items[:-1]]
    test = [f"{user}\t{items[-1]}" for user, items in liked.items()]
    kg = [f"{genre}{n}\thas genre\tgenre {genre}" for genre in "ab" for n in range(8)]
    write(folder / "train.tsv", "user\titem", train)
    write(folder / "test.tsv", "user\titem", test)
    write(folder / "users.tsv", "user", list(liked))
    write(folder / "kg.tsv", "head\trelation\ttail", kg)
    monkeypatch.setenv("WHYREC_BENCHMARK_DATA", str(tmp_path / "data"))
    return folder


def write(path, header, lines):
    path.write_text("\n".join([header, *lines, ""]))
