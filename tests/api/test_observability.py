"""Request ids, limits of bodies, logs and metrics."""

import json
import logging

import pytest
import structlog
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from api.deps import note_stage
from api.observability import Metrics, RequestMiddleware, configure_logging
from api.problems import install


@pytest.fixture
def metrics():
    return Metrics()


@pytest.fixture
def client(metrics):
    app = FastAPI()
    install(app)
    app.add_middleware(
        RequestMiddleware,
        metrics=metrics,
        body_bytes=2000,
        upload_bytes=4000,
        uploads=("/upload",),
    )

    @app.post("/small")
    @app.post("/upload")
    async def take(request: Request):
        return {"n": len(await request.body())}

    @app.get("/things/{name}")
    async def thing(request: Request, name: str):
        note_stage(request, "think", request.state.received)
        return {}

    return TestClient(app)


@pytest.fixture
def logs():
    root = logging.getLogger()
    before = root.handlers, root.level
    yield
    structlog.reset_defaults()
    root.handlers, root.level = before


def test_a_harmless_request_id_is_kept_and_any_other_replaced(client):
    kept = client.get("/things/a", headers={"X-Request-ID": "abc-1.2_3"})
    assert kept.headers["x-request-id"] == "abc-1.2_3"
    for wrong in ("a b", "x" * 65, "<script>"):
        made = client.get("/things/a", headers={"X-Request-ID": wrong})
        assert made.headers["x-request-id"] != wrong
        assert len(made.headers["x-request-id"]) == 16


@pytest.mark.parametrize(("path", "limit"), [("/small", 2000), ("/upload", 4000)])
def test_a_body_may_be_as_long_as_the_limit_and_no_longer(client, path, limit):
    assert client.post(path, content=b"x" * limit).json() == {"n": limit}
    answer = client.post(path, content=b"x" * (limit + 1))
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/too-large"
    assert str(limit) in answer.json()["detail"]


def test_a_body_that_does_not_say_its_length_is_cut_off_too(client):
    def chunks():
        for _ in range(30):
            yield b"x" * 100

    answer = client.post("/small", content=chunks())
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/too-large"


def test_requests_are_counted_by_route_template(client, metrics):
    client.get("/things/a")
    client.get("/things/b")
    client.get("/nowhere")
    name = "whyrec_http_request_seconds_count"
    seen = {"method": "GET", "route": "/things/{name}", "status": "200"}
    assert metrics.registry.get_sample_value(name, seen) == 2
    lost = {"method": "GET", "route": "(none)", "status": "404"}
    assert metrics.registry.get_sample_value(name, lost) == 1


def test_every_request_logs_one_line_with_its_id_and_stages(client, capsys, logs):
    configure_logging(level="info")
    client.get("/things/secret-id", headers={"X-Request-ID": "abc"})
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = [json.loads(line) for line in captured.err.splitlines()]
    (line,) = [line for line in lines if line["event"] == "request.answered"]
    assert (line["request_id"], line["route"], line["status"]) == ("abc", "/things/{name}", 200)
    assert line["total_ms"] >= line["think_ms"] >= 0
    ours = [line for line in lines if not line.get("logger", "").startswith("httpx")]
    assert "secret-id" not in str(ours)


def test_logs_of_libraries_have_the_same_form(capsys, logs):
    configure_logging(level="info")
    logging.getLogger("uvicorn.error").warning("port %d is taken", 80)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["level"]) == ("port 80 is taken", "warning")


def test_the_level_holds(capsys, logs):
    configure_logging(level="error")
    structlog.get_logger("x").warning("thing.happened")
    logging.getLogger("x").warning("thing happened")
    assert capsys.readouterr().err == ""
