import subprocess
import sys

from fastapi.testclient import TestClient

from api.app import create_app


def test_nothing_of_the_console_is_imported_before_an_application_serves_it():
    code = "import sys, api.app, api.cli; sys.exit('nicegui' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


async def test_two_applications_of_one_process_each_show_their_own_data(open_console, tmp_path):
    async with open_console() as user:
        await user.open("/")
        await user.should_see("Tokyo Story")
    async with open_console(folder=tmp_path / "empty") as user:
        await user.open("/")
        await user.should_not_see("Tokyo Story")


def test_other_addresses_keep_their_answers(home, settings_at):
    with TestClient(create_app(settings_at(home, console={"enabled": True}))) as client:
        assert client.get("/").headers["content-type"].startswith("text/html")
        assert client.get("/nothing").json()["type"] == "/problems/not-found"
        assert client.put("/v1/events").status_code == 405
        paths = client.get("/openapi.json").json()["paths"]
        assert [
            p for p in paths if not p.startswith(("/v1", "/health", "/metrics", "/problems"))
        ] == []


def test_without_the_console_nothing_is_at_the_root(home, settings_at):
    with TestClient(create_app(settings_at(home, console={"enabled": False}))) as client:
        assert client.get("/").status_code == 404


def test_several_workers_say_that_the_console_needs_one(home, settings_at):
    settings = settings_at(home, console={"enabled": True}, server={"workers": 2})
    with TestClient(create_app(settings)) as client:
        problem = client.get("/").json()
        assert "single worker" in problem["detail"]
        assert "--workers 1" in problem["fix"]
