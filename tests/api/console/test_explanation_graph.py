import json

import pytest

from api.console.explanation_graph import LOOKS, graph_options, height_of
from api.console.path_words import PathWords
from api.console.texts import Texts
from api.drawing import Drawing, DrawnEdge, DrawnNode
from graph.domain import PathEdge
from graph.presets import preset

HOSTILE = "{a|<b>}{b}${x}"
EVENT = PathEdge("ada", "INTERACTED", "spring", "out")
DRAWING = Drawing(
    (
        DrawnNode("User:ada", "User", "User", "ada", 0.0, 0.5),
        DrawnNode("Item:spring", "Item", "Item", HOSTILE, 0.5, 0.5),
        DrawnNode("Target:tokyo", "Target", "Item", "Tokyo Story", 1.0, 0.5),
    ),
    (
        DrawnEdge("User:ada", "Item:spring", "INTERACTED", 0.5, 1.0, EVENT),
        DrawnEdge(
            "Item:spring",
            "Target:tokyo",
            "SIMILAR_TO",
            0.25,
            0.5,
            PathEdge("spring", "SIMILAR_TO", "tokyo", "out"),
            0.2,
        ),
    ),
)


@pytest.fixture
def words():
    return PathWords(preset("films"), Texts("en"))


def series(options):
    return options["media"][-1]["option"]["series"][0]


def test_nodes_stand_where_the_drawing_puts_them(words):
    nodes = series(graph_options(DRAWING, words, dark=False))["data"]
    assert [node["value"] for node in nodes[:3]] == [[0.0, 0.5], [0.5, 0.5], [1.0, 0.5]]
    assert nodes[0]["name"] == "you"
    assert nodes[1]["name"] == HOSTILE


def test_a_long_name_takes_two_lines(words):
    long = "The Adventures of Baron Munchausen and of All His Servants, Told Anew"
    nodes = (*DRAWING.nodes[:-1], DrawnNode("Target:tokyo", "Target", "Item", long, 1.0, 0.5))
    drawn = series(graph_options(Drawing(nodes, DRAWING.edges), words, dark=False))["data"]
    first, second = drawn[2]["name"].split("\n")
    assert long.startswith(first)
    assert second.endswith("…")


def test_kinds_differ_in_colour_and_in_shape_or_size():
    assert len({colour for colour, *_ in LOOKS.values()}) == len(LOOKS)
    assert len({(symbol, size) for *_, symbol, size in LOOKS.values()}) == len(LOOKS)


def test_width_tells_what_an_edge_adds_and_a_removed_one_is_dashed(words):
    edges = series(graph_options(DRAWING, words, dark=False, removed=[EVENT]))["edges"]
    assert edges[0]["lineStyle"]["type"] == "dashed"
    whole = series(graph_options(DRAWING, words, dark=False))["edges"]
    assert whole[0]["lineStyle"]["width"] > whole[1]["lineStyle"]["width"] > 1


def test_an_edge_that_bends_is_led_through_its_name(words):
    drawn = series(graph_options(DRAWING, words, dark=False))
    way = drawn["data"][-1]
    assert way["name"] == "also liked"
    assert way["value"] == [0.75, 0.7]  # the middle of its ends, and its bend
    assert way["at"] == 1
    assert [(one["source"], one["target"]) for one in drawn["edges"][1:]] == [
        ("Item:spring", way["id"]),
        (way["id"], "Target:tokyo"),
    ]


def test_what_nothing_runs_over_any_more_is_pale(words):
    likeness = DRAWING.edges[1].edge
    options = graph_options(DRAWING, words, dark=False, removed=[EVENT], idle=[EVENT, likeness])
    event, *rest = series(options)["edges"]
    assert event["lineStyle"]["opacity"] == 1  # it is dashed already
    assert {line["lineStyle"]["opacity"] for line in rest} == {0.25}


def test_an_edge_tells_what_it_adds(words):
    event = series(graph_options(DRAWING, words, dark=False))["edges"][0]
    assert event["tooltip"]["formatter"].startswith("Adds +0.500 to the score")
    assert graph_options(DRAWING, words, dark=False)["baseOption"]["tooltip"]["renderMode"] == (
        "richText"  # on the canvas: never HTML
    )


def test_no_key_is_code_and_no_formatter_holds_a_name(words):
    """NiceGUI runs what stands under a key that begins with a colon."""

    def walk(value, key=""):
        assert not key.startswith(":")
        if isinstance(value, dict):
            for name, one in value.items():
                walk(one, name)
        elif isinstance(value, list):
            for one in value:
                walk(one)
        elif key == "formatter":
            assert "{" not in value

    options = graph_options(DRAWING, words, dark=True)
    walk(options)
    assert json.dumps(options)


def test_height_grows_with_the_fullest_column():
    nodes, edges = DRAWING.nodes, DRAWING.edges
    assert height_of(Drawing(nodes, edges, 1)) < height_of(Drawing(nodes, edges, 4))
    assert height_of(Drawing(nodes, edges, 99)) == height_of(Drawing(nodes, edges, 50))
