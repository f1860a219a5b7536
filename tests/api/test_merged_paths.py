import pytest

from api.merged_paths import merged, steps


def test_every_node_and_edge_occurs_once_with_what_all_shown_paths_add(explained):
    nodes, edges = merged(explained())
    assert list(nodes) == [("User", "7"), ("Item", "7"), ("Entity", "person:mann"), ("Item", "8")]
    rated = ("User", "7"), "INTERACTED", ("Item", "7")
    assert edges[rated] == pytest.approx(0.4 + 0.2)
    assert len(edges) == 4


def test_an_edge_walked_backwards_is_given_as_it_is_stored(explained):
    last = list(steps(explained().paths[0].path))[-1]
    assert (last.head.name, last.type, last.tail.name) == ("Thief", "DIRECTED_BY", "Michael Mann")


def test_hidden_paths_are_not_merged(explained):
    _, edges = merged(explained())
    assert {type_ for _, type_, _ in edges} == {"INTERACTED", "DIRECTED_BY", "SIMILAR_TO"}
