"""How long explanations take over HTTP: a server process, 8 clients, the top 10 of 100 users.

Train the demo once (``./run demo --no-serve``), then run ``python benchmarks/explain/latency.py``
with ``WHYREC_HOME`` set to its home. Every client sends its next request when it has the answer to
the last one. Prints the milliseconds that clients wait, with all paths and with the shown ones
only; and the same for one client, which is what the server itself needs. Beside them stand the
milliseconds of CPU that a request costs the server and its client, which other programs on the
machine hardly change.

The clients share the cores with the server, so they do no more than they must: plain connections
that are kept, and bytes that are read to their end and not looked at.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from urllib.parse import urlencode

import httpx
import numpy as np
import psutil

N_USERS, N_CLIENTS, START_S = 100, 8, 180
Pair = dict[str, str]


@contextmanager
def server(workers: int) -> Iterator[tuple[str, psutil.Process]]:
    """Start a server of the home on a free port.

    Yields
    ------
    tuple of (str, psutil.Process)
        Its address and its process.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port)]
    process = subprocess.Popen([*command, "--workers", str(workers)], stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, address)
        yield address, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{address}/health/ready").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise SystemExit("The server did not start: is WHYREC_HOME the home of a trained demo?")


def pairs(address: str) -> list[Pair]:
    """Return the ten best items of a hundred users."""
    found = []
    with httpx.Client(base_url=address) as client:
        for number in range(1, N_USERS + 1):
            answer = client.get(f"/v1/users/{number}/recommendations", params={"k": 10})
            answer.raise_for_status()
            found += [
                {"user_id": str(number), "item_id": item["item_id"]}
                for item in answer.json()["items"]
            ]
    return found


def waits(address: str, asked: list[Pair], listed: str, n_clients: int) -> list[float]:
    """Return how many milliseconds each request took."""

    def one(part: tuple[Pair, ...]) -> list[float]:
        times = []
        connection = HTTPConnection(address.removeprefix("http://"))
        for pair in part:
            target = f"/v1/explanations?{urlencode(pair | {'listed': listed})}"
            start = time.perf_counter()
            connection.request("GET", target)
            answer = connection.getresponse()
            answer.read()
            times.append(1000 * (time.perf_counter() - start))
            if answer.status != HTTPStatus.OK:
                raise SystemExit(f"{target} was answered with {answer.status}.")
        connection.close()
        return times

    parts = dealt(asked, n_clients)
    with ThreadPoolExecutor(n_clients) as pool:
        return [one_time for times in pool.map(one, parts) for one_time in times]


def dealt(asked: list[Pair], n: int) -> list[tuple[Pair, ...]]:
    """Deal requests out to clients."""
    return [tuple(asked[first::n]) for first in range(n)]


def cpu_s(process: psutil.Process) -> float:
    """Return how many seconds of CPU a process and those that it started have used."""
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return float(sum(one.user + one.system for one in times))


def main() -> None:
    """Measure and print a table."""
    workers = int(os.environ.get("WORKERS", "1"))
    print(f"{workers} server process(es); milliseconds a client waits: p50, p90, p99;")
    print("and milliseconds of CPU a request: server, client")
    with server(workers) as (address, process):
        asked = pairs(address)
        waits(address, asked[:200], "all", N_CLIENTS)
        for n_clients in (1, N_CLIENTS):
            for listed in ("all", "shown"):
                before = cpu_s(process), time.process_time()
                times = waits(address, asked, listed, n_clients)
                used = cpu_s(process) - before[0], time.process_time() - before[1]
                marks = np.percentile(times, [50, 90, 99]).round(1).tolist()
                cpu = [round(1000 * seconds / len(times), 2) for seconds in used]
                print(f"{n_clients} client(s), {listed:5} paths", *marks, "| CPU", *cpu)


if __name__ == "__main__":
    main()
