import pytest

from api.console.path_words import PathWords
from api.console.texts import Texts
from graph.domain import PathEdge, PathNode
from graph.presets import preset
from ranking.phrasing import ASKED


@pytest.mark.parametrize(
    ("language", "relation", "words"),
    [
        ("en", "INTERACTED", "chose"),
        ("zh", "INTERACTED", "选过"),
        ("en", "DIRECTED_BY", "directed by"),
        ("zh", "DIRECTED_BY", "执导"),
        ("en", "SOLD_IN", "sold in"),
        ("zh", "SOLD_IN", "sold in"),
    ],
)
def test_a_relation_reads_in_both_languages(language, relation, words):
    assert (
        PathWords(preset("films"), Texts(language)).edge(PathEdge("a", relation, "b", "out"))
        == words
    )


def test_users_are_you_and_others_keep_their_names():
    words = PathWords(preset("films"), Texts("en"))
    assert words.node(PathNode("7", "User", "User", "7")) == "you"
    assert words.node(PathNode("request", "Request", "Request", "request")) == "your request"
    assert words.node(PathNode("e", "Entity", "Person", "Ozu")) == "Ozu"


def test_likeness_by_content_is_called_so():
    words = PathWords(preset("films"), Texts("en"))
    assert words.edge(PathEdge("new", "SIMILAR_TO", "old", "in")) == "alike in content"
    assert words.edge(PathEdge("old", "SIMILAR_TO", "new", "out")) == "also liked"


def test_an_event_is_called_what_it_was():
    did = {"a": "rating", "b": "purchase", "c": ASKED}
    words = PathWords(preset("films"), Texts("en"), did)
    edges = [PathEdge("ada", "INTERACTED", name, "out") for name in "abc"]
    assert [words.edge(edge) for edge in edges] == ["liked", "bought", "asked for one like"]


def test_people_are_counted_where_that_is_known():
    edge, other = (PathEdge(name, "SIMILAR_TO", "new", "out") for name in "ab")
    words = PathWords(preset("films"), Texts("en"), people={edge: 19})
    assert words.edge_with_people(edge) == "also liked: 19 people"
    assert words.edge_with_people(other) == "also liked"
