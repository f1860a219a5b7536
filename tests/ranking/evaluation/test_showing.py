import math
from dataclasses import replace

import numpy as np
import pytest

from graph.domain import Path, PathEdge, PathNode
from ranking.domain import ScoredPath
from ranking.evaluation.explained import ExplainedItem, ExplainedList
from ranking.evaluation.showing import shown_figures


def path(item: str, relation: str, linking: str, entity: str = "") -> ScoredPath:
    you, mine = PathNode("u", "User", "User", "u"), PathNode(linking, "Item", "Item", linking)
    target = PathNode(item, "Item", "Item", item)
    event = PathEdge("u", "INTERACTED", linking, "out")
    if not entity:
        nodes: tuple[PathNode, ...] = (you, mine, target)
        edges: tuple[PathEdge, ...] = (event, PathEdge(linking, relation, item, "out"))
    else:
        nodes = (you, mine, PathNode(entity, "Entity", "Thing", entity), target)
        edges = (
            event,
            PathEdge(linking, relation, entity, "out"),
            PathEdge(item, relation, entity, "in"),
        )
    said = " and ".join(node.name for node in nodes[1:])
    return ScoredPath(Path(nodes, edges), "attribute", 1.0, 0.5, f"See {said}.")


def item(name: str, shown: list[ScoredPath], values: list[float]) -> ExplainedItem:
    return ExplainedItem(
        item_id=name,
        score=sum(values),
        values=np.array(values),
        shown=tuple(shown),
        is_same=True,
        paths=tuple(one.path for one in shown),
        types=frozenset(one.path.edges[-1].type for one in shown),
        error=0.0,
        is_told=any(len(one.path.nodes) == 4 for one in shown),
        is_shared=name == "X",
        seconds=0.001,
    )


class Known:
    """Entities of known degree and place."""

    def degree(self, entity_id: str) -> int:
        return {"Common": 20, "Rare": 2}[entity_id]

    def place(self, entity_id: str) -> float:
        return {"Common": 1.0, "Rare": 0.0}[entity_id]


@pytest.fixture
def two():
    """Two items: one through something common, one through a like item; shown best first."""
    first = [path("X", "HAS", "A", "Common"), path("X", "SIMILAR_TO", "B")]
    second = [path("Y", "SIMILAR_TO", "A"), path("Y", "HAS", "C", "Rare")]
    items = (item("X", first, [1.0, 1.0, 2.0]), item("Y", second, [3.0, 1.0]))
    return ExplainedList("u", {"A": 0.0, "B": 1.0, "C": 2.0}, items)


def test_what_is_shown_first_and_in_all(two):
    found = shown_figures(two, Known(), n_items=100)
    figures = found.figures
    assert figures["coverage"] == figures["coverage_entities"] == 1.0
    assert figures["coverage_shared"] == 0.5
    assert figures["linking_diversity"] == 0.5
    assert figures["linking_diversity_all"] == 0.75
    assert figures["recency"] == 0.0
    # Times 0, 1, 2 are smoothed to 0, 2/11, 40/121: of the last, B has this share.
    middle = (2 / 11) / (9 / 11 * 2 / 11 + 2 / 11 * 2)
    assert figures["recency_all"] == pytest.approx((middle + 1.0) / 4)
    assert (figures["entity_popularity"], figures["entity_popularity_all"]) == (1.0, 0.5)
    assert (figures["entity_diversity"], figures["entity_diversity_all"]) == (1.0, 1.0)
    assert figures["generic"] == 0.5
    assert figures["share_carried"] == pytest.approx((0.5 + 1.0) / 2)
    assert figures["value_kept"] == pytest.approx((0.5 + 1.0) / 2)
    assert figures["paths_shown"] == 2.0
    assert figures["text"] == figures["consistent"] == 1.0


def test_types_and_edges(two):
    found = shown_figures(two, Known(), n_items=100)
    assert found.types["type_diversity"] == {"HAS", "SIMILAR_TO"}
    assert found.types["possible"] == {"HAS", "SIMILAR_TO"}
    assert len(found.edges) == 3 + 2 + 2 + 3
    assert found.edges.count(("u", "INTERACTED", "A")) == 2


def test_a_sentence_that_names_a_stranger_is_counted(two):
    first, *others = two.items[0].shown
    told = (replace(first, text=f"{first.text} It is liked by Fargo."), *others)
    items = (replace(two.items[0], shown=told), two.items[1])
    assert shown_figures(replace(two, items=items), Known(), 100).figures["text"] == 0.75


def test_an_item_without_paths_says_nothing():
    found = shown_figures(ExplainedList("u", {}, (item("X", [], []),)), Known(), n_items=100)
    assert found.figures["coverage"] == found.figures["share_carried"] == 0.0
    for name in ("recency", "linking_diversity", "generic", "value_kept", "text"):
        assert math.isnan(found.figures[name])
    assert found.edges == ()
