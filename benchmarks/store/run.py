"""How fast the stores load, and what a snapshot costs.

    python benchmarks/store/run.py [--store embedded|neo4j] [--edges N] [--json]

Prints edges (triples) and events a CPU second. For Neo4j the CPU time is that of the server and of
this process together; the server is started from docker/neo4j-local unless WHYREC_NEO4J__URI,
WHYREC_NEO4J__PASSWORD and WHYREC_NEO4J__PID name one. The graph is made up, with the long tails of
real ones: N triples over 13 relation types and N events. The snapshot is built of all of them.
"""

import argparse
import asyncio
import json
import os
import resource
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from graph.domain import Entity, Interaction, Item, Triple
from graph.embedded_store import EmbeddedStore
from graph.neo4j_store import Neo4jStore
from graph.snapshot import Snapshot
from graph.store import GraphStore

START = Path(__file__).parents[2] / "docker" / "neo4j-local" / "start"
BATCH = 10_000
N_RELATIONS = 13


def made_up_graph(n_edges: int) -> tuple[list[Item], list[Entity], list[Triple], list[Interaction]]:
    """Items, entities, triples and events whose counts follow Zipf's law."""
    random = np.random.default_rng(7)
    n_items, n_entities, n_users = n_edges // 20, n_edges // 10, n_edges // 50
    items = [Item(f"item-{n}", f"Title of item {n}") for n in range(n_items)]
    entities = [Entity(f"entity-{n}", f"Kind{n % 13}", f"Name {n}") for n in range(n_entities)]
    heads = np.sort(random.integers(0, n_items, n_edges))
    tails = np.minimum(random.zipf(1.3, n_edges) - 1, random.integers(0, n_entities, n_edges))
    kinds = random.integers(0, N_RELATIONS, n_edges)
    triples = [
        Triple(f"item-{h}", f"RELATION_{r}", f"entity-{t}")
        for h, r, t in zip(heads.tolist(), kinds.tolist(), tails.tolist(), strict=True)
    ]
    users = np.sort(random.integers(0, n_users, n_edges))
    seen = np.minimum(random.zipf(1.2, n_edges) - 1, random.integers(0, n_items, n_edges))
    events = [
        Interaction(f"user-{u}", f"item-{i}", "rating", 4.0, float(n))
        for n, (u, i) in enumerate(zip(users.tolist(), seen.tolist(), strict=True))
    ]
    return items, entities, triples, events


class Clock:
    """CPU seconds of this process and, where there is one, of a server."""

    def __init__(self, server_pid: int | None) -> None:
        self._pid = server_pid

    def now(self) -> float:
        return time.process_time() + (self._server() if self._pid else 0.0)

    def _server(self) -> float:
        fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def load(store: GraphStore, clock: Clock, n_edges: int) -> dict[str, float]:
    """Load a graph of n triples and n events, export it, build the snapshot."""
    items, entities, triples, events = made_up_graph(n_edges)
    figures: dict[str, float] = {}

    async def timed(name: str, verb: str, records: Sequence[object]) -> None:
        begin, wall = clock.now(), time.perf_counter()
        for start in range(0, len(records), BATCH):
            await getattr(store, verb)(records[start : start + BATCH])
        spent = clock.now() - begin
        figures[f"{name}_per_cpu_s"] = round(len(records) / spent)
        figures[f"{name}_per_wall_s"] = round(len(records) / (time.perf_counter() - wall))

    await timed("items", "upsert_items", items)
    await timed("entities", "upsert_entities", entities)
    begin = clock.now()
    await timed("triples", "upsert_triples", triples)
    await timed("events", "add_events", events)
    figures["edges_per_cpu_s"] = round(2 * n_edges / (clock.now() - begin))
    await timed("triples_again", "upsert_triples", triples)
    del triples, events
    begin = clock.now()
    export = await store.export()
    figures["export_cpu_s"] = round(clock.now() - begin, 2)
    begin = clock.now()
    snapshot = Snapshot.of(export)
    figures["snapshot_cpu_s"] = round(clock.now() - begin, 2)
    figures |= snapshot_sizes(snapshot)
    return figures


def snapshot_sizes(snapshot: Snapshot) -> dict[str, float]:
    """Count the edges of a snapshot and the bytes of its arrays."""
    with tempfile.TemporaryDirectory() as parent:
        folder = snapshot.save(Path(parent))
        sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    names = ("items.", "entities.", "users.")
    nodes = sum(size for name, size in sizes.items() if name.startswith(names))
    return {
        "snapshot_edges": sum(r.forward.n_edges for r in snapshot.relations) + len(snapshot.events),
        "snapshot_edges_mb": round((sum(sizes.values()) - nodes) / 1e6, 1),
        "snapshot_nodes_mb": round(nodes / 1e6, 1),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


async def measure_embedded(n_edges: int, folder: Path) -> dict[str, float]:
    """Load into a new file."""
    store = EmbeddedStore(folder / "graph.db")
    await store.prepare()
    figures = await load(store, Clock(None), n_edges)
    await store.close()
    figures["file_mb"] = round((folder / "graph.db").stat().st_size / 1e6)
    return figures


async def measure_neo4j(n_edges: int, folder: Path) -> dict[str, float]:
    """Load into an empty server."""
    uri, process = os.environ.get("WHYREC_NEO4J__URI"), None
    password = os.environ.get("WHYREC_NEO4J__PASSWORD") or secrets.token_hex(8)
    if uri is None:
        uri, process = start_server(folder, password)
    pid = process.pid if process else int(os.environ["WHYREC_NEO4J__PID"])
    store = Neo4jStore(uri, os.environ.get("WHYREC_NEO4J__USER", "neo4j"), password)
    try:
        await store.prepare()
        return await load(store, Clock(pid), n_edges)
    finally:
        await store.close()
        if process:
            process.send_signal(signal.SIGTERM)
            process.wait()


def start_server(folder: Path, password: str) -> tuple[str, subprocess.Popen[str]]:
    """Start the server of docker/neo4j-local on a port of its own."""
    process = subprocess.Popen(
        [START, "7697", folder],
        env={**os.environ, "NEO4J_PASSWORD": password, "NEO4J_HEAP": "2g", "NEO4J_UNTIL_EOF": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("Neo4j is ready"):
            return "bolt://127.0.0.1:7697", process
    sys.exit("Neo4j did not start; see the messages above.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=("embedded", "neo4j"), action="append")
    parser.add_argument("--edges", type=int, default=1_000_000, help="triples, and as many events")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    measures = {"embedded": measure_embedded, "neo4j": measure_neo4j}
    answer = {}
    for name in arguments.store or ["embedded"]:
        with tempfile.TemporaryDirectory() as folder:
            answer[name] = asyncio.run(measures[name](arguments.edges, Path(folder)))
    if arguments.json:
        print(json.dumps(answer))
        return
    for name, figures in answer.items():
        print(f"{name}, {arguments.edges:,} triples and as many events")
        for label, figure in figures.items():
            print(f"  {label:<24}{figure:>14,}")


if __name__ == "__main__":
    main()
