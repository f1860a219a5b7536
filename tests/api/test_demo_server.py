import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from api.demo_server import Client, free_port, running_server
from graph.errors import UnavailableError


class Answers(BaseHTTPRequestHandler):
    """Answers with what it was asked for."""

    def respond(self, status, content, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        if self.path == "/missing":
            self.respond(404, b'{"detail": "no such thing"}', "application/problem+json")
        elif self.path == "/text":
            self.respond(200, b"plain", "text/plain")
        else:
            self.respond(200, f'{{"path": "{self.path}"}}'.encode(), "application/json")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.respond(201, body, "application/json")

    def do_DELETE(self):
        self.respond(204, b"", "application/json")

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def client():
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Client(server.server_address[1])
    server.shutdown()
    thread.join()
    server.server_close()


def test_json_and_text_come_back_as_they_are(client):
    assert client.call("GET", "/a", query={"b": "c d"}) == {"path": "/a?b=c+d"}
    assert client.call("GET", "/text") == "plain"
    assert client.call("POST", "/x", body={"id": 1}) == {"id": 1}
    assert client.call("DELETE", "/x") is None


def test_a_problem_is_an_error_that_shows_the_answer(client):
    with pytest.raises(UnavailableError, match=r"404.*no such thing"):
        client.call("GET", "/missing")


def test_nobody_listening_is_told():
    with pytest.raises(UnavailableError, match="got no answer"):
        Client(free_port()).call("GET", "/")


@pytest.mark.timeout(120)
def test_a_server_starts_on_an_empty_home_and_ends(tmp_path, monkeypatch):
    monkeypatch.delenv("WHYREC_NEO4J__URI", raising=False)
    home = tmp_path / "home"
    home.mkdir()
    with running_server(home) as client:
        assert client.call("GET", "/health/ready")["status"] == "ready"
        assert client.call("GET", "/v1/popular")["items"] == []
    with pytest.raises(UnavailableError):
        client.call("GET", "/health/live")


@pytest.mark.timeout(120)
def test_a_server_that_does_not_start_leads_to_its_log(tmp_path, monkeypatch):
    monkeypatch.setenv("WHYREC_SERVING__POLL_S", "never")
    with pytest.raises(UnavailableError) as told, running_server(tmp_path):
        pass
    assert "ended with code" in told.value.detail
    assert str(tmp_path / "demo-server.log") in told.value.fix
    assert "serving.poll_s" in (tmp_path / "demo-server.log").read_text()
