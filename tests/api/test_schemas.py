"""What request bodies may contain."""

import json
import math

import pytest
from pydantic import ValidationError

from api.schemas import (
    EventRequest,
    ItemBody,
    ItemPatch,
    ItemRequest,
    LoadRequest,
    UserRequest,
)
from graph.domain import Item
from graph.errors import InvalidError
from ranking.feedback import Feedback


def refused(model, **fields):
    with pytest.raises(ValidationError) as caught:
        model.model_validate(fields)
    return [".".join(str(part) for part in line["loc"]) for line in caught.value.errors()]


def test_unknown_members_are_refused():
    assert refused(EventRequest, user_id="u", item_id="i", weight=1) == ["weight"]


@pytest.mark.parametrize("name", ["", "a\x00b", "a\nb", "x" * 513, 7, None])
def test_ids_are_printable_and_of_bounded_length(name):
    assert refused(UserRequest, id=name) == ["id"]


@pytest.mark.parametrize("text", ['{"id": "\\ud800"}', '{"id": "a", "attributes": {"x": NaN}}'])
def test_what_json_allows_but_text_and_numbers_do_not_is_refused(text):
    with pytest.raises(ValidationError):
        UserRequest.model_validate(json.loads(text))


def test_attributes_keep_their_types():
    item = ItemRequest(
        id="i", title="T", attributes={"genres": ["A", "B"], "year": 1950, "new": True, "r": 0.5}
    ).item()
    assert item.attributes == {"genres": ("A", "B"), "year": 1950, "new": True, "r": 0.5}
    assert item.attributes["new"] is True


@pytest.mark.parametrize("value", [10**400, math.inf, {"nested": 1}, [["x"]], "x" * 10_001])
def test_attribute_values_are_bounded_scalars_or_lists_of_them(value):
    with pytest.raises(ValidationError):
        ItemRequest(id="i", title="T", attributes={"x": value})


@pytest.mark.parametrize(
    ("at", "seconds"),
    [
        (1_700_000_000, 1_700_000_000.0),
        (12.5, 12.5),
        ("1970-01-02T00:00:00Z", 86_400.0),
        ("1970-01-01T01:00:00+01:00", 0.0),
        (None, 99.0),
    ],
)
def test_the_time_of_an_event_is_seconds_or_iso_8601_or_now(at, seconds):
    event = EventRequest.model_validate({"user_id": "u", "item_id": "i", "at": at})
    assert event.record(now=99.0).at == seconds


@pytest.mark.parametrize("at", [-1, 4e12, "2024-01-01T00:00:00", "soon", True, math.nan])
def test_other_times_are_refused(at):
    with pytest.raises(ValidationError):
        EventRequest.model_validate({"user_id": "u", "item_id": "i", "at": at})


def test_an_event_is_about_an_item_or_an_entity_and_not_both():
    both = {"user_id": "u", "item_id": "i", "entity_id": "e", "type": "like"}
    for fields in ({"user_id": "u"}, both):
        with pytest.raises(ValidationError, match="either an item_id or an entity_id"):
            EventRequest.model_validate(fields)
    said = {"user_id": "u", "entity_id": "e"}
    for word in ("like", "dislike", "forget"):
        event = EventRequest.model_validate({**said, "type": word})
        assert event.record(now=9.0) == Feedback("u", "e", word)
    with pytest.raises(ValidationError, match="like, dislike or forget"):
        EventRequest.model_validate(said)
    for more in ({"value": 1}, {"at": 5}, {"event_id": "x"}):
        with pytest.raises(ValidationError, match="belong to events on items"):
            EventRequest.model_validate({**said, "type": "like", **more})


def test_a_patch_keeps_what_it_leaves_out_and_null_removes_an_attribute():
    item = Item("i", "Old", names={"zh": "旧"}, text="t", attributes={"a": 1, "b": 2})
    changed = ItemPatch(title="New", attributes={"b": None, "c": ["x"]}).applied_to(item)
    assert changed == Item(
        "i", "New", names={"zh": "旧"}, text="t", attributes={"a": 1, "c": ("x",)}
    )
    assert ItemPatch().applied_to(item) == item


def test_the_id_in_a_body_must_be_that_of_the_address():
    assert ItemBody(title="T").item("i").id == "i"
    assert ItemBody(id="i", title="T").item("i").id == "i"
    with pytest.raises(InvalidError, match="address"):
        ItemBody(id="other", title="T").item("i")
    with pytest.raises(InvalidError, match="valid id"):
        ItemBody(title="T").item("")


def test_a_load_names_a_path():
    assert refused(LoadRequest) == ["path"]
    assert LoadRequest(path="films").format == "auto"
