"""Files and functions fit a screen or two."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.guard import PACKAGES

ROOT = Path(__file__).parents[2]
MAX_FILE_LINES = 350
MAX_FUNCTION_LINES = 50
MAX_MEDIAN_LINES = 15
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and length of every function, its docstring not counted."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            end = node.end_lineno or node.lineno
            first = node.body[0]
            is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            docstring = (first.end_lineno or 0) - first.lineno + 1 if is_docstring else 0
            yield node.name, end - node.lineno + 1 - docstring


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_and_its_functions_are_short_enough(path):
    assert len(path.read_text().splitlines()) <= MAX_FILE_LINES
    long = {name: lines for name, lines in functions(path) if lines > MAX_FUNCTION_LINES}
    assert long == {}


def test_most_functions_are_a_few_lines():
    lengths = [lines for path in FILES for _, lines in functions(path)]
    assert statistics.median(lengths) <= MAX_MEDIAN_LINES
