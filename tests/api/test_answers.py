"""Records as plain objects, and that the OpenAPI models describe them exactly."""

import pytest

from api import answer_models, answers
from graph.domain import Entity, Interaction, Item, Path, PathEdge, PathNode, User
from llm.intent import Constraint, LinkedEntity, Understanding
from ranking.domain import (
    Explanation,
    OnboardingReport,
    Recommendation,
    RecommendationList,
    ScoredPath,
)

USER, ONE, DRAMA, TWO = (
    PathNode("u", "User", "User", "u"),
    PathNode("i", "Item", "Item", "One"),
    PathNode("e", "Entity", "Genre", "Drama"),
    PathNode("j", "Item", "Item", "Two"),
)
LIKED = PathEdge("u", "INTERACTED", "i", "out")
THERE = PathEdge("i", "HAS_GENRE", "e", "out")
BACK = PathEdge("j", "HAS_GENRE", "e", "in")
PATH = ScoredPath(
    Path((USER, ONE, DRAMA, TWO), (LIKED, THERE, BACK)), "attribute", 0.5, 0.8, "because"
)
REST = ScoredPath(
    Path((USER, ONE, TWO), (LIKED, PathEdge("i", "SIMILAR_TO", "j", "out"))),
    "learned",
    0.1,
    0.2,
    "",
)
FOUND = Recommendation(
    "j", "Two", 0.7, {"paths": 0.6, "popularity": 0.1}, "attribute", True, (PATH,)
)
LINKED = LinkedEntity("e", "Entity", "Drama", (2, 7), 0.9, "fuzzy")
UNDERSTOOD = Understanding("en", (LINKED,), (), (), (Constraint("year", ">=", 1990.0, (0, 4)),))


def described(model, content):
    """Return the content as its model reads and writes it again: nothing added, nothing lost."""
    return model.model_validate(content).model_dump(by_alias=True, exclude_unset=True, mode="json")


def test_a_path_says_what_it_walks():
    content = answers.path_json(PATH, shown=True)
    assert content["edges"][2] == {"from": "j", "type": "HAS_GENRE", "to": "e", "direction": "in"}
    assert content["nodes"][2] == {"id": "e", "kind": "Entity", "label": "Genre", "name": "Drama"}
    assert described(answer_models.PathAnswer, content) == content


@pytest.mark.parametrize("explain", [True, False])
def test_recommendations(explain):
    found = RecommendationList((FOUND,), UNDERSTOOD, 7, "m")
    content = answers.recommendations_json(found, explain=explain, stale=True)
    assert ("paths" in content["items"][0]) is explain
    assert (content["graph_version"], content["model_version"], content["stale"]) == (7, "m", True)
    assert described(answer_models.RecommendationsAnswer, content) == content


def test_a_list_of_nobodys():
    content = answers.ranked_json([FOUND], graph_version=7, model_version="m", stale=False)
    assert described(answer_models.RankedAnswer, content) == content


def test_an_explanation_merges_the_shown_paths_into_one_graph():
    explanation = Explanation(
        "u", "j", "Two", 0.7, {"paths": 0.6, "popularity": 0.1}, (PATH, REST), 1, "because", 7, "m"
    )
    content = answers.explanation_json(explanation, stale=False)
    assert [path["shown"] for path in content["paths"]] == [True, False]
    assert [node["id"] for node in content["graph"]["nodes"]] == ["u", "i", "e", "j"]
    assert len(content["graph"]["edges"]) == 3
    assert described(answer_models.ExplanationAnswer, content) == content


def test_a_node_or_edge_of_several_paths_occurs_once():
    graph = answers.subgraph_json([PATH.path, REST.path])
    assert [node["id"] for node in graph["nodes"]] == ["u", "i", "e", "j"]
    assert [edge["type"] for edge in graph["edges"]] == [
        "INTERACTED",
        "HAS_GENRE",
        "HAS_GENRE",
        "SIMILAR_TO",
    ]


def test_items_users_exports_and_searches():
    item = Item("i", "One", {"zh": "一"}, "text", {"genres": ("a", "b"), "year": 1})
    event = Interaction("u", "i", "view", None, 1.0, "k")
    for model, content in (
        (answer_models.UserAnswer, answers.user_json(User("u", {"age": 3}))),
        (answer_models.UserExport, answers.export_json(User("u"), [event])),
        (answer_models.EntityAnswer, answers.found_json(LINKED)),
    ):
        assert described(model, content) == content
    assert answers.item_json(item) == {
        "item_id": "i",
        "title": "One",
        "names": {"zh": "一"},
        "text": "text",
        "attributes": {"genres": ("a", "b"), "year": 1},
    }


def test_an_onboarded_item():
    report = OnboardingReport("j", ("e",), (("i", 0.5),))
    content = answers.onboarded_json(
        report, [Entity("e", "Genre", "Drama")], {"i": "One"}, graph_version=7, visible_in_ms=1.5
    )
    assert content["linked"] == [{"entity_id": "e", "label": "Genre", "name": "Drama"}]
    assert content["neighbours"] == [{"item_id": "i", "title": "One", "weight": 0.5}]
    assert described(answer_models.OnboardedAnswer, content) == content
