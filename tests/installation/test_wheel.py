"""The wheel: built, installed apart from the repository, and started from another folder."""

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from api.guard import PACKAGES

ROOT = Path(__file__).parents[2]
LIBRARIES = Path(sysconfig.get_paths()["purelib"])


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory):
    """A clean environment with the wheel; the libraries are seen in this one, Whyrec is not."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps"]
    subprocess.run([*command, "--quiet", str(wheel)], check=True, capture_output=True)
    own = next(folder.glob("lib/*/site-packages"))
    shared = folder / "shared"
    shared.mkdir()
    for entry in LIBRARIES.iterdir():
        if "whyrec" not in entry.name and entry.suffix != ".pth":
            (shared / entry.name).symlink_to(entry)
    (own / "shared.pth").write_text(f"{shared}\n")
    return folder / "bin"


def run(installed, tmp_path, *command):
    environment = {"WHYREC_HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        [installed / command[0], *command[1:]],
        cwd=tmp_path,
        env=environment | {"WHYREC_TRAINING__ENCODER": "none"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_holds_the_five_packages_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    top = {name.split("/")[0] for name in names}
    assert {name for name in top if not name.startswith("whyrec-")} == set(PACKAGES)
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_command_starts_from_another_folder(installed, tmp_path):
    answer = run(installed, tmp_path, "whyrec", "version")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("whyrec ")


def test_the_packages_are_those_of_the_wheel(installed, tmp_path):
    code = "import api, graph, llm; print(api.__file__, graph.__file__, llm.__file__)"
    answer = run(installed, tmp_path, "python", "-c", code)
    assert answer.returncode == 0, answer.stderr
    assert all(str(installed.parent) in path for path in answer.stdout.split())


@pytest.mark.timeout(120)
def test_the_installation_is_healthy(installed, tmp_path):
    answer = run(installed, tmp_path, "whyrec", "doctor", "--json")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    names = next(c for c in json.loads(answer.stdout)["checks"] if c["name"] == "names")
    assert names["status"] == "ok"


@pytest.mark.timeout(120)
def test_the_server_can_be_made_from_another_folder(installed, tmp_path):
    code = "import api.app; print(len(api.app.create_app().openapi()['paths']))"
    answer = run(installed, tmp_path, "python", "-c", code)
    assert answer.returncode == 0, answer.stderr
    assert int(answer.stdout) >= 20


def test_the_demo_finds_the_list_of_its_data(installed, tmp_path):
    code = "import api.demo; print(api.demo._requirements())"
    answer = run(installed, tmp_path, "python", "-c", code)
    assert answer.stdout.strip() == str(
        installed.parent / "share" / "whyrec" / "requirements-demo.lock"
    )
