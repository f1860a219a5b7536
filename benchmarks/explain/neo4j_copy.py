"""Looks the edges that part ``quality`` showed up in a real Neo4j with the demo's graph."""

import argparse
import asyncio
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import held_out
from goals import Row
from held_out import PACKAGES
from quality import SHOWN_EDGES

from api import demo
from api.explanation_quality import stored_edges
from api.setting_groups import Neo4jSettings
from api.settings import Settings
from api.wiring import build
from ranking.evaluation.explained import EdgeKey

ROOT = Path(__file__).resolve().parents[2]
START = ROOT / "docker" / "neo4j-local" / "start"


def rows(options: argparse.Namespace) -> list[Row]:
    """Load the graph into a server of our own, and look every edge up."""
    kept = options.cache / SHOWN_EDGES
    if not kept.exists():
        raise SystemExit(f"There is no {kept}: run the part quality first.")
    edges = [tuple(edge) for edge in json.loads(kept.read_text(encoding="utf-8"))]
    settings = held_out.prepared(options.cache, options.users)
    missing = missing_in_neo4j(settings, options.cache, edges)
    note = f"{len(edges):,} different edges" + (f"; not there: {missing[0]}" if missing else "")
    value = 1.0 - len(missing) / len(edges)
    return [
        Row("validity, asked from a real Neo4j", value, 1.0, elsewhere="PEARLM 1.00", note=note)
    ]


def missing_in_neo4j(settings: Settings, folder: Path, edges: Sequence[EdgeKey]) -> list[EdgeKey]:
    """Load the films into a server of our own, let it hold the learned edges, and look up edges.

    Parameters
    ----------
    settings : Settings
        Of the home whose active model is taken.
    folder : pathlib.Path
        Where the packages of the demo are; the data of the server is kept here until the end.
    edges : Sequence of EdgeKey
        What was shown.

    Returns
    -------
    list of EdgeKey
        Those that the server does not have.
    """
    home = folder / "neo4j"
    shutil.rmtree(home, ignore_errors=True)
    with _server(home / "data") as (uri, password):
        neo4j = Neo4jSettings(uri=uri, user="neo4j", password=password, query_timeout_s=600.0)
        served = settings.model_copy(update={"home": home, "neo4j": neo4j})
        shutil.copytree(settings.models_folder, served.models_folder)
        found = asyncio.run(_looked_up(served, folder / PACKAGES, edges))
    shutil.rmtree(home)
    return [edge for edge, there in found.items() if not there]


async def _looked_up(
    settings: Settings, packages: Path, edges: Sequence[EdgeKey]
) -> dict[EdgeKey, bool]:
    services = await build(settings, serving=False)
    try:
        await services.load_catalog(packages, format=demo.FORMAT, preset=demo.PRESET)
        # Serving a model lets the store hold its learned edges.
        await services.activate(str(services.models()["active"]))
        return await stored_edges(services.store, edges)
    finally:
        await services.close()


@contextmanager
def _server(data: Path) -> Iterator[tuple[str, str]]:
    """Run a server; yield its address and the password."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    password = secrets.token_hex(8)
    process = subprocess.Popen(
        [START, str(port), str(data.resolve())],
        env={**os.environ, "NEO4J_PASSWORD": password, "NEO4J_UNTIL_EOF": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if "Neo4j is ready" in line:
                break
        else:
            raise SystemExit(f"Neo4j did not start: {START} says why.")
        print("Neo4j is ready; loading the films into it ...", file=sys.stderr, flush=True)
        yield f"bolt://127.0.0.1:{port}", password
    finally:
        process.terminate()
        process.communicate()
