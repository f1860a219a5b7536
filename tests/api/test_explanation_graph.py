import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.explanation_graph import as_graphml, as_node_link
from graph.domain import Path, PathEdge, PathNode
from ranking.domain import ScoredPath

EDGES = {
    ("User:7", "INTERACTED", "Item:7"): 0.6,
    ("Item:7", "DIRECTED_BY", "Entity:person:mann"): 0.4,
    ("Item:8", "DIRECTED_BY", "Entity:person:mann"): 0.4,
    ("Item:7", "SIMILAR_TO", "Item:8"): 0.2,
}


def read_graphml(text):
    return nx.parse_graphml(text, force_multigraph=True)


def read_node_link(text):
    return nx.node_link_graph(json.loads(text), edges="edges")


def edges_of(graph):
    return {
        (head, data["type"], tail): data["value"] for head, tail, data in graph.edges(data=True)
    }


@pytest.mark.parametrize(
    ("write", "read"), [(as_graphml, read_graphml), (as_node_link, read_node_link)]
)
def test_a_graph_tool_reads_back_nodes_edges_and_values(explained, write, read):
    graph = read(write(explained()))
    assert graph.is_directed()
    assert set(graph.nodes) == {"User:7", "Item:7", "Item:8", "Entity:person:mann"}
    assert graph.nodes["Item:7"]["name"] == 'Heat "1995" <uncut>'
    assert edges_of(graph) == pytest.approx(EDGES)
    assert graph.graph["score"] == 0.75
    assert graph.graph["part popularity"] == 0.25


@pytest.mark.parametrize("write", [as_graphml, as_node_link])
def test_an_explanation_without_paths_is_an_empty_graph(bare_explanation, write):
    read = read_graphml if write is as_graphml else read_node_link
    assert read(write(bare_explanation)).number_of_nodes() == 0


def test_a_path_may_start_from_the_request(explained):
    explanation = explained()
    asks = PathEdge("request", "ASKS_FOR", "person:mann", "out")
    _, _, mann, thief = explanation.paths[0].path.nodes
    nodes = (PathNode("request", "Request", "Request", "request"), mann, thief)
    path = Path(nodes, (asks, explanation.paths[0].path.edges[-1]))
    asked = ScoredPath(path, "request", 0.3, 1.0, "You asked for it.")
    graph = read_graphml(as_graphml(replace(explanation, paths=(asked,), n_shown=1)))
    assert graph.has_edge("Request:request", "Entity:person:mann")


def test_hostile_names_are_kept_as_they_are_in_json(explained, hostile_names):
    for name in hostile_names:
        graph = read_node_link(as_node_link(explained(film=name)))
        assert graph.nodes["Item:7"]["name"] == name


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(max_size=30))
def test_any_name_reads_back(explained, name, person):
    person = "".join(one for one in person if not "\ud800" <= one <= "\udfff")
    explanation = explained(film=name, person=person)
    graph = read_node_link(as_node_link(explanation))
    assert graph.nodes["Item:7"]["name"] == name
    assert graph.nodes["Entity:person:mann"]["name"] == person
    ET.fromstring(as_graphml(explanation))
