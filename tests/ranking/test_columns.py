import numpy as np
import pytest

from graph.domain import Item
from ranking.columns import Columns, compare
from ranking.model import Model
from ranking.state import ServingState

ITEMS = [
    Item(
        "1",
        "One",
        attributes={"genres": ("Comedy", "Family"), "year": 1990, "color": True, "sold": ""},
    ),
    Item(
        "2",
        "Two",
        attributes={"genres": "Horror", "price": "39.90 €", "release_date": "1984-05-02"},
    ),
    Item(
        "3",
        "Three",
        attributes={"price": "5 €", "weight_kg": 2, "sizes": (38, 40), "release_date": "1999"},
    ),
    Item("4", "Four"),
]


@pytest.fixture
def state(small, preset_films):
    snapshot = small(ITEMS).snapshot()
    return ServingState(snapshot, Model.untrained(snapshot, preset_films), preset_films)


@pytest.fixture
def columns(state):
    return Columns(state)


@pytest.mark.parametrize(
    ("name", "wanted", "expected"),
    [
        ("genres", "comedy", [0]),
        ("genres", "Horror", [1]),
        ("genres", ("Horror", "Family"), [0, 1]),
        ("genres", ("Western", "War"), []),
        ("year", 1990, [0]),
        ("year", "1990", [0]),
        ("min_year", 1990, [0]),
        ("min_year", 1991, []),
        ("max_year", 1989.5, []),
        ("max_year", 1990, [0]),
        ("min_sizes", 40, [2]),
        ("min_stars", 3, []),
        ("color", True, [0]),
        ("color", False, []),
        ("studio", "None", []),
        ("max_price", 10, [2]),
    ],
)
def test_filters(columns, name, wanted, expected):
    assert np.flatnonzero(columns.meeting(name, wanted)).tolist() == expected


@pytest.mark.parametrize(
    ("op", "expected"),
    [("<=", [1, 1, 0]), (">=", [0, 1, 1]), ("==", [0, 1, 0]), ("<", [1, 0, 0]), (">", [0, 0, 1])],
)
def test_comparisons(op, expected):
    assert compare(np.array([1.0, 2.0, 3.0]), op, 2.0).tolist() == list(map(bool, expected))


def test_what_the_catalog_can_be_limited_by(columns):
    known = {one.field: (one.kind, one.unit.symbol if one.unit else "") for one in columns.measures}
    assert known == {
        "year": ("year", ""),
        "release_date": ("year", ""),
        "price": ("price", "EUR"),
        "weight_kg": ("", "kg"),
        "sizes": ("size", ""),
    }
    assert columns.measures.of_kind("year").field == "release_date", "what more items have"


def test_numbers_of_dates_are_years(columns):
    column = columns.numbers("release_date")
    assert (column.rows.tolist(), column.values.tolist()) == ([1, 2], [1984.0, 1999.0])
    assert columns.number(1, "release_date") == 1984.0
    assert columns.numbers("genres") is None
    assert columns.number(3, "price") is None


def test_a_currency_column_tells_the_unit(small, preset_films):
    items = [Item(name, name, attributes={"price": 3, "currency": "eur"}) for name in "ab"]
    snapshot = small(items).snapshot()
    state = ServingState(snapshot, Model.untrained(snapshot, preset_films), preset_films)
    assert Columns(state).measures.of_kind("price").unit.symbol == "EUR"


def test_a_change_counts_at_once(state, columns):
    assert columns.numbers("price").values.tolist() == [39.9, 5.0]
    row = state.apply_item(
        Item("3", "Three", attributes={"price": 50, "genres": "War"}), [], [], None
    )
    columns.put(row)
    new = state.apply_item(Item("5", "Five", attributes={"price": 7}), [], [], None)
    columns.put(new)
    column = columns.numbers("price")
    assert dict(zip(column.rows.tolist(), column.values.tolist(), strict=True)) == {
        1: 39.9,
        2: 50.0,
        4: 7.0,
    }
    assert np.flatnonzero(columns.meeting("genres", "war")).tolist() == [2]
    assert np.flatnonzero(columns.meeting("release_date", "1999")).tolist() == []
