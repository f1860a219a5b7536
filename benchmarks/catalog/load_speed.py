"""How many edges a CPU second a load brings from files into the embedded store.

    python benchmarks/catalog/load_speed.py [--edges 400000] [--file graph.db]

Makes tab-separated files (items, entities, as many triples as events, long-tailed), loads each
file apart and prints the CPU seconds of each, from opening the file to the last commit.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from graph.catalog import load_catalog
from graph.embedded_store import EmbeddedStore

N_NODES = 20_000


def write_files(folder: Path, n_edges: int) -> None:
    rng = np.random.default_rng(0)
    nodes = range(N_NODES)
    write(folder / "items.tsv", "id\ttitle", (f"i{n}\tItem {n}" for n in nodes))
    write(folder / "entities.tsv", "id\tlabel\tname", (f"e{n}\tThing\tEntity {n}" for n in nodes))
    heads = np.sort(rng.integers(0, N_NODES, n_edges))
    tails = (rng.zipf(1.3, n_edges) % N_NODES).tolist()
    triples = (f"i{h}\tREL{h % 7}\te{t}" for h, t in zip(heads.tolist(), tails, strict=True))
    write(folder / "triples.tsv", "head\trelation\ttail", triples)
    users = np.sort(rng.integers(0, N_NODES // 2, n_edges)).tolist()
    items = rng.integers(0, N_NODES, n_edges).tolist()
    events = (
        f"u{u}\ti{i}\trating\t{i % 5}\t{at}"
        for at, (u, i) in enumerate(zip(users, items, strict=True))
    )
    write(folder / "events.tsv", "user\titem\ttype\tvalue\tat", events)


def write(path: Path, header: str, rows: Iterable[str]) -> None:
    with path.open("w") as stream:
        stream.write(f"{header}\n")
        stream.writelines(f"{row}\n" for row in rows)


async def measure(folder: Path, database: str) -> None:
    store = EmbeddedStore(":memory:" if database == ":memory:" else Path(database))
    await store.prepare()
    for name in ("entities", "items", "triples", "events"):
        started = time.process_time()
        summary = await load_catalog(store, folder / f"{name}.tsv", format="whyrec")
        seconds = time.process_time() - started
        assert summary.n_problems == 0
        rate = summary.rows / seconds
        print(f"{name:9} {summary.rows:8,} rows  {seconds:6.2f} CPU s  {rate:9,.0f} rows/CPU s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")
    await store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, default=400_000)
    parser.add_argument("--file", default=":memory:")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder), arguments.edges)
        asyncio.run(measure(Path(folder), arguments.file))


if __name__ == "__main__":
    main()
