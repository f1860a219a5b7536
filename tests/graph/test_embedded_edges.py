"""Triples and events in SQLite, beyond the contract suite."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.domain import Entity, Interaction, Item, Triple
from graph.embedded_edges import add_events, upsert_triples
from graph.embedded_nodes import upsert_entities, upsert_items
from graph.embedded_reads import export, triples_of, version

IDS = st.sampled_from(["i0", "i1", "e0", "e1", "missing"])
TRIPLES = st.lists(
    st.builds(Triple, IDS, st.sampled_from(["A", "B"]), IDS, st.sampled_from([0.5, 1.0, 2.0]))
)
EVENTS = st.lists(
    st.builds(
        Interaction,
        st.sampled_from(["u0", "u1"]),
        st.sampled_from(["i0", "i1", "missing"]),
        st.sampled_from(["view", "buy"]),
        at=st.sampled_from([0.0, 1.5]),
        event_id=st.sampled_from(["", "x"]),
    )
)
ANY_STATE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def fill(session):
    upsert_items(session, [Item("i0", "I"), Item("i1", "J")])
    upsert_entities(session, [Entity("e0", "Genre", "E"), Entity("e1", "Genre", "F")])


@ANY_STATE
@given(TRIPLES)
def test_triples_are_like_a_dictionary(session, triples):
    fill(session)
    before = {(t.head, t.relation, t.tail): t.weight for t in all_triples(session)}
    outcome = upsert_triples(session, triples)
    good = [t for t in triples if "missing" not in {t.head, t.tail}]
    after = before | {(t.head, t.relation, t.tail): t.weight for t in good}
    assert {(t.head, t.relation, t.tail): t.weight for t in all_triples(session)} == after
    assert outcome.count.created == len(after) - len(before)
    assert outcome.count.updated == sum(after[key] != before[key] for key in before)
    count = outcome.count
    assert count.created + count.updated + count.unchanged == len(good)
    assert len(outcome.dangling) == len(triples) - len(good)
    last = version(session.connection)
    assert upsert_triples(session, triples).count.created == 0
    if len({(t.head, t.relation, t.tail) for t in good}) == len(good):
        assert version(session.connection) == last


def all_triples(session):
    return {t for name in ("i0", "i1", "e0", "e1") for t in triples_of(session.connection, name)}


@ANY_STATE
@given(EVENTS)
def test_every_event_is_accepted_once_or_told_why_not(session, events):
    fill(session)
    before = {event_key for (event_key,) in session.connection.execute("select key from event")}
    outcome = add_events(session, events)
    told = [*outcome.accepted, *outcome.duplicates, *(index for index, _ in outcome.rejected)]
    assert sorted(told) == list(range(len(events)))
    fresh = {e.key for e in events if e.item_id != "missing"} - before
    assert {events[index].key for index in outcome.accepted} == fresh
    assert add_events(session, events).accepted == ()
    assert len(export(session.connection).events.users) == len(before | fresh)
