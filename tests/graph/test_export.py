import json

import pytest

from graph.domain import Entity, Interaction, Item, Triple, User
from graph.embedded_store import EmbeddedStore
from graph.errors import ConflictError, InvalidError
from graph.export import write_export


async def small_graph():
    store = EmbeddedStore(":memory:")
    await store.prepare()
    await store.upsert_items([
        Item("1", "Heat", {"zh": "盗火线"}, "Two men.", {"year": 1995, "genre": ("A", "B")}),
        Item("2", "Thief"),
    ])
    await store.upsert_entities([Entity("p:m", "Person", "Mann", aliases=("MM",))])
    await store.upsert_users([User("u", {"age": 24})])
    await store.upsert_triples([
        Triple("1", "DIRECTED_BY", "p:m"),
        Triple("1", "NEAR", "2", weight=0.5),
    ])
    await store.add_events([
        Interaction("u", "1", "rating", 5.0, at=10.0),
        Interaction("u", "2", "view"),
    ])
    export = await store.export()
    await store.close()
    return export


def rows(folder, name):
    return [json.loads(line) for line in (folder / name).read_text().splitlines()]


async def test_every_record_is_written_with_what_it_holds(tmp_path):
    written = write_export(await small_graph(), tmp_path / "out")
    assert written == {
        "entities.jsonl": 1,
        "items.jsonl": 2,
        "users.jsonl": 1,
        "triples.jsonl": 2,
        "events.jsonl": 2,
    }
    assert rows(tmp_path / "out", "items.jsonl") == [
        {
            "id": "1",
            "title": "Heat",
            "names": {"zh": "盗火线"},
            "text": "Two men.",
            "attributes": {"year": 1995, "genre": ["A", "B"]},
        },
        {"id": "2", "title": "Thief"},
    ]
    assert {"head": "1", "relation": "NEAR", "tail": "2", "weight": 0.5} in rows(
        tmp_path / "out", "triples.jsonl"
    )
    assert rows(tmp_path / "out", "events.jsonl") == [
        {"user_id": "u", "item_id": "1", "type": "rating", "value": 5.0, "at": 10.0},
        {"user_id": "u", "item_id": "2", "type": "view"},
    ]


async def test_a_folder_that_is_there_is_refused(tmp_path):
    with pytest.raises(ConflictError):
        write_export(await small_graph(), tmp_path)


async def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidError, match="cannot be written"):
        write_export(await small_graph(), tmp_path / "file" / "out")


async def test_a_kind_without_records_has_no_file(tmp_path):
    store = EmbeddedStore(":memory:")
    await store.prepare()
    await store.upsert_items([Item("1", "Heat")])
    written = write_export(await store.export(), tmp_path / "out")
    await store.close()
    assert written["events.jsonl"] == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["items.jsonl"]
