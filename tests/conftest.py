"""The real Neo4j server of the test session, and empty stores on it."""

import os
import secrets
import socket
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path

import neo4j
import pytest

from graph.neo4j_store import Neo4jStore

START = Path(__file__).parents[1] / "docker" / "neo4j-local" / "start"
READY_S = 300
OPTIONS = {
    "NEO4J_HEAP": "768m",
    "NEO4J_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1",  # too short a life for the second compiler
    "NEO4J_UNTIL_EOF": "1",  # a test run that is killed leaves no server behind
}


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
