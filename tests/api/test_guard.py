import subprocess
import sys
from pathlib import Path

import pytest

from api.guard import PACKAGES, check_folders, check_owners, foreign_owners

ROOT = Path(__file__).parents[2]


def test_our_own_packages_pass():
    check_folders()
    check_owners()


def test_other_owners_are_named():
    assert foreign_owners({"llm": ["llm"], "graph": ["whyrec"], "os": ["x"]}) == {"llm": ["llm"]}


def test_our_own_distribution_is_no_stranger_however_it_is_spelled():
    assert foreign_owners({name: ["Whyrec"] for name in PACKAGES}) == {}


def run_python(code: str, *, path: list[Path], cwd: Path) -> subprocess.CompletedProcess[str]:
    lines = f"import sys; sys.path[:0] = {[str(entry) for entry in path]!r}; {code}"
    return subprocess.run(
        [sys.executable, "-c", lines], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", ["llm", "gnn", "graph", "ranking"])
def test_a_foreign_package_that_wins_is_refused_before_anything_is_imported(tmp_path, name):
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("raise SystemExit('the foreign one ran')\n")
    outcome = run_python("import api", path=[tmp_path, ROOT], cwd=tmp_path)
    assert outcome.returncode == 1
    assert "ForeignPackageError" in outcome.stderr
    assert repr(name) in outcome.stderr
    assert "the foreign one ran" not in outcome.stderr


def test_a_missing_package_is_refused(tmp_path):
    (tmp_path / "api").mkdir()
    for file in ("__init__.py", "guard.py"):
        (tmp_path / "api" / file).write_text((ROOT / "api" / file).read_text())
    code = f"sys.path[:] = [p for p in sys.path if p not in ('', {str(ROOT)!r})]; import api"
    outcome = run_python(code, path=[tmp_path], cwd=tmp_path)
    assert outcome.returncode == 1
    assert "ForeignPackageError" in outcome.stderr


def test_a_distribution_that_wrote_into_our_package_is_refused(tmp_path):
    """An installed wheel leaves a RECORD; that is what tells whose files these are."""
    info = tmp_path / "llm-0.36.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: llm\nVersion: 0.36\n")
    (info / "RECORD").write_text("llm/__init__.py,,\nllm-0.36.dist-info/METADATA,,\n")
    code = "import api.guard; api.guard.check_owners()"
    outcome = run_python(code, path=[ROOT, tmp_path], cwd=tmp_path)
    assert outcome.returncode == 1
    assert "'llm': llm" in outcome.stderr


def test_the_guard_needs_nothing_but_the_standard_library():
    code = "import api, api.guard; print(sorted(m for m in sys.modules if m in ('numpy', 'graph')))"
    outcome = run_python(code, path=[ROOT], cwd=ROOT)
    assert outcome.stdout.strip() == "[]"
