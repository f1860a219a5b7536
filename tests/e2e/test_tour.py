"""The tour of the README, command by command, against the demo."""

import re
import subprocess
from pathlib import Path

import pytest

from api.demo_server import running_server

ROOT = Path(__file__).parents[2]
ADDRESS = "http://127.0.0.1:8000"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]


def tour():
    text = (ROOT / "README.md").read_text()
    section = text.split("## A five-minute tour")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```\n(?:\n```text\n(.*?)```)?", section, re.DOTALL)


@pytest.fixture(scope="module")
def server(trained_home, no_settings):
    with running_server(trained_home, no_settings) as client:
        yield client


@pytest.fixture(scope="module")
def played(server, trained_home, no_settings, tmp_path_factory):
    """What every block of the tour printed; the demo's folder is where the tour expects it."""
    user_home = tmp_path_factory.mktemp("user")
    folder = user_home / ".local" / "share" / "whyrec"
    folder.mkdir(parents=True)
    (folder / "demo").symlink_to(trained_home)
    environment = no_settings | {"HOME": str(user_home)}
    printed, before = [], ""
    for commands, _ in tour():
        script = f"set -eu\n{before}\n{commands}".replace(
            ADDRESS, f"http://127.0.0.1:{server.port}"
        )
        before += "".join(line for line in commands.splitlines(True) if line.startswith("export "))
        outcome = subprocess.run(
            ["/bin/bash", "-c", script],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        printed.append((commands, outcome))
    return printed


def test_every_command_of_the_tour_works(played):
    assert len(played) >= 6
    failed = [(commands, o.stderr) for commands, o in played if o.returncode != 0]
    assert failed == []


def test_every_block_that_promises_an_output_has_one(played):
    """Figures and films differ a little between machines; the words around them do not."""
    words = re.compile(r"\b(?:title|score|paths|popularity|accepted|linked|neighbours|language)\b")
    for (commands, outcome), (_, promised) in zip(played, tour(), strict=True):
        assert set(words.findall(promised)) <= set(words.findall(outcome.stdout)), commands


def test_a_new_film_is_explained_and_forgotten(played, server):
    explained = next(o.stdout for commands, o in played if "--item new-1" in commands)
    assert explained.startswith("The Unseen Film (new-1) for user 312")
    assert "new-1" not in str(server.call("GET", "/v1/latest"))
