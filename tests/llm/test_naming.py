import pytest

from llm.naming import NameFinder
from llm.surface_index import SurfaceIndex
from llm.surfaces import NamedThing
from llm.text import fold


@pytest.fixture
def finder(things):
    return NameFinder(SurfaceIndex(things))


def found(finder, text, **options):
    return [(one.thing.id, one.method) for one in finder.find(fold(text), (), **options)]


def test_names_come_in_the_order_of_the_text_and_the_longest_wins(finder):
    assert found(finder, "silver harbour the return and war") == [
        ("2", "exact"),
        ("genre:war", "exact"),
    ]


def test_slips_are_forgiven_unless_told_otherwise(finder):
    assert found(finder, "sneekers by novastep") == [
        ("category:sneakers", "fuzzy"),
        ("brand:nova", "exact"),
    ]
    assert found(finder, "sneekers by novastep", forgiving=False) == [("brand:nova", "exact")]


def test_traditional_characters_find_simplified_names_and_the_other_way_round():
    things = [
        NamedThing("1", "Item", "Item", ("盐之路",)),
        NamedThing("2", "Entity", "Genre", ("戰爭片",)),
    ]
    finder = NameFinder(SurfaceIndex(things))
    assert found(finder, "類似《鹽之路》的战争片") == [("1", "exact"), ("2", "exact")]


@pytest.mark.parametrize(
    "text",
    ["by the silver harbour director", "from the director of Silver Harbour", "《银色港湾》的导演"],
)
def test_a_title_that_stands_for_its_makers_is_not_meant(finder, text):
    assert found(finder, text) == []
