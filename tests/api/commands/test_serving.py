import os

import pytest
import uvicorn

from api.commands.serving import run_server


@pytest.fixture
def called(monkeypatch):
    """Arguments of the server, which is not started: tests/api/test_demo_server.py starts it."""
    seen = {}
    monkeypatch.setattr(uvicorn, "run", lambda app, **options: seen.update(app=app, **options))
    for name in ("HOST", "PORT", "WORKERS"):
        monkeypatch.setenv(f"WHYREC_SERVER__{name}", os.environ.get(f"WHYREC_SERVER__{name}", ""))
        monkeypatch.delenv(f"WHYREC_SERVER__{name}")
    return seen


def test_what_is_not_given_comes_from_the_settings(called, monkeypatch):
    monkeypatch.setenv("WHYREC_SERVER__PORT", "8123")
    run_server()
    assert (called["host"], called["port"], called["workers"]) == ("127.0.0.1", 8123, 1)


def test_what_is_given_reaches_the_workers_too(called):
    run_server(host="0.0.0.0", port=0, workers=3)
    assert (called["host"], called["port"], called["workers"]) == ("0.0.0.0", 0, 3)
    assert os.environ["WHYREC_SERVER__WORKERS"] == "3"


def test_a_worker_that_starts_slowly_is_left_alone(called):
    run_server(workers=2)
    assert called["timeout_worker_healthcheck"] >= 60


def test_a_port_that_cannot_be_is_refused(whyrec):
    assert whyrec("serve", "--port", 99_999).code == 2


def test_json_tells_where_it_serves_before_it_does(called, whyrec, home):
    answer = whyrec("serve", "--port", "0", "--json")
    told = answer.document
    assert told == {"url": f"http://127.0.0.1:{called['port']}", "workers": 1, "home": str(home)}
    assert called["port"] > 0
