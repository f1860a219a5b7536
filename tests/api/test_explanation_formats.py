from dataclasses import replace
from xml.etree import ElementTree as ET

import networkx as nx
import pytest

from api.explanation_formats import FORMATS, as_graphml, as_mermaid, as_text
from graph.domain import Path, PathEdge, PathNode
from ranking.domain import Explanation, ScoredPath

YOU = PathNode("7", "User", "User", "You")
HEAT = PathNode("7", "Item", "Film", 'Heat "1995" <uncut>')
MANN = PathNode("person:mann", "Entity", "Person", "Michael Mann\x0b")
THIEF = PathNode("8", "Item", "Film", "Thief")
RATED = PathEdge("7", "INTERACTED", "7", "out")


def scored(*, kind, value, nodes, edges):
    return ScoredPath(Path(nodes, edges), kind, value, value / 0.6, "because")


@pytest.fixture
def explanation():
    by_director = scored(
        kind="attribute",
        value=0.4,
        nodes=(YOU, HEAT, MANN, THIEF),
        edges=(
            RATED,
            PathEdge("7", "DIRECTED_BY", "person:mann", "out"),
            PathEdge("8", "DIRECTED_BY", "person:mann", "in"),
        ),
    )
    by_taste = scored(
        kind="collaborative",
        value=0.2,
        nodes=(YOU, HEAT, THIEF),
        edges=(RATED, PathEdge("7", "SIMILAR_TO", "8", "out")),
    )
    hidden = scored(
        kind="learned",
        value=-0.1,
        nodes=(YOU, THIEF),
        edges=(PathEdge("7", "GNN", "8", "out"),),
    )
    return Explanation(
        user_id="7",
        item_id="8",
        title="Thief",
        score=0.75,
        parts={"paths": 0.5, "popularity": 0.25},
        paths=(by_director, by_taste, hidden),
        n_shown=2,
        text="Because you liked Heat.",
        graph_version=3,
        model_version="m",
    )


def test_graphml_keeps_a_user_and_an_item_of_the_same_id_apart(explanation):
    graph = nx.parse_graphml(as_graphml(explanation), force_multigraph=True)
    assert set(graph.nodes) == {"User:7", "Item:7", "Item:8", "Entity:person:mann"}
    assert graph.nodes["Entity:person:mann"]["name"] == "Michael Mann"


def test_graphml_edges_point_as_stored_and_carry_what_runs_over_them(explanation):
    graph = nx.parse_graphml(as_graphml(explanation), force_multigraph=True)
    values = {(h, data["type"], t): data["value"] for h, t, data in graph.edges(data=True)}
    assert values == pytest.approx({
        ("User:7", "INTERACTED", "Item:7"): 0.6,
        ("Item:7", "DIRECTED_BY", "Entity:person:mann"): 0.4,
        ("Item:8", "DIRECTED_BY", "Entity:person:mann"): 0.4,
        ("Item:7", "SIMILAR_TO", "Item:8"): 0.2,
    })


def test_graphml_is_xml_whatever_the_names_hold(explanation):
    ET.fromstring(as_graphml(explanation))


def test_mermaid_draws_every_node_once_and_escapes_names(explanation):
    text = as_mermaid(explanation)
    assert text.startswith("flowchart LR\n")
    assert text.count("Thief") == 1
    assert 'Heat &quot;1995&quot; &lt;uncut&gt;"]' in text
    assert text.count("-->") == 4


def test_text_shows_parts_that_add_up_and_the_shown_paths_only(explanation):
    text = as_text(explanation)
    assert "Because you liked Heat." in text
    assert "+0.5000  paths" in text
    assert "+0.7500  score" in text
    assert "2 of 3 paths" in text
    assert "You -INTERACTED-> " in text
    assert "<-DIRECTED_BY- Thief" in text
    assert "GNN" not in text


def test_an_explanation_without_paths_is_written_too(explanation):
    bare = Explanation(None, "8", "Thief", 0.25, {"popularity": 0.25}, (), 0, "Popular.", 1, "m")
    written = {name: write(bare) for name, write in FORMATS.items()}
    assert "Popular." in written["text"]
    assert written["mermaid"].startswith("flowchart")
    assert nx.parse_graphml(written["graphml"]).number_of_nodes() == 0


def test_a_path_may_start_from_the_request(explanation):
    asked = scored(
        kind="request",
        value=0.3,
        nodes=(PathNode("request", "Request", "Request", "request"), MANN, THIEF),
        edges=(
            PathEdge("request", "ASKS_FOR", "person:mann", "out"),
            PathEdge("8", "DIRECTED_BY", "person:mann", "in"),
        ),
    )
    asking = replace(explanation, paths=(asked,), n_shown=1)
    assert "request -ASKS_FOR-> " in as_text(asking)
    assert ":::Request" in as_mermaid(asking)
    assert "Request:request" in nx.parse_graphml(as_graphml(asking), force_multigraph=True)
