"""Draws an explanation as SVG: reads the answer of ``whyrec explain --json``, writes the picture.

./run whyrec explain --user 1 --item 50 --json | .venv/bin/python docs/pictures/make.py > why.svg
"""

import json
import sys
from dataclasses import dataclass
from html import escape
from typing import Any

WIDTH, TOP, ROW, BOX_HEIGHT = 1080, 92, 74, 48
COLUMNS = {"user": (40, 110), "item": (250, 220), "entity": (560, 200), "target": (850, 190)}
FILL = {
    "user": ("#fdf1dc", "#b7791f"),
    "item": ("#e4eefb", "#2b6cb0"),
    "entity": ("#e6f4ea", "#2f855a"),
    "target": ("#2b6cb0", "#1a4a80"),
}
EDGE = {"SIMILAR_TO": "#805ad5", "INTERACTED": "#b7791f"}
BARS = ("#2b6cb0", "#b7791f", "#2f855a", "#805ad5", "#718096")
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


def placed(names: list[tuple[str, str]], column: str, n_rows: int) -> dict[str, Box]:
    """Spread the nodes of one column over the height of the picture."""
    step = n_rows * ROW / max(1, len(names))
    chars = COLUMNS[column][1] // 8
    return {
        key: Box(column, wrapped(name, chars), TOP + step * (n + 0.5))
        for n, (key, name) in enumerate(names)
    }


def edge(start: Box, end: Box, label: str, width: float, colour: str) -> str:
    """Draw a curve between two boxes with its label in the middle."""
    x1, x2, bend = start.right, end.left, (end.left - start.right) / 2
    curve = f"M{x1},{start.middle} C{x1 + bend},{start.middle} {x2 - bend},{end.middle}"
    middle_x, middle_y = (x1 + x2) / 2, (start.middle + end.middle) / 2 - 6
    text = (
        f"<text x='{middle_x}' y='{middle_y}' text-anchor='middle' font-size='10.5' "
        f"fill='#4a5568' paint-order='stroke' stroke='#ffffff' stroke-width='4'>{escape(label)}"
        "</text>"
        if label
        else ""
    )
    return (
        f"<path d='{curve} {x2},{end.middle}' fill='none' stroke='{colour}' "
        f"stroke-width='{width:.1f}' stroke-opacity='0.75'/>{text}"
    )


def drawing(answer: dict[str, Any]) -> str:
    """Draw the shown paths from left to right."""
    paths = [path for path in answer["paths"] if path["shown"] and len(path["nodes"]) in {3, 4}]
    liked = dict.fromkeys((p["nodes"][1]["id"], p["nodes"][1]["name"]) for p in paths)
    shared = dict.fromkeys(
        (p["nodes"][2]["id"], p["nodes"][2]["name"]) for p in paths if len(p["nodes"]) == 4
    )
    n_rows = max(len(liked), len(shared), 2)
    items, entities = placed(list(liked), "item", n_rows), placed(list(shared), "entity", n_rows)
    user = placed([("", f"User {answer['user_id']}")], "user", n_rows)[""]
    target = placed([("", answer["title"])], "target", n_rows)[""]
    strongest = max((path["value"] for path in paths), default=1.0)
    curves: dict[tuple[str, str, str], str] = {}
    for path in paths:
        width = 1.5 + 4.5 * path["value"] / strongest
        stops = [user, items[path["nodes"][1]["id"]]]
        if len(path["nodes"]) == 4:
            stops.append(entities[path["nodes"][2]["id"]])
        stops.append(target)
        ids = [node["id"] for node in path["nodes"]]
        for n, step in enumerate(path["edges"]):
            label = "" if step["type"] == "INTERACTED" else step["type"].replace("_", " ").lower()
            if n == len(path["edges"]) - 1:
                label = f"{label} {path['value']:+.3f}"
            colour = EDGE.get(step["type"], "#2f855a")
            drawn = edge(stops[n], stops[n + 1], label, width, colour)
            curves.setdefault((ids[n], step["type"], ids[n + 1]), drawn)
    boxes = [user, *items.values(), *entities.values(), target]
    bars = parts(answer, TOP + n_rows * ROW + 28)
    height = TOP + n_rows * ROW + 120
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {height}' {FONT} role='img' "
        f"aria-label='{escape(answer['text'], quote=True)}'>"
        f"<rect width='{WIDTH}' height='{height}' rx='14' fill='#ffffff' stroke='#e2e8f0'/>"
        f"<text x='40' y='42' font-size='19' font-weight='600' fill='#1a202c'>"
        f"Why {escape(answer['title'])}?</text>"
        f"<text x='40' y='66' font-size='12.5' fill='#4a5568'>The {len(paths)} strongest of "
        f"{len(answer['paths']):,} paths. The score is the sum of all of them and the named parts."
        f"</text>{''.join(curves.values())}{''.join(box.svg() for box in boxes)}{bars}</svg>\n"
    )


def parts(answer: dict[str, Any], top: float) -> str:
    """Draw the parts of the score as one bar that ends at the score."""
    shown = {name: value for name, value in answer["parts"].items() if abs(value) > 5e-4}
    total = sum(abs(value) for value in shown.values()) or 1.0
    x, drawn = 40.0, []
    for value, colour in zip(shown.values(), BARS, strict=False):
        width = (WIDTH - 80) * abs(value) / total
        drawn.append(f"<rect x='{x}' y='{top}' width='{width}' height='16' fill='{colour}'/>")
        x += width
    told = " + ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in shown.items())
    drawn.append(
        f"<text x='40' y='{top + 40}' font-size='13' fill='#1a202c'>score {answer['score']:.3f} "
        f"= {escape(told)}</text>"
    )
    return "".join(drawn)


if __name__ == "__main__":
    sys.stdout.write(drawing(json.load(sys.stdin)))
