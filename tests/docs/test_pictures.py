import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"


def node(kind, id_, name):
    return {"kind": kind, "id": id_, "label": kind, "name": name}


def edge(start, type_, end):
    return {"from": start, "type": type_, "to": end, "direction": "out"}


USER, HEAT = node("User", "7", "7"), node("Item", "1", "Heat <1995> & more")
MANN, THIEF = node("Entity", "p", "Michael Mann"), node("Item", "2", "Thief")
ANSWER = {
    "user_id": "7",
    "item_id": "2",
    "title": "Thief",
    "score": 0.75,
    "parts": {"paths": 0.5, "popularity": 0.25},
    "text": "Because you liked Heat.",
    "paths": [
        {
            "kind": "attribute",
            "value": 0.4,
            "nodes": [USER, HEAT, MANN, THIEF],
            "edges": [
                edge("7", "INTERACTED", "1"),
                edge("1", "DIRECTED_BY", "p"),
                edge("2", "DIRECTED_BY", "p"),
            ],
        },
        {
            "kind": "collaborative",
            "value": 0.1,
            "nodes": [USER, HEAT, THIEF],
            "edges": [edge("7", "INTERACTED", "1"), edge("1", "SIMILAR_TO", "2")],
        },
    ],
}


def test_every_node_is_drawn_once_with_what_the_paths_add():
    drawn = subprocess.run(
        [sys.executable, ROOT / "docs" / "pictures" / "make.py"],
        input=json.dumps(ANSWER),
        capture_output=True,
        text=True,
        check=True,
    )
    words = ["".join(text.itertext()) for text in ET.fromstring(drawn.stdout).iter(f"{SVG}text")]
    assert words.count("Michael Mann") == 1
    assert words.count("User 7") == 1
    assert "directed by +0.400" in words
    assert "similar to +0.100" in words
    assert "score 0.750 = 0.400 attributes + 0.100 similar items + 0.250 popularity" in words


@pytest.mark.parametrize("name", ["explanation.svg", "why.svg"])
def test_the_pictures_of_the_documents_are_whole(name):
    picture = ROOT / "docs" / "pictures" / name
    assert ET.fromstring(picture.read_text()).tag == f"{SVG}svg"


SCREENSHOTS = sorted((ROOT / "docs" / "pictures").glob("console-*.png"))


def test_there_are_screenshots_of_every_kind():
    names = {path.stem.removeprefix("console-") for path in SCREENSHOTS}
    assert names == {"recommend", "dark", "phone", "rate", "model"}


@pytest.mark.parametrize("path", SCREENSHOTS, ids=lambda path: path.name)
def test_a_screenshot_is_a_small_picture_that_a_page_shows(path):
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) <= 300_000
    shown = [ROOT / "README.md", ROOT / "docs" / "console.md"]
    assert any(f"pictures/{path.name})" in page.read_text() for page in shown)
