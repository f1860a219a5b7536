"""What the console costs a browser: the figures that the browser tests note."""

import argparse
import re
import subprocess
import sys
from pathlib import Path

from goals import Row

ROOT = Path(__file__).resolve().parents[2]
TESTS = ("tests/browser/test_asking.py", "-k", "first_load or answered_at_once")
_NOTED = re.compile(r'^console: "(?P<name>[^"]+)" (?P<figure>[0-9.]+) (?P<unit>\S+)$', re.MULTILINE)
_GOALS = {"kB": 1500.0, "ms": 300.0}


def rows(options: argparse.Namespace) -> list[Row]:  # noqa: ARG001 - the same for all parts
    """Run the two browser tests that note figures; they need Chromium and a trained demo."""
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", *TESTS]
    print(" ".join(command), file=sys.stderr, flush=True)
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = noted(outcome.stdout + outcome.stderr)
    if outcome.returncode or not found:
        raise SystemExit(f"The browser tests noted nothing:\n{outcome.stdout[-2000:]}")
    return found


def noted(text: str) -> list[Row]:
    """Read the figures that tests wrote to the terminal."""
    return [
        Row(
            f"console: {one['name']}",
            float(one["figure"]),
            _GOALS.get(one["unit"]),
            "most",
            f" {one['unit']}",
        )
        for one in _NOTED.finditer(text)
    ]
