"""Draws an explanation as SVG: reads the answer of ``whyrec explain --json``, writes the picture.

./run whyrec explain --user 1 --item 50 --json | .venv/bin/python docs/pictures/make.py > why.svg
"""

import json
import sys
from dataclasses import dataclass
from html import escape
from typing import Any

WIDTH, TOP, ROW, BOX_HEIGHT = 1080, 84, 70, 46
COLUMNS = {"start": (32, 118), "item": (262, 208), "entity": (566, 178), "target": (868, 180)}
FILL = {
    "start": ("#fdf1dc", "#b7791f"),
    "item": ("#e4eefb", "#2b6cb0"),
    "entity": ("#e6f4ea", "#2f855a"),
    "target": ("#2b6cb0", "#1a4a80"),
}
PER_KIND = {"request": 2, "attribute": 2, "collaborative": 2, "learned": 1}
EDGE = {
    "SIMILAR_TO": "#2b6cb0",
    "INTERACTED": "#b7791f",
    "ASKS_FOR": "#b7791f",
    "CLOSE_TO": "#805ad5",
}
LABELS = {
    "INTERACTED": "liked",
    "SIMILAR_TO": "similar to",
    "ASKS_FOR": "",
    "CLOSE_TO": "close to",
}
BARS = {
    "request": "#b7791f",
    "attribute": "#2f855a",
    "collaborative": "#2b6cb0",
    "learned": "#805ad5",
}
PARTS = {
    "request": "the request",
    "attribute": "attributes",
    "collaborative": "similar items",
    "learned": "graph network",
    "people_like_you": "people like you",
}
FONT = "font-family='Inter, Segoe UI, Helvetica, Arial, sans-serif'"


@dataclass(frozen=True)
class Box:
    """A node of the picture, by its left edge and its middle."""

    column: str
    lines: list[str]
    middle: float

    @property
    def left(self) -> float:
        """Left edge."""
        return COLUMNS[self.column][0]

    @property
    def right(self) -> float:
        """Right edge."""
        return sum(COLUMNS[self.column])

    def svg(self) -> str:
        """Draw the box."""
        fill, stroke = FILL[self.column]
        colour = "#ffffff" if self.column == "target" else "#1a202c"
        top = self.middle - BOX_HEIGHT / 2
        width = COLUMNS[self.column][1]
        first = self.middle + 5 - 8 * (len(self.lines) - 1)
        text = "".join(
            f"<text x='{self.left + width / 2}' y='{first + 16 * n}' text-anchor='middle' "
            f"font-size='13' fill='{colour}'>{escape(line)}</text>"
            for n, line in enumerate(self.lines)
        )
        return (
            f"<rect x='{self.left}' y='{top}' width='{width}' height='{BOX_HEIGHT}' rx='10' "
            f"fill='{fill}' stroke='{stroke}' stroke-width='1.5'/>{text}"
        )


def wrapped(text: str, width: int) -> list[str]:
    """Break a name into at most two lines."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        lines = [lines[0], lines[1][: width - 1] + "…"]
    return lines


def edge(start: Box, end: Box, label: str, width: float, colour: str) -> str:
    """Draw a curve between two boxes with its label in the middle."""
    x1, x2, bend = start.right, end.left, (end.left - start.right) / 2
    curve = f"M{x1},{start.middle} C{x1 + bend},{start.middle} {x2 - bend},{end.middle}"
    skips = start.column == "item" and end.column == "target"
    middle_x = x1 + 14 if skips else (x1 + x2) / 2
    middle_y = (
        start.middle + (16 if colour == EDGE["CLOSE_TO"] else -7)
        if skips
        else (start.middle + end.middle) / 2 - 6
    )
    anchor = "start" if skips else "middle"
    text = (
        f"<text x='{middle_x}' y='{middle_y}' text-anchor='{anchor}' font-size='11' "
        f"fill='#4a5568' paint-order='stroke' stroke='#ffffff' stroke-width='4'>{escape(label)}"
        "</text>"
        if label
        else ""
    )
    return (
        f"<path d='{curve} {x2},{end.middle}' fill='none' stroke='{colour}' "
        f"stroke-width='{width:.1f}' stroke-opacity='0.75'/>{text}"
    )


def strongest(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Choose the strongest paths of every kind."""
    found = []
    for kind, n_most in PER_KIND.items():
        of_kind = [path for path in answer["paths"] if path["kind"] == kind and path["value"] > 0]
        found += sorted(of_kind, key=lambda path: -path["value"])[:n_most]
    return found


def column_of(node: dict[str, Any], target: str) -> str:
    """Name the column of a node."""
    if node["kind"] in {"User", "Request"}:
        return "start"
    if node["kind"] == "Item":
        return "target" if node["id"] == target else "item"
    return "entity"


def name_of(node: dict[str, Any]) -> str:
    """Name a node as people call it."""
    return {"User": f"User {node['id']}", "Request": "The request"}.get(node["kind"], node["name"])


