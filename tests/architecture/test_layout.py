"""Where things are: packages, folders, names, and a test for every module."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from api.guard import PACKAGES

ROOT = Path(__file__).parents[2]
BESIDE = ("tests", "benchmarks", "docs", "docker", "examples")
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
# What these modules do is the contract of the stores; it is tested there, on both.
CONTRACTS = {"graph/embedded_": "test_store_contract.py", "graph/neo4j_": "test_store_contract.py"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def modules() -> list[Path]:
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return sorted(path.relative_to(ROOT) for path in found)


def does_something(path: Path) -> bool:
    """Tell whether a module has a function with more than a docstring."""
    functions = (
        node
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return any(
        len(function.body) > 1 or not isinstance(function.body[0], ast.Expr)
        for function in functions
    )


def named_modules() -> list[Path]:
    return [path for path in modules() if path.name != "__init__.py" and does_something(path)]


def test_packages_are_the_same_for_build_linter_types_and_guard():
    tool = PROJECT["tool"]
    expected = sorted(PACKAGES)
    assert sorted(tool["hatch"]["build"]["targets"]["wheel"]["packages"]) == expected
    assert sorted(tool["importlinter"]["root_packages"]) == expected
    assert sorted(tool["mypy"]["packages"]) == expected
    assert sorted(path.parent.name for path in ROOT.glob("*/__init__.py")) == expected


def test_every_folder_of_a_package_is_a_package():
    missing = {
        path.parent for path in modules() if not (ROOT / path.parent / "__init__.py").exists()
    }
    assert missing == set()


@pytest.mark.parametrize("folder", BESIDE)
def test_folders_beside_the_packages_are_not_importable(folder):
    assert list((ROOT / folder).rglob("__init__.py")) == []


def test_the_distribution_and_the_command_are_called_whyrec():
    assert PROJECT["project"]["name"] == "whyrec"
    assert PROJECT["project"]["scripts"] == {"whyrec": "api.cli:main"}


def test_no_module_has_a_name_that_says_nothing():
    assert [str(path) for path in modules() if path.stem in FORBIDDEN_NAMES] == []


def test_no_module_shadows_the_standard_library():
    top = [path for path in modules() if len(path.parts) == 1]
    assert [path for path in top if path.stem in sys.stdlib_module_names] == []


@pytest.mark.parametrize("module", named_modules(), ids=str)
def test_every_module_has_a_test_file_of_its_name(module):
    contract = next((c for start, c in CONTRACTS.items() if str(module).startswith(start)), None)
    if contract:
        assert (ROOT / "tests" / "contracts" / contract).exists()
        return
    package, stem = module.parts[0], module.stem
    pattern = re.compile(rf"test_{re.escape(stem)}(_[a-z0-9_]+)?\.py")
    folders = [ROOT / "tests" / package, ROOT / "tests" / "contracts"]
    files = [path.name for folder in folders for path in folder.rglob("test_*.py")]
    assert [name for name in files if pattern.fullmatch(name)], f"no test_{stem}.py for {module}"
