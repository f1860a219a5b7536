"""The served graph follows the store by state: nothing is lost and nothing counts twice."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.live import LiveGraph
from graph.domain import Entity, Interaction, Item, Triple, User
from graph.embedded_store import EmbeddedStore
from graph.learned import LearnedEdges
from graph.presets import preset
from graph.snapshot import Snapshot
from ranking.domain import Query
from ranking.model import Model
from ranking.pipeline import Recommender

ITEMS = [Item(name, name.upper()) for name in ("a", "b", "c", "d")]
ENTITIES = [Entity("genre:x", "Genre", "X"), Entity("genre:y", "Genre", "Y")]
TRIPLES = [
    Triple("a", "HAS_GENRE", "genre:x"),
    Triple("b", "HAS_GENRE", "genre:x"),
    Triple("c", "HAS_GENRE", "genre:y"),
    Triple("d", "HAS_GENRE", "genre:y"),
]
FIRST = Interaction("u", "a", "like", at=10.0, event_id="first")


@pytest.fixture
async def store():
    store = EmbeddedStore(":memory:")
    await store.prepare()
    await store.upsert_items(ITEMS)
    await store.upsert_entities(ENTITIES)
    await store.upsert_triples(TRIPLES)
    await store.add_events([FIRST])
    yield store
    await store.close()


async def live_of(store):
    snapshot = Snapshot.of(await store.export())
    domain = preset("generic")
    return LiveGraph(
        Recommender(snapshot, Model.untrained(snapshot, domain), preset=domain), snapshot
    )


@pytest.fixture
async def live(store):
    return await live_of(store)


async def follow(live, store):
    await live.follow(store, await store.changes(live.version))
    live.settle()


def scores(live, user="u"):
    found = live.recommender.recommend(Query(user_id=user, k=10))
    return {item.item_id: pytest.approx(item.score) for item in found.items}


async def same_as_new(live, store, user="u"):
    """Whether the followed graph answers like one that is built anew from the store."""
    anew = await live_of(store)
    mine = live.recommender.state.history(user)
    other = anew.recommender.state.history(user)
    ids = [live.recommender.state.item(row).id for row in mine.items]
    return ids == [anew.recommender.state.item(row).id for row in other.items]


async def test_events_of_others_are_applied_and_the_version_follows(live, store):
    before = scores(live)
    await store.add_events([Interaction("u", "c", "like", at=20.0)])
    await follow(live, store)
    assert "c" not in scores(live)
    assert scores(live) != before
    assert live.version == await store.version() == live.recommender.graph_version
    assert await same_as_new(live, store)


async def test_events_of_our_own_count_once_when_the_log_tells_of_them(live, store):
    event = Interaction("u", "c", "like", at=20.0)
    await store.add_events([event])
    live.wrote_events([event], n_sent=1)
    after = scores(live)
    await follow(live, store)
    assert scores(live) == after
    await follow(live, store)
    assert await same_as_new(live, store)


async def test_events_of_ours_and_of_others_to_one_user_all_count_once(live, store):
    ours = Interaction("u", "c", "like", at=20.0)
    theirs = Interaction("u", "b", "like", at=15.0)
    await store.add_events([theirs])
    await store.add_events([ours])
    live.wrote_events([ours], n_sent=1)
    await follow(live, store)
    assert sorted(live.recommender.state.history("u").items) == [0, 1, 2]


async def test_a_swap_in_the_middle_of_a_write_does_not_count_it_twice(store):
    event = Interaction("u", "c", "like", at=20.0)
    old = await live_of(store)
    await store.add_events([event])
    new = await live_of(store)
    await follow(new, store)
    old.wrote_events([event], n_sent=1)
    assert list(new.recommender.state.history("u").items) == [0, 2]


async def test_a_deleted_user_is_forgotten_and_what_came_after_counts(live, store):
    await store.delete_user("u")
    ours = Interaction("u", "d", "like", at=30.0)
    await store.add_events([ours])
    live.wrote_events([ours], n_sent=1)
    await follow(live, store)
    assert live.knows_user("u")
    assert list(live.recommender.state.history("u").items) == [3]
    assert live.has_erased
    await store.delete_user("u")
    await follow(live, store)
    assert not live.knows_user("u")


async def test_events_that_others_delete_are_forgotten_and_what_came_after_counts(live, store):
    await store.add_events([Interaction("u", "c", "view", at=20.0)])
    await follow(live, store)
    await store.delete_events("u", "c")
    await store.delete_events("u", "a")
    ours = replace(FIRST, at=30.0, event_id="later")
    await store.add_events([ours])
    live.wrote_events([ours], n_sent=1)
    await follow(live, store)
    assert list(live.recommender.state.history("u").items) == [0]
    assert live.recommender.state.history("u").times.tolist() == [30]
    assert live.has_erased
    assert not live.behind
    await store.delete_events("u", "a")
    await follow(live, store)
    assert live.knows_user("u")
    assert len(live.recommender.state.history("u")) == 0
    assert live.recommender.state.event_types("u") == {}


async def test_an_event_that_comes_back_after_it_was_deleted_counts(live, store):
    await store.delete_events("u", "a")
    live.deleted_events("u", "a")
    assert "a" in scores(live)
    await store.add_events([FIRST])
    await follow(live, store)
    assert "a" not in scores(live)
    assert await same_as_new(live, store)


async def test_a_deletion_that_is_applied_before_an_earlier_event_is_put_right_by_the_log(
    live, store
):
    event = Interaction("u", "c", "like", at=20.0)
    await store.add_events([event])
    await store.delete_events("u", "c")
    live.deleted_events("u", "c")
    live.wrote_events([event], n_sent=1)
    await follow(live, store)
    assert "c" in scores(live)
    assert await same_as_new(live, store)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["add", "delete", "follow"]),
            st.booleans(),
            st.sampled_from("uvw"),
            st.sampled_from("abcd"),
            st.integers(1, 3),
        ),
        max_size=14,
    )
)
def test_whatever_is_added_and_deleted_the_answer_is_that_of_what_is_left(steps):
    asyncio.run(_same_in_the_end(steps))


async def _same_in_the_end(steps):
    store = EmbeddedStore(":memory:")
    await store.prepare()
    await store.upsert_items(ITEMS)
    await store.add_events([FIRST, replace(FIRST, item_id="b", event_id="second")])
    live = await live_of(store)
    for verb, ours, user, item, at in steps:
        # No two items at the same second: their order would be that of arrival.
        event = Interaction(user, item, f"type-{at}", at=10.0 * at + "abcd".index(item))
        if verb == "follow":
            await follow(live, store)
        elif verb == "add":
            accepted = (await store.add_events([event])).accepted
            if ours and accepted:
                live.wrote_events([event], n_sent=1)
        elif await store.delete_events(user, item) and ours:
            live.deleted_events(user, item)
    await follow(live, store)
    anew = await live_of(store)
    for user in "uvw":
        mine, other = (each.recommender.state.history(user) for each in (live, anew))
        assert (mine is None) == (other is None)
        if mine is not None:
            assert list(mine.items) == list(other.items)
            assert list(mine.times) == list(other.times)
            types = [each.recommender.state.event_types(user) for each in (live, anew)]
            assert types[0] == types[1]
    await store.close()


async def test_items_of_others_are_onboarded_changed_and_removed(live, store):
    item = Item("e", "E")
    await store.put_item(item, [ENTITIES[0]], [Triple("e", "HAS_GENRE", "genre:x")])
    await follow(live, store)
    assert live.recommender.item("e").title == "E"
    assert live.recommender.state.links(live.recommender.state.item_row("e"))
    found = {item.item_id: item.parts for item in live.recommender.recommend(Query("u")).items}
    assert found["e"]["paths"] == pytest.approx(found["b"]["paths"])
    await store.put_item(
        replace(item, title="F"), [ENTITIES[1]], [Triple("e", "HAS_GENRE", "genre:y")]
    )
    await follow(live, store)
    assert live.recommender.item("e").title == "F"
    assert scores(live)["e"] == scores(live)["d"]
    await store.delete_item("e")
    await follow(live, store)
    assert "e" not in scores(live)


async def test_an_item_of_ours_is_not_onboarded_twice_but_a_change_by_others_is_seen(live, store):
    item, triple = Item("e", "E"), Triple("e", "HAS_GENRE", "genre:x")
    await store.put_item(item, [ENTITIES[0]], [triple])
    live.wrote_item(item, [ENTITIES[0]], [triple])
    state = live.recommender.state
    links = state.links(state.item_row("e"))
    await follow(live, store)
    assert state.links(state.item_row("e")) is links
    await store.put_item(replace(item, title="F"), [ENTITIES[0]], [triple])
    await follow(live, store)
    assert live.recommender.item("e").title == "F"


async def test_a_write_that_changed_nothing_does_not_hide_a_later_one_of_others(live, store):
    live.deleted_item("a")  # our delete, of which the log will not tell
    await follow(live, store)
    await store.delete_item("a")
    await store.put_item(Item("a", "Anew"), [], [])
    await follow(live, store)
    assert live.recommender.item("a").title == "Anew"


async def test_users_of_others_become_known(live, store):
    await store.upsert_users([User("new", {"age": 30})])
    await follow(live, store)
    assert live.knows_user("new")
    assert live.recommender.state.user("new").attributes == {"age": 30}


@pytest.mark.parametrize("kind", ["entities", "entity triples", "many"])
async def test_what_cannot_be_followed_asks_for_a_new_snapshot(live, store, kind):
    if kind == "entities":
        await store.upsert_entities([replace(ENTITIES[0], name="Renamed")])
    elif kind == "entity triples":
        await store.upsert_triples([Triple("genre:x", "PART_OF", "genre:y")])
    else:
        await store.upsert_items([Item(f"n{number}", "N") for number in range(1001)])
    await follow(live, store)
    assert live.behind
    assert live.version == await store.version()


async def test_learned_edges_are_no_reason_for_a_new_snapshot(live, store):
    await store.replace_learned(LearnedEdges("m", ["a"], ["b"], [1.0]))
    await follow(live, store)
    assert not live.behind
    assert live.version == await store.version()
