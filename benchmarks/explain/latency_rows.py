"""How long a client waits for an explanation from a server of the held-out graph, as rows."""

import argparse
import os

import held_out
import latency
import numpy as np
from goals import Row

WORKERS = 2
_ELSEWHERE = "GNNExplainer: seconds"


def rows(options: argparse.Namespace) -> list[Row]:
    """Ask a server with a process for each core for the explanations of everybody's top 10."""
    settings = held_out.prepared(options.cache, options.users)
    os.environ["WHYREC_HOME"] = str(settings.home)
    with latency.server(WORKERS) as (address, _):
        asked = latency.pairs(address)
        latency.waits(address, asked[:200], "all", latency.N_CLIENTS)
        return [_row(address, asked, listed) for listed in ("shown", "all")]


def _row(address: str, asked: list[latency.Pair], listed: str) -> Row:
    times = latency.waits(address, asked, listed, latency.N_CLIENTS)
    p50, p99 = np.percentile(times, [50, 99]).tolist()
    load = os.getloadavg()[0]
    return Row(
        f"explain latency, {latency.N_CLIENTS} clients, {listed} paths: p99",
        p99,
        50.0,
        "most",
        " ms",
        _ELSEWHERE,
        f"p50 {p50:.1f} ms, {len(times):,} requests, {WORKERS} processes, load {load:.1f}",
    )
