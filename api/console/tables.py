"""Small tables and lists of facts that a screen reader can walk through."""

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui

from api.console.tags import block, text

Cell = str | Callable[[], Any]


def facts(rows: Sequence[tuple[str, str]]) -> ui.element:
    """Add a list of names with their values.

    Parameters
    ----------
    rows : Sequence of (str, str)
        Name and value.

    Returns
    -------
    ui.element
        The list.
    """
    with block("dl", "facts") as drawn:
        for name, value in rows:
            with block("div"):
                text("dt", name, "quiet small")
                with block("dd"):
                    text("bdi", value)
    return drawn


def table(caption: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> ui.element:
    """Add a table; numbers stand to the right.

    Parameters
    ----------
    caption : str
        What the table shows; read out, not seen.
    header : Sequence of str
        Names of the columns; the first column names the rows.
    rows : Sequence of Sequence
        A text, or what draws the cell.

    Returns
    -------
    ui.element
        The table.
    """
    frame = block("div", "table-frame", tabindex="0", role="region", aria_label=caption)
    with frame, block("table", "plain-table"):
        text("caption", caption, "sr-only")
        with block("thead"), block("tr"):
            for place, name in enumerate(header):
                numbers = bool(rows) and all(_is_number(row[place]) for row in rows)
                with block("th", "number" if numbers else "", scope="col"):
                    text("span", name)
        with block("tbody"):
            for row in rows:
                _row(row)
    return frame


def _row(cells: Sequence[Cell]) -> None:
    with block("tr"):
        for place, cell in enumerate(cells):
            css = "number" if _is_number(cell) else ""
            with block("td" if place else "th", css, scope=None if place else "row"):
                if isinstance(cell, str):
                    text("bdi", cell)
                else:
                    cell()


def _is_number(cell: Cell) -> bool:
    """Tell whether a cell is a figure, or empty where a figure would stand."""
    if not isinstance(cell, str):
        return False
    return not cell or cell.lstrip("+-−").replace(",", "").replace(".", "", 1).isdigit()
