"""Import direction: the contracts in pyproject.toml, as ``lint-imports`` reads them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_import_contract_is_kept():
    lint = Path(sys.executable).with_name("lint-imports")
    outcome = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_version_and_help_do_not_pay_for_the_heavy_libraries():
    code = (
        "import sys, api.cli; api.cli.application();"
        "print(sorted({'torch', 'transformers', 'fastapi', 'neo4j', 'scipy'} & set(sys.modules)))"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert outcome.stdout.strip() == "[]"
