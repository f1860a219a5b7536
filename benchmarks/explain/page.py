"""Writes the table of docs/explanations.md between its markers."""

import re
from collections.abc import Sequence
from pathlib import Path

from goals import COLUMNS, Row

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanations.md"
BEGIN, END = "<!-- results: explain -->", "<!-- end -->"


def write(rows: Sequence[Row], origin: str, page: Path = PAGE) -> None:
    """Replace the table.

    Parameters
    ----------
    rows : Sequence of Row
        The figures.
    origin : str
        When and on what they were measured.
    page : pathlib.Path
        Has the markers once.
    """
    text = page.read_text(encoding="utf-8")
    found = re.compile(re.escape(BEGIN) + r"\n.*?" + re.escape(END), re.DOTALL)
    block = f"{BEGIN}\n\n{table(rows)}\n\n{origin}\n\n{END}"
    text, n_found = found.subn(lambda _: block, text)
    if n_found != 1:
        raise SystemExit(f"{page.name} has {n_found} places for the table, not one.")
    page.write_text(text, encoding="utf-8")


def table(rows: Sequence[Row]) -> str:
    """Return figures as a table of a page."""
    lines = [COLUMNS, ("---",) * len(COLUMNS), *(row.cells for row in rows)]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
