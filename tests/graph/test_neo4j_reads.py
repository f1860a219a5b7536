"""Turning the server's lists into an export."""

import numpy as np
import pytest

from graph.domain import Item
from graph.neo4j_reads import RawExport, assembled


def raw(**changes):
    parts = {
        "versions": (3, 3),
        "nodes": {
            "Item": [[[7, 2], ["b", "a"], ['{"title":"B"}', '{"title":"A"}'], 0]],
            "Entity": [[[0], ["e"], ['{"label":"X","name":"E"}'], 0]],
            "User": [[[5], ["u"], ["{}"], 0]],
        },
        "edges": {"R": [[True, False, [7, 2], [0, 0], [0.5, 1.0], 0]], "EMPTY": []},
        "events": [
            [[5], [7], ["view"], [float("nan")], [2.0], [9], 1],
            [[5], [2], ["buy"], [3.0], [1.0], [4], 0],
        ],
    }
    return RawExport(**{**parts, **changes})


def test_numbers_become_places_in_order_of_creation():
    export = assembled(raw())
    assert list(export.items) == [Item("a", "A"), Item("b", "B")]
    (block,) = export.edges
    assert (block.head_kind, block.tail_kind) == ("Item", "Entity")
    assert (block.heads.tolist(), block.tails.tolist()) == ([1, 0], [0, 0])
    assert block.weights.tolist() == [0.5, 1.0]


def test_events_of_all_blocks_are_in_order_of_creation():
    events = assembled(raw()).events
    assert events.items.tolist() == [0, 1]
    assert [events.type_names[n] for n in events.types] == ["buy", "view"]
    np.testing.assert_array_equal(events.values, [3.0, np.nan])


def test_an_empty_answer_is_an_empty_graph():
    export = assembled(raw(nodes={"Item": [], "Entity": [], "User": []}, edges={}, events=[]))
    assert (list(export.items), list(export.edges), len(export.events.users)) == ([], [], 0)


@pytest.mark.parametrize("number", [3, 9], ids=["a gap between numbers", "beyond the last"])
def test_an_edge_whose_node_was_not_read_is_told(number):
    with pytest.raises(IndexError):
        assembled(raw(edges={"R": [[True, False, [number], [0], [1.0], 0]]}))
