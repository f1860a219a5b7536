from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.drawing import draw
from graph.domain import Path, PathEdge, PathNode
from ranking.domain import Explanation, ScoredPath

YOU = PathNode("7", "User", "User", "7")
REQUEST = PathNode("request", "Request", "Request", "request")
TARGET = PathNode("8", "Item", "Item", "Thief")


def item(number):
    return PathNode(f"i{number}", "Item", "Item", f"Film {number}")


def entity(number):
    return PathNode(f"e{number}", "Entity", "Person", f"Person {number}")


def through(source, linking, value):
    edges = (
        PathEdge("7", "INTERACTED", source.id, "out"),
        PathEdge(source.id, "DIRECTED_BY", linking.id, "out"),
        PathEdge("8", "DIRECTED_BY", linking.id, "in"),
    )
    return ScoredPath(Path((YOU, source, linking, TARGET), edges), "attribute", value, 0.1, "")


def straight(source, value, relation="SIMILAR_TO"):
    edges = (
        PathEdge("7", "INTERACTED", source.id, "out"),
        PathEdge(source.id, relation, "8", "out"),
    )
    return ScoredPath(Path((YOU, source, TARGET), edges), "collaborative", value, 0.1, "")


def asked(linking, value, start=REQUEST):
    edges = (
        PathEdge(start.id, "ASKS_FOR", linking.id, "out"),
        PathEdge("8", "DIRECTED_BY", linking.id, "in"),
    )
    return ScoredPath(Path((start, linking, TARGET), edges), "request", value, 0.1, "")


def explained(*paths, n_shown=None):
    n_shown = len(paths) if n_shown is None else n_shown
    parts = {"paths": sum(path.value for path in paths)}
    score = parts["paths"]
    return Explanation("7", "8", "Thief", score, parts, paths, n_shown, "Because.", 1, "m")


def places(drawing):
    return {node.key: (node.x, node.y) for node in drawing.nodes}


def test_who_asks_stands_left_then_own_items_then_attributes_then_the_item():
    found = places(draw(explained(through(item(1), entity(1), 0.4), straight(item(2), 0.2))))
    assert found["User:7"] == (0.0, 0.5)
    assert found["Item:i1"][0] == found["Item:i2"][0] == pytest.approx(1 / 3)
    assert found["Entity:e1"][0] == pytest.approx(2 / 3)
    assert found["Target:8"] == (1.0, 0.5)


def test_a_column_without_nodes_takes_no_room():
    assert places(draw(explained(straight(item(1), 0.2))))["Item:i1"] == (0.5, 0.5)
    assert places(draw(explained(asked(entity(1), 0.2))))["Entity:e1"] == (0.5, 0.5)


def test_an_edge_is_as_wide_as_what_runs_over_it():
    drawing = draw(explained(through(item(1), entity(1), 0.4), straight(item(1), 0.2)))
    edges = {(edge.source, edge.target): edge for edge in drawing.edges}
    assert edges["User:7", "Item:i1"].value == pytest.approx(0.6)
    assert edges["User:7", "Item:i1"].width == 1.0
    assert edges["Item:i1", "Target:8"].width == pytest.approx(1 / 3)
    stored = edges["Entity:e1", "Target:8"].edge
    assert stored == PathEdge("8", "DIRECTED_BY", "e1", "in")


def test_an_edge_that_passes_the_attributes_has_a_place_of_its_own():
    drawing = draw(explained(through(item(1), entity(1), 0.4), straight(item(2), 0.2)))
    found = places(drawing)
    passing = next(edge for edge in drawing.edges if edge.source == "Item:i2")
    middle = (found["Item:i2"][1] + found["Target:8"][1]) / 2 + passing.bend
    assert abs(middle - found["Entity:e1"][1]) >= 0.4


def test_edges_with_the_same_ends_lie_beside_each_other():
    drawing = draw(explained(straight(item(1), 0.4), straight(item(1), 0.2, "CLOSE_TO")))
    above, below = (edge for edge in drawing.edges if edge.target == "Target:8")
    assert above.bend == -below.bend != 0.0


def test_the_weakest_paths_are_left_out_as_a_whole():
    paths = [through(item(n), entity(n), 1.0 + n) for n in range(8)]
    drawing = draw(explained(*paths), max_nodes=12)
    kept = {node.key for node in drawing.nodes}
    assert kept == {"User:7", "Target:8"} | {
        f"{kind}{n}" for n in range(3, 8) for kind in ("Item:i", "Entity:e")
    }


def test_only_shown_paths_are_drawn():
    drawing = draw(explained(straight(item(1), 0.4), straight(item(2), 0.2), n_shown=1))
    assert "Item:i2" not in places(drawing)


def test_without_paths_there_is_only_the_item():
    drawing = draw(Explanation(None, "8", "Thief", 0.2, {"popularity": 0.2}, (), 0, "", 1, "m"))
    assert [(node.key, node.kind, node.name) for node in drawing.nodes] == [
        ("Target:8", "Target", "Thief")
    ]
    assert drawing.edges == ()


def test_an_item_that_the_user_has_stands_in_both_places():
    found = places(draw(explained(straight(TARGET, 0.3, "CLOSE_TO"))))
    assert found["Item:8"][0] < found["Target:8"][0]


def test_a_request_and_a_user_stand_below_each_other():
    drawing = draw(explained(asked(entity(1), 0.5), asked(entity(2), 0.3, YOU), n_shown=2))
    found = places(drawing)
    assert found["Request:request"] == (0.0, 0.25)
    assert found["User:7"] == (0.0, 0.75)


def test_names_are_one_short_line():
    named = PathNode("i1", "Item", "Item", "a\nb\x00" + "c" * 500)
    drawing = draw(explained(straight(named, 0.3)))
    name = next(node.name for node in drawing.nodes if node.kind == "Item")
    assert len(name) == 80
    assert name.startswith("a b")


number = st.integers(0, 6)
some_path = st.one_of(
    st.builds(lambda a, b, v: through(item(a), entity(b), v), number, number, st.floats(0.01, 9)),
    st.builds(lambda a, v: straight(item(a), v), number, st.floats(0.01, 9)),
    st.builds(lambda b, v: asked(entity(b), v), number, st.floats(0.01, 9)),
)


@settings(deadline=None)
@given(st.lists(some_path, max_size=12), st.integers(1, 20))
def test_whatever_is_shown_fits_and_nothing_stands_on_anything(paths, max_nodes):
    explanation = explained(*paths)
    drawing = draw(explanation, max_nodes=max_nodes)
    keys = {node.key for node in drawing.nodes}
    assert len(keys) == len(drawing.nodes) <= max_nodes
    assert all(edge.source in keys and edge.target in keys for edge in drawing.edges)
    assert all(0 < edge.width <= 1 for edge in drawing.edges)
    assert all(0 <= node.x <= 1 and 0 < node.y < 1 for node in drawing.nodes)
    for one, other in combinations(drawing.nodes, 2):
        assert one.x != other.x or abs(one.y - other.y) >= 0.999 / drawing.rows
    assert draw(explanation, max_nodes=max_nodes) == drawing
