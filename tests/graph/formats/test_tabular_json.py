import json

import pytest

from graph.catalog import load_catalog
from graph.domain import Entity, Interaction, Item, Triple, User
from graph.embedded_store import EmbeddedStore
from graph.export import write_export
from graph.formats import tabular_json
from graph.formats.fields import FieldError


def test_items():
    fields = {
        "id": 7,
        "title": "Boot",
        "names": {"zh": "靴子"},
        "title_de": "Stiefel",
        "text": "Warm",
        "attributes": {"brand": "Nike", "sizes": [38, 39], "none": None},
        "color": "red",
    }

    assert tabular_json.item(fields, {}) == Item(
        "7",
        "Boot",
        {"de": "Stiefel", "zh": "靴子"},
        "Warm",
        {"color": "red", "brand": "Nike", "sizes": (38, 39)},
    )
    assert tabular_json.item({"sku": "1"}, {"id": "sku"}) == Item("1", "1")


def test_entities():
    assert tabular_json.entity({"label": "heel type", "name": "Flat", "aliases": "low|even"}) == (
        Entity("heeltype:flat", "HeelType", "Flat", {}, ("low", "even"))
    )
    assert tabular_json.entity({"id": "e", "label": "X", "aliases": ["a", "a"]}) == (
        Entity("e", "X", "e", {}, ("a",))
    )


def test_users_events_and_triples():
    assert tabular_json.user({"user": "u", "age": 3, "attributes": {"g": "F"}}) == (
        User("u", {"age": 3, "g": "F"})
    )
    assert tabular_json.event({"user_id": "u", "item_id": 1, "value": 4, "at": "1970-01-02"}) == (
        Interaction("u", "1", "rating", 4, 86400)
    )
    assert tabular_json.triple({"head": 1, "relation": "r", "tail": 2, "weight": 0.5}) == (
        Triple("1", "R", "2", 0.5)
    )


@pytest.mark.parametrize(
    ("build", "fields"),
    [
        (lambda f: tabular_json.item(f, {}), {"id": ["x"]}),
        (lambda f: tabular_json.item(f, {}), {"id": "x", "attributes": [1]}),
        (lambda f: tabular_json.item(f, {}), {"id": "x", "names": "x"}),
        (lambda f: tabular_json.item(f, {}), {"id": "x", "attributes": {"a": {"b": 1}}}),
        (tabular_json.entity, {"label": "X"}),
        (tabular_json.entity, {"label": "X", "name": "x", "aliases": [1]}),
        (tabular_json.user, {"id": "x", "tags": ["a"]}),
        (tabular_json.triple, {"head": "a", "tail": "b"}),
        (tabular_json.event, {"user": "a", "item": "b", "at": True}),
    ],
)
def test_what_cannot_be_read(build, fields):
    with pytest.raises(FieldError):
        build(fields)


async def test_an_export_comes_back_as_it_was(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "items.jsonl").write_text(
        json.dumps({"id": "1", "title": "A", "brand": "Nike", "sizes": [1, 2], "title_zh": "甲"})
        + "\n"
        + json.dumps({"id": "2", "title": "B", "price": 1.5})
    )
    (folder / "events.jsonl").write_text(
        json.dumps({"user": "u", "item": "1", "type": "view", "at": 5})
    )
    (folder / "triples.jsonl").write_text(
        json.dumps({"head": "1", "relation": "goes with", "tail": "2", "weight": 0.5})
    )
    first, second = EmbeddedStore(":memory:"), EmbeddedStore(":memory:")
    for store in (first, second):
        await store.prepare()
    await load_catalog(first, folder)

    write_export(await first.export(), tmp_path / "out")
    summary = await load_catalog(second, tmp_path / "out")

    assert summary.problems == ()
    before, after = await first.export(), await second.export()
    assert after.items == before.items
    assert after.entities == before.entities
    assert after.users == before.users
    assert await first.triples_of("1") == await second.triples_of("1")
    assert await first.events_of("u") == await second.events_of("u")
    for store in (first, second):
        await store.close()
