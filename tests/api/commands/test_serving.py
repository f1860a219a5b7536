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


def test_a_port_that_cannot_be_is_refused(whyrec):
    assert whyrec("serve", "--port", 99_999).code == 2
