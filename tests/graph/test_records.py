"""Records as JSON, and what a store refuses."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.domain import Entity, Interaction, Item, Triple, User
from graph.errors import InvalidError
from graph.records import (
    check_query_vector,
    check_triples,
    event_problem,
    is_id,
    last_by_id,
    pack,
    surfaces,
    unit_rows,
    unpack,
)

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
SCALAR = st.one_of(TEXT, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(-1e9, 1e9))
VALUE = st.one_of(SCALAR, st.lists(SCALAR, max_size=3).map(tuple))


@given(
    TEXT, st.dictionaries(TEXT, TEXT, max_size=3), TEXT, st.dictionaries(TEXT, VALUE, max_size=3)
)
def test_an_item_comes_back_equal(title, names, text, attributes):
    item = Item("i", title, names, text, attributes)
    assert unpack(Item, "i", pack(item)) == item


@given(TEXT, st.dictionaries(TEXT, TEXT, max_size=3), st.lists(TEXT, max_size=3).map(tuple))
def test_an_entity_comes_back_equal(name, names, aliases):
    entity = Entity("e", "Genre", name, names, aliases)
    assert unpack(Entity, "e", pack(entity)) == entity


@given(st.dictionaries(TEXT, SCALAR, max_size=3))
def test_a_user_comes_back_equal(attributes):
    assert unpack(User, "u", pack(User("u", attributes))) == User("u", attributes)


def test_empty_fields_take_no_room():
    assert pack(Item("i1", "")) == '{"title":""}'
    assert pack(User("u1")) == "{}"


@pytest.mark.parametrize("value", [float("nan"), (float("inf"),), 2**70, "\ud800", object()])
def test_what_json_cannot_write_is_refused_by_id(value):
    with pytest.raises(InvalidError, match="'i1'"):
        pack(Item("i1", "x", attributes={"a": value}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a", True), ("鞋\x00", True), ("x" * 512, True), ("", False), ("x" * 513, False),
     ("\udfff", False)],
)  # fmt: skip
def test_ids(text, expected):
    assert is_id(text) is expected


def test_the_last_record_of_an_id_counts_in_the_place_of_the_first():
    batch = last_by_id([User("a"), User("b"), User("a", {"age": 1})])
    assert list(batch.values()) == [User("a", {"age": 1}), User("b")]


def test_surfaces_begin_with_the_main_name():
    assert surfaces(Item("i", "Alien", {"zh": "异形"})) == ["Alien", "异形"]
    assert surfaces(Entity("e", "P", "A", {"zh": "甲"}, ("B",))) == ["A", "甲", "B"]


@pytest.mark.parametrize(
    "triple",
    [Triple("a", "similar to", "b"), Triple("a", "SIMILAR_TO", "b"), Triple("a", "", "b"),
     Triple("a", "R" * 65, "b"), Triple("a", "R", "b", float("inf"))],
)  # fmt: skip
def test_triples_that_cannot_be_stored(triple):
    check_triples([Triple("a", "R_1", "b", -0.5)])
    with pytest.raises(InvalidError):
        check_triples([Triple("a", "R_1", "b"), triple])


def test_events_say_what_is_wrong_with_them():
    assert event_problem(Interaction("u", "i", value=1.0, event_id="x")) == ""
    assert "user" in event_problem(Interaction("", "i"))
    assert "type" in event_problem(Interaction("u", "i", ""))
    assert "event id" in event_problem(Interaction("u", "i", event_id="x" * 999))
    assert "finite" in event_problem(Interaction("u", "i", at=float("inf")))


def test_rows_get_unit_length_and_zeros_stay():
    found = unit_rows(np.array([[3.0, 4.0], [0.0, 0.0], [1e30, 0.0]], dtype=np.float32), 3)
    np.testing.assert_allclose(found, [[0.6, 0.8], [0, 0], [1, 0]], rtol=1e-6)
    assert found.dtype == np.float32


@pytest.mark.parametrize("vector", [np.ones(3), np.zeros(2)])
def test_query_vectors_that_cannot_be_compared(vector):
    check_query_vector(np.ones(2, dtype=np.float32), 2)
    with pytest.raises(InvalidError):
        check_query_vector(vector.astype(np.float32), 2)
