"""The benchmark of what-if, on a made-up graph of two tastes."""

import asyncio
import sys
from importlib import import_module
from pathlib import Path

import pytest

from graph.domain import Entity, Interaction, Item, Triple
from graph.embedded_store import EmbeddedStore
from graph.presets import preset
from graph.snapshot import Snapshot
from ranking.model import Model
from ranking.pipeline import Recommender

EXPLAIN = Path(__file__).parents[2] / "benchmarks" / "explain"
N_ITEMS, N_USERS = 16, 12


@pytest.fixture
def what_if(monkeypatch):
    before = set(sys.modules)
    monkeypatch.syspath_prepend(EXPLAIN)
    yield import_module("what_if")
    for name in set(sys.modules) - before:
        if EXPLAIN in Path(getattr(sys.modules[name], "__file__", None) or "/").parents:
            del sys.modules[name]


async def exported():
    items = [Item(f"i{n}", f"Film {'abcdefghijklmnop'[n]}") for n in range(N_ITEMS)]
    links = [Triple(item.id, "HAS_GENRE", f"genre:{n % 2}") for n, item in enumerate(items)]
    events = [
        Interaction(f"u{user}", f"i{(user + 2 * step) % N_ITEMS}", "like", None, 100.0 * step)
        for user in range(N_USERS)
        for step in range(4)
    ]
    store = EmbeddedStore(":memory:")
    await store.prepare()
    await store.upsert_items(items)
    await store.upsert_entities([Entity(f"genre:{n}", "Genre", f"Genre {n}") for n in range(2)])
    await store.upsert_triples(links)
    await store.add_events(events)
    export = await store.export()
    await store.close()
    return Snapshot.of(export)


@pytest.fixture
def recommender():
    snapshot, films = asyncio.run(exported()), preset("films")
    return Recommender(snapshot, Model.untrained(snapshot, films), preset=films)


def test_real_deletions_give_what_was_foretold(what_if, recommender):
    users = [f"u{n}" for n in range(N_USERS)]
    before = {user: len(recommender.state.history(user)) for user in users}
    found = what_if.compared(recommender, users, n_pairs=16)
    assert len(found.differences) == 16
    assert max(found.differences) <= 1e-12
    assert all(found.same_places)
    assert any(found.changed)
    assert {"event", "link"} <= found.milliseconds.keys()
    after = {user: len(recommender.state.history(user)) for user in users}
    assert sum(before.values()) - sum(after.values()) == len(found.milliseconds["event"])


def test_edges_are_sorted_by_what_can_delete_them(what_if):
    kinds = {
        what_if._kind(what_if.Edge("a", type_, "b"))
        for type_ in ("INTERACTED", "HAS_GENRE", "SIMILAR_TO", "CLOSE_TO")
    }
    assert kinds == {"event", "link", "learned"}
    assert what_if._kind(what_if.Edge("a", "ASKS_FOR", "b")) == "other"