def boxes_of(answer: dict[str, Any], paths: list[dict[str, Any]]) -> dict[tuple[str, str], Box]:
    """Place every node of the paths once."""
    columns: dict[str, dict[tuple[str, str], str]] = {name: {} for name in COLUMNS}
    for path in paths:
        for node in path["nodes"]:
            column = column_of(node, answer["item_id"])
            columns[column][node["kind"], node["id"]] = name_of(node)
    near = {
        (path["nodes"][1]["kind"], path["nodes"][1]["id"])
        for path in paths
        if len(path["nodes"]) == 4
    }
    n_top = max(len(columns["entity"]), len(near))
    far = [key for key in columns["item"] if key not in near]
    rows = {key: float(n) for n, key in enumerate(key for key in columns["item"] if key in near)}
    rows |= {key: float(n_top + n) for n, key in enumerate(far)}
    rows |= {key: float(n) for n, key in enumerate(columns["entity"])}
    n_rows = n_top + len(far)
    for column in ("start", "target"):
        step = n_rows / max(1, len(columns[column]))
        rows |= {key: step * (n + 0.5) - 0.5 for n, key in enumerate(columns[column])}
    return {
        key: Box(column, wrapped(name, COLUMNS[column][1] // 8), TOP + ROW * (rows[key] + 0.5))
        for column, names in columns.items()
        for key, name in names.items()
    }


def curves_of(paths: list[dict[str, Any]], boxes: dict[tuple[str, str], Box]) -> list[str]:
    """Draw every edge once, as thick as what runs over it."""
    carried: dict[tuple[tuple[str, str], str, tuple[str, str]], float] = {}
    for path in paths:
        keys = [(node["kind"], node["id"]) for node in path["nodes"]]
        for here, step, there in zip(keys, path["edges"], keys[1:], strict=False):
            edge_key = (here, step["type"], there)
            carried[edge_key] = carried.get(edge_key, 0.0) + path["value"]
    most = max(carried.values(), default=1.0)
    drawn = []
    for (here, kind, there), value in carried.items():
        label = LABELS.get(kind, kind.replace("_", " ").lower())
        if boxes[there].column == "target":
            label = f"{label} {value:+.3f}"
        width = 1.2 + 4.8 * value / most
        drawn.append(edge(boxes[here], boxes[there], label, width, EDGE.get(kind, "#2f855a")))
    return drawn


def drawing(answer: dict[str, Any]) -> str:
    """Draw the strongest paths of each kind from left to right, and the parts of the score."""
    paths = strongest(answer)
    boxes = boxes_of(answer, paths)
    bottom = max(box.middle for box in boxes.values()) + ROW / 2
    height = bottom + 96
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {height}' {FONT} role='img' "
        f"aria-label='{escape(answer['text'], quote=True)}'>"
        f"<rect width='{WIDTH}' height='{height}' rx='14' fill='#ffffff' stroke='#e2e8f0'/>"
        f"<text x='32' y='42' font-size='20' font-weight='600' fill='#1a202c'>"
        f"Why {escape(answer['title'])}?</text>"
        f"<text x='32' y='66' font-size='13' fill='#4a5568'>The strongest of "
        f"{len(answer['paths']):,} paths, by kind, with what each adds to the score."
        f"</text>{''.join(curves_of(paths, boxes))}"
        f"{''.join(box.svg() for box in boxes.values())}{parts(answer, bottom + 18)}</svg>\n"
    )


def parts(answer: dict[str, Any], top: float) -> str:
    """Draw the score as one bar: the paths by kind, and the named parts."""
    sums = dict.fromkeys(PER_KIND, 0.0)
    for path in answer["paths"]:
        sums[path["kind"]] = sums.get(path["kind"], 0.0) + path["value"]
    named = {name: value for name, value in answer["parts"].items() if name != "paths"}
    shown = {name: value for name, value in {**sums, **named}.items() if abs(value) > 5e-4}
    total = sum(abs(value) for value in shown.values()) or 1.0
    x, drawn = 32.0, []
    for name, value in shown.items():
        width, colour = (WIDTH - 64) * abs(value) / total, BARS.get(name, "#718096")
        drawn.append(
            f"<rect x='{x:.1f}' y='{top}' width='{width:.1f}' height='16' fill='{colour}'/>"
        )
        x += width
    told = "".join(
        f" {'+' if value >= 0 else '−'} {abs(value):.3f} "
        f"<tspan fill='{BARS.get(name, '#718096')}' font-weight='600'>{PARTS.get(name, name)}"
        "</tspan>"
        for name, value in shown.items()
    )
    drawn.append(
        f"<text x='32' y='{top + 40}' font-size='13' fill='#1a202c'>score {answer['score']:.3f} ="
        f"{told.removeprefix(' +')}</text>"
    )
    return "".join(drawn)


if __name__ == "__main__":
    sys.stdout.write(drawing(json.load(sys.stdin)))
