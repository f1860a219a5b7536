"""A server in a process of its own, and calls to it over loopback HTTP."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from graph.errors import UnavailableError

HOST = "127.0.0.1"
START_S = 120.0
ANSWER_S = 60.0


class Client:
    """Calls a server on this machine; every answer is JSON or text.

    Parameters
    ----------
    port : int
        Where it listens.
    """

    def __init__(self, port: int) -> None:
        self.port = port

    def call(
        self, method: str, path: str, *, body: Any = None, query: dict[str, Any] | None = None
    ) -> Any:
        """Send a request and return what was answered.

        Parameters
        ----------
        method, path : str
            As in ``POST /v1/events``.
        body : Any
            JSON to send; None for no body.
        query : dict[str, Any] or None
            Parameters of the address.

        Returns
        -------
        Any
            The parsed JSON, or the text where the answer is none; None for an empty answer.

        Raises
        ------
        UnavailableError
            If the server does not answer, or answers with a problem; says which.
        """
        address = f"{path}?{urlencode(query)}" if query else path
        connection = http.client.HTTPConnection(HOST, self.port, timeout=ANSWER_S)
        try:
            headers = {} if body is None else {"Content-Type": "application/json"}
            sent = None if body is None else json.dumps(body).encode()
            connection.request(method, address, body=sent, headers=headers)
            answer = connection.getresponse()
            content = answer.read()
        except OSError as error:
            raise UnavailableError(f"{method} {path} got no answer: {error}.") from error
        finally:
            connection.close()
        text = content.decode()
        if answer.status >= 400:
            raise UnavailableError(f"{method} {path} was answered with {answer.status}: {text}")
        if text and "json" in (answer.getheader("Content-Type") or ""):
            return json.loads(text)
        return text or None


@contextmanager
def running_server(home: Path, environment: Mapping[str, str] | None = None) -> Iterator[Client]:
    """Start ``whyrec serve`` on a free port, and stop it when the block ends.

    Parameters
    ----------
    home : pathlib.Path
        ``WHYREC_HOME`` of the server.
    environment : Mapping[str, str] or None
        Where the server's other settings are; None: those of this process.

    Yields
    ------
    Client
        Calls the server, which is ready.

    Raises
    ------
    UnavailableError
        If the server does not get ready; says where its log is.
    """
    port = free_port()
    log = home / "demo-server.log"
    command = [sys.executable, "-m", "api.cli", "serve", "--host", HOST, "--port", str(port)]
    told = {**(os.environ if environment is None else environment), "WHYREC_HOME": str(home)}
    with log.open("wb") as log_file:
        process = subprocess.Popen(  # noqa: S603 - fixed arguments
            command, stdout=log_file, stderr=subprocess.STDOUT, env=told
        )
        try:
            client = Client(port)
            _await_ready(client, process, log)
            yield client
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _await_ready(client: Client, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_S
    reason = "it took too long"
    while time.monotonic() < deadline:
        if process.poll() is not None:
            reason = f"it ended with code {process.returncode}"
            break
        try:
            client.call("GET", "/health/ready")
        except UnavailableError as error:
            reason = error.detail
            time.sleep(0.1)
        else:
            return
    raise UnavailableError(f"The server did not start: {reason}.", fix=f"Its log is {log}")
