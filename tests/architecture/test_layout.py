"""Where things are: packages, folders, names, and a test for every module."""

import re
import tomllib
from pathlib import Path

import pytest

from api.guard import PACKAGES

ROOT = Path(__file__).parents[2]
BESIDE = ("tests", "benchmarks", "docs", "docker", "examples")
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def modules() -> list[Path]:
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return sorted(path.relative_to(ROOT) for path in found)


def named_modules() -> list[Path]:
    return [path for path in modules() if path.name not in {"__init__.py", "__main__.py"}]


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
    import sys

    top = [path for path in modules() if len(path.parts) == 1]
    assert [path for path in top if path.stem in sys.stdlib_module_names] == []


@pytest.mark.parametrize("module", named_modules(), ids=str)
def test_every_module_has_a_test_file_of_its_name(module):
    package, stem = module.parts[0], module.stem
    pattern = re.compile(rf"test_{re.escape(stem)}(_[a-z0-9_]+)?\.py")
    folders = [ROOT / "tests" / package, ROOT / "tests" / "contracts"]
    files = [path.name for folder in folders for path in folder.rglob("test_*.py")]
    assert [name for name in files if pattern.fullmatch(name)], f"no test_{stem}.py for {module}"
