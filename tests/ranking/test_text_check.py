import pytest

from graph.domain import Path, PathNode
from llm.linker import Linker, NamedThing
from ranking.domain import ScoredPath
from ranking.text_check import flaw

YOU = PathNode("u7", "User", "User", "u7")


def path(*names, people=None):
    nodes = [PathNode(name, "Item", "Item", name) for name in names]
    return ScoredPath(Path((YOU, *nodes), ()), "collaborative", 1.0, 1.0, "", people)


@pytest.mark.parametrize(
    ("text", "people", "expected"),
    [
        ("You liked Heat, and people who liked it also liked Ronin.", None, ""),
        ("You liked Heat, and 41 people who liked it also liked Ronin.", 41, ""),
        ("You liked Heat, and 42 people who liked it also liked Ronin.", 41,
         "42 counts nobody on the path"),
        ("You liked Heat, and 9 people who liked it also liked Ronin.", None,
         "9 counts nobody on the path"),
        ("You liked it, and people who liked it also liked Ronin.", None, "Heat is not named"),
        ("You liked Heat, and u7, Bob and others also liked Ronin.", None,
         "7 counts nobody on the path"),
        ("You liked Heat, and Bob who liked it also liked Ronin.", None,
         "Bob is not on the path"),
        ("你喜欢《Heat》，喜欢它的人也喜欢《Ronin》。", None, ""),
        ("你喜欢《Heat》和《大白鲨》，喜欢它们的人也喜欢《Ronin》。", None,
         "大白鲨 is not on the path"),
    ],
)  # fmt: skip
def test_what_is_named_and_what_is_on_the_path_must_be_the_same(text, people, expected):
    assert flaw(text, [path("Heat", "Ronin", people=people)]) == expected


def test_the_target_may_be_implied_but_not_the_rest():
    paths = [path("Heat", "Ronin")]
    assert not flaw("Close to Heat.", paths, target_implied=True)
    assert flaw("Close to Heat.", paths) == "Ronin is not named"
    assert flaw("Close to that.", paths, target_implied=True) == "Heat is not named"


def test_names_within_names_and_names_with_numbers_are_names():
    assert not flaw("You liked Alien; Alien 3 is close to it.", [path("Alien", "Alien 3")])
    assert not flaw("You liked 12; 1984 is close to it.", [path("12", "1984")])


def test_several_paths_are_checked_at_once():
    paths = [path("Heat", "Ronin", people=41), path("Thief", "Ronin", people=8)]
    text = "You liked Heat and Thief; 41 people who liked Heat and 8 who liked Thief liked Ronin."
    assert not flaw(text, paths)
    assert flaw(text, paths[:1]) == "8 counts nobody on the path"


def test_a_linker_finds_names_that_do_not_look_like_names():
    linker = Linker([NamedThing("g", "Entity", "Genre", ("Horror",))])
    text = "You liked Heat, which is horror, and Ronin."
    assert not flaw(text, [path("Heat", "Ronin")])
    assert flaw(text, [path("Heat", "Ronin")], linker=linker) == "horror is not on the path"
