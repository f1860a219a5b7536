import pytest

from graph.domain import Item
from ranking.titles import Title


def title(text, **attributes):
    return Title.of(Item("x", text, attributes=attributes))


def same_work(one, other):
    return title(one).words == title(other).words != ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alien (1979)", "ALIEN"),
        ("Alien, The (1979)", "The Alien"),
        ("Amélie", "Amelie"),
        ("Pride & Prejudice", "Pride and Prejudice"),
        ("Blade Runner", "Blade Runner: The Final Cut"),
        ("Blade Runner", "Blade Runner (Director's Cut)"),
        ("Abbey Road", "Abbey Road - Remastered 2009"),
        ("Abbey Road", "Abbey Road (Super Deluxe Edition)"),
        ("Dune", "Dune [Kindle Edition]"),
        ("Physics", "Physics (3rd Edition)"),
        ("三体", "三体（修订版）"),
        ("Schindler's List", "Schindler’s List"),
    ],
)
def test_editions_of_one_work_have_the_same_words(one, other):
    assert same_work(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Star Wars", "The Empire Strikes Back"),
        ("Star Wars: Episode IV", "Star Wars: Episode V"),
        ("Alien", "Aliens"),
        ("Kill Bill: Vol. 1", "Kill Bill: Vol. 2"),
        ("Harry Potter (Part 1)", "Harry Potter (Part 2)"),
        ("Die Hard", "Die Hard 2"),
        ("Hello", "Hello (Live)"),
        ("Rocky", "Rocky: The Musical"),
        ("The Cut", "The Final Cut"),
        ("三体", "三体II"),
        ("!!!", "???"),
    ],
)
def test_sequels_parts_and_other_works_do_not(one, other):
    assert not same_work(one, other)


def test_a_title_that_only_names_an_edition_keeps_its_words():
    assert title("Deluxe").words == ("deluxe",)
    assert title("The The").words == ("the",)
    assert title("(Deluxe Edition)").words == ()


@pytest.mark.parametrize(
    ("text", "attributes", "year"),
    [
        ("Alien (1979)", {}, 1979),
        ("Alien (1979)", {"year": 1980}, 1980),
        ("Alien", {"release_date": "1979-05-25"}, 1979),
        ("Alien", {"release_year": 1979.0}, 1979),
        ("Alien", {"year": "unknown", "published": 1979}, 1979),
        ("Alien", {"year": 19790525, "update": "1979"}, None),
        ("1984", {}, None),
        ("Blade Runner 2049", {}, None),
    ],
)
def test_the_year_comes_from_attributes_or_brackets(text, attributes, year):
    assert title(text, **attributes).year == year


def test_an_edition_is_noticed():
    assert title("Alien (Director's Cut)").names_edition
    assert not title("Alien (1979)").names_edition
    assert not title("Alien (Resurrection)").names_edition
    assert title("Alien (Resurrection)").words == ("alien", "resurrection")
