"""What may not be in the repository: addresses of registries, paths of a machine, huge files."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAX_BYTES = 1_000_000
# Written in pieces, so that this file does not find itself.
REGISTRY = re.compile(
    "|".join([
        r"files\.python" + r"hosted\.org",
        r"py" + r"pi\.org/simple",
        r"--(?:extra-)?index" + r"-url",
        r"repo1?\.maven" + r"(?:\.apache)?\.org",
        r"registry\.npm" + r"js\.org",
    ])
)
MACHINE_PATH = re.compile(r"(?<![\w.$}])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me/[a-z]+|tmp/[a-z]+-)/")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + r"Error")


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def hits(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in tracked():
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            continue
        name = path.relative_to(ROOT)
        found += [f"{name}:{n}" for n, line in enumerate(lines, 1) if pattern.search(line)]
    return found


def test_no_address_of_a_package_registry():
    # ./run lock names the option that keeps addresses out.
    assert [hit for hit in hits(REGISTRY) if not hit.startswith(("run:", "docs/decisions/"))] == []


def test_lock_files_name_no_address():
    locks = [path for path in tracked() if path.suffix == ".lock"]
    assert locks
    assert [path.name for path in locks if "://" in path.read_text()] == []


def test_no_path_of_somebodys_machine():
    assert hits(MACHINE_PATH) == []


def test_nothing_is_marked_as_unfinished():
    assert [hit for hit in hits(UNFINISHED) if ".py:" in hit] == []


def test_no_file_is_huge():
    assert [str(path) for path in tracked() if path.stat().st_size > MAX_BYTES] == []
