"""The script ``run``: what it offers, and what it says when the machine lacks something."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = ("sh", "dirname", "cat", "cut", "id", "sha256sum")


def run(*arguments, root=ROOT, **options):
    return subprocess.run(
        [root / "run", *arguments], capture_output=True, text=True, check=False, **options
    )


@pytest.fixture
def bare(tmp_path):
    """A copy of the repository's set-up files, and a machine with next to nothing installed."""
    for name in ("run", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in NEEDED:
        (programs / name).symlink_to(shutil.which(name))
    return tmp_path, {"PATH": str(programs)}


def test_it_lists_what_there_is():
    listed = run()
    assert listed.returncode == 0
    for action in ("setup", "demo", "whyrec", "test", "check", "fix", "lock"):
        assert f"./run {action}" in listed.stdout


def test_what_is_not_there_is_refused():
    refused = run("tests")
    assert refused.returncode == 1
    assert "there is no 'tests'" in refused.stderr


def test_make_offers_the_same():
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    offered = set(re.findall(r"^\./run ([a-z]+)", run().stdout, re.MULTILINE))
    assert targets - {"help"} == offered - {"whyrec"}


def test_a_machine_without_python_is_told_which_line_mends_it(bare):
    root, environment = bare
    told = run("setup", root=root, env=environment)
    assert told.returncode == 1
    assert "missing: python3" in told.stderr
    assert "apt-get install -y --no-install-recommends python3 python3-venv" in told.stderr


def test_an_old_python_is_refused(bare):
    root, environment = bare
    old = root / "bin" / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    told = run("setup", root=root, env=environment)
    assert told.returncode == 1
    assert "Python 3.11 or newer is needed" in told.stderr


@pytest.fixture
def set_up(bare):
    """The same after its setup."""
    root, environment = bare
    (root / ".venv").mkdir()
    parts = [f"{root}\n".encode()]
    parts += [(root / n).read_bytes() for n in ("requirements.lock", "pyproject.toml", "run")]
    digest = subprocess.run(["sha256sum"], input=b"".join(parts), capture_output=True, check=True)
    (root / ".venv" / "whyrec-setup").write_text(digest.stdout.decode().split()[0] + "\n")
    return root, environment


def test_nothing_is_done_when_nothing_changed(set_up):
    root, environment = set_up
    assert run("setup", root=root, env=environment).returncode == 0


@pytest.mark.parametrize(
    ("there", "reason", "packages"),
    [
        ((), "missing: chromium", "chromium"),
        (("chromium", "fc-list"), "no font has Chinese characters", "fontconfig fonts-noto-cjk"),
    ],
)
def test_a_machine_without_browser_or_fonts_is_told_which_line_mends_it(
    set_up, there, reason, packages
):
    root, environment = set_up
    for name in there:
        program = root / "bin" / name
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    told = run("test", root=root, env=environment | {"WHYREC_NEO4J__URI": "bolt://127.0.0.1:1"})
    assert told.returncode == 1
    assert reason in told.stderr
    assert f"apt-get install -y --no-install-recommends {packages}" in told.stderr


def test_ci_runs_the_checks_and_the_tests():
    script = (ROOT / ".ci" / "run").read_text()
    assert "./run check\n" in script
    assert "./run test\n" in script
