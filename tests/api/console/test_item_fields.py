import pytest

from api.console.item_fields import fields_in
from graph.presets import preset

FILMS = [
    {"year": 1953, "genres": ("Drama",), "directors": "Yasujirō Ozu", "imdb_id": "tt1"},
    {"year": 1958, "genres": ("Comedy", "Family"), "in_colour": True, "plot": "A house."},
]


def test_columns_of_the_catalog_become_fields():
    found = {field.column: field for field in fields_in(FILMS, preset("films"))}
    assert set(found) == {"year", "genres", "directors", "in_colour"}
    assert found["year"].kind == "number"
    assert found["in_colour"].kind == "flag"
    assert (found["genres"].kind, found["genres"].label) == ("names", "Genre")


def test_fields_are_called_what_people_call_them():
    found = {field.column: field for field in fields_in(FILMS, preset("films"))}
    assert found["directors"].title("en") == "Directors"
    assert found["directors"].title("zh") == "导演"
    assert found["year"].title("zh") == "年份"
    assert found["in_colour"].title("en") == "In colour"


def test_what_is_most_frequent_comes_first_and_what_is_seldom_not_at_all():
    shop = [{"brand": "A", "price": 9.5}] * 99 + [{"brand": "B", "gift": "x"}]
    assert [field.column for field in fields_in(shop, preset("generic"))] == ["brand", "price"]


@pytest.mark.parametrize(("name", "column"), [("films", "directors"), ("generic", "brand")])
def test_an_empty_catalog_asks_for_the_relations_of_its_preset(name, column):
    found = {field.column: field for field in fields_in([], preset(name))}
    assert found[column].kind == "names"
    assert found["year"].kind == "number"
    assert all(field.column.isascii() for field in found.values())
