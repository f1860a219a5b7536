"""``constraints.txt`` refuses the distributions that would take our names."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["llm", "gnn"])
def test_the_installer_refuses_a_foreign_distribution(tmp_path, name):
    wheel = tmp_path / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{name}/__init__.py", "")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    command = [
        *(sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "--find-links"),
        *(str(tmp_path), "--constraint", str(ROOT / "constraints.txt"), name),
    ]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    assert outcome.returncode != 0
    assert "constraint" in outcome.stdout + outcome.stderr or "No matching" in outcome.stderr
