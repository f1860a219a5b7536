"""Triples and events in Neo4j, beyond the contract suite."""

import pytest

from graph.domain import Entity, Interaction, Item, Triple
from graph.learned import LearnedEdges

pytestmark = pytest.mark.neo4j


async def test_one_batch_may_hold_every_kind_of_edge(neo4j_store):
    await neo4j_store.upsert_items([Item("i1", "A"), Item("i2", "B")])
    await neo4j_store.upsert_entities([Entity("e1", "X", "C"), Entity("e2", "X", "D")])
    ends = [("i1", "i2"), ("i1", "e1"), ("e1", "i1"), ("e1", "e2"), ("e1", "e1")]
    batch = [Triple(head, relation, tail) for head, tail in ends for relation in ("A", "B")]
    assert (await neo4j_store.upsert_triples(batch)).count.created == 10
    assert (await neo4j_store.counts()).triples == {"A": 5, "B": 5}
    assert len(await neo4j_store.triples_of("e1")) == 8


async def test_events_of_one_batch_keep_their_order(neo4j_store):
    await neo4j_store.upsert_items([Item("i1", "A")])
    events = [Interaction(f"u{n % 3}", "i1", "view", n, event_id=str(n)) for n in range(30)]
    await neo4j_store.add_events(events)
    exported = (await neo4j_store.export()).events
    assert exported.values.tolist() == list(range(30))
    assert await neo4j_store.events_of("u0") == events[::3]


async def test_a_model_of_several_batches_replaces_another(neo4j_store, monkeypatch):
    monkeypatch.setattr("graph.neo4j_store._BATCH", 3)
    names = [f"i{n}" for n in range(5)]
    await neo4j_store.upsert_items([Item(name, name) for name in names])
    first = LearnedEdges("m1", names[:4], names[1:], [0.1, 0.2, 0.3, 0.4])
    assert await neo4j_store.replace_learned(first) == 4
    assert await neo4j_store.replace_learned(LearnedEdges("m2", ["i4"], ["i0"], [0.5])) == 1
    assert [await neo4j_store.similar(name) for name in names] == [[], [], [], [], [("i0", 0.5)]]
    assert await neo4j_store.replace_learned(LearnedEdges("m3", [], [], [])) == 0
    assert await neo4j_store.similar("i4") == []
