"""What every graph store does. The fixture ``store`` runs each test over all of them."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from graph.domain import Entity, Interaction, Item, Triple, User
from graph.errors import ConflictError, InvalidError, NotFoundError
from graph.learned import LearnedEdges, Relearned
from graph.snapshot import Snapshot
from graph.store import Change, EdgeBlock, GraphCounts, WriteCount

ALIEN = Item(
    "i1",
    "Alien",
    {"zh": "异形"},
    "In space no one can hear you scream.",
    {"year": 1979, "rating": 8.5, "seen": True, "tags": ("space", "horror"), "mixed": (1, "a")},
)
HEAT = Item("i2", "Heat")
SHINING = Item("i3", "The Shining", {"zh": "闪灵"})
SCOTT = Entity("e1", "Person", "Ridley Scott", {"zh": "雷德利·斯科特"}, ("Sir Ridley", "斯科特"))
HORROR = Entity("e2", "Genre", "Horror", {"zh": "恐怖片"})
FICTION = Entity("e3", "Genre", "Science Fiction")
DIRECTED = Triple("i1", "DIRECTED_BY", "e1")
IN_HORROR = Triple("i1", "HAS_GENRE", "e2", 0.5)
SUBGENRE = Triple("e3", "BROADER", "e2")
SEQUEL = Triple("i1", "FOLLOWS", "i2")
VIEW = Interaction("u1", "i1", "view", None, 10.0)
RATING = Interaction("u1", "i2", "rating", 4.5, 5.5)
CHINESE_VIEW = Interaction("用户", "i1", "view", None, 7.0, "event-1")
ODD_IDS = ["a b", "电影/一", "nul\x00inside", "'; drop table node; --", "`)", "é", "e\u0301", "😀"]


@pytest.fixture
async def films(store):
    """Three films, three entities, four triples, two users with three events."""
    await store.upsert_items([ALIEN, HEAT, SHINING])
    await store.upsert_entities([SCOTT, HORROR, FICTION])
    await store.upsert_triples([DIRECTED, IN_HORROR, SUBGENRE, SEQUEL])
    await store.upsert_users([User("u1", {"age": 24, "gender": "F"})])
    await store.add_events([VIEW, RATING, CHINESE_VIEW])
    return store


def edges(export):
    """All edges of an export as readable tuples."""
    names = {"Item": export.items, "Entity": export.entities}
    return sorted(
        (names[b.head_kind][h].id, b.relation, names[b.tail_kind][t].id, float(w))
        for b in export.edges
        for h, t, w in zip(b.heads, b.tails, b.weights, strict=True)
    )


def same(found, expected):
    """Whether two lists of triples hold the same, in whatever order."""
    return sorted(found, key=repr) == sorted(expected, key=repr)


# --- an empty store -----------------------------------------------------------------------------


async def test_an_empty_store_is_ready_at_version_zero(store):
    assert (await store.readiness()).ready
    assert await store.version() == 0
    assert await store.changes(0) == []
    assert await store.counts() == GraphCounts()


async def test_an_empty_store_exports_an_empty_graph(store):
    export = await store.export()
    assert (export.version, list(export.items), list(export.entities), list(export.users)) == (
        0,
        [],
        [],
        [],
    )
    assert list(export.edges) == []
    assert len(export.events.users) == 0
    assert len(Snapshot.of(export).items) == 0


async def test_preparing_again_keeps_everything(films):
    version = await films.version()
    await films.prepare()
    assert await films.version() == version
    assert await films.item("i1") == ALIEN


@pytest.mark.parametrize("verb", ["item", "entity", "user", "events_of"])
async def test_an_unknown_id_is_not_found(films, verb):
    with pytest.raises(NotFoundError) as caught:
        await getattr(films, verb)("nobody")
    assert caught.value.id == "nobody"


async def test_kinds_do_not_answer_for_each_other(films):
    with pytest.raises(NotFoundError):
        await films.item("e1")
    with pytest.raises(NotFoundError):
        await films.entity("i1")


async def test_an_empty_batch_changes_nothing(store):
    assert await store.upsert_items([]) == WriteCount()
    assert await store.upsert_entities([]) == WriteCount()
    assert await store.upsert_users([]) == WriteCount()
    assert (await store.upsert_triples([])).count == WriteCount()
    assert (await store.add_events([])).accepted == ()
    assert await store.version() == 0


# --- items, entities, users ---------------------------------------------------------------------


async def test_records_come_back_equal(films):
    assert await films.item("i1") == ALIEN
    assert await films.item("i2") == HEAT
    assert await films.entity("e1") == SCOTT
    assert await films.user("u1") == User("u1", {"age": 24, "gender": "F"})


async def test_writing_again_counts_created_updated_and_unchanged(store):
    assert await store.upsert_items([ALIEN, HEAT]) == WriteCount(created=2)
    changed = Item("i2", "Heat (1995)")
    assert await store.upsert_items([ALIEN, changed, SHINING]) == WriteCount(1, 1, 1)
    assert await store.item("i2") == changed


async def test_the_last_record_of_an_id_within_a_batch_counts(store):
    later = Item("i2", "Later")
    assert await store.upsert_items([HEAT, ALIEN, later]) == WriteCount(2, 0, 1)
    assert await store.item("i2") == later


async def test_users_are_replaced_and_keep_their_events(films):
    assert await films.upsert_users([User("u1", {"age": 25}), User("u9")]) == WriteCount(1, 1, 0)
    assert await films.user("u1") == User("u1", {"age": 25})
    assert await films.events_of("u1") == [RATING, VIEW]


async def test_what_users_said_stays_when_their_attributes_are_replaced(films):
    said = {"answer:entity:e1": "like", "answer:entity:e2": "dislike"}
    await films.upsert_users([User("u1", {"age": 24, **said})])
    assert await films.upsert_users([User("u1", {"age": 24})]) == WriteCount(unchanged=1)
    new = {"city": "Rome", "answer:entity:e2": "like"}
    assert await films.upsert_users([User("u1", new)]) == WriteCount(updated=1)
    assert (await films.user("u1")).attributes == {**new, "answer:entity:e1": "like"}


async def test_attributes_are_set_and_taken_away_one_by_one(films):
    version = await films.version()
    changes = {
        "u1": {"age": 25, "gender": None, "a b": "x"},
        "new": {"age": 1},
        "none": {"b": None},
    }
    assert await films.amend_users(changes) == [
        (User("u1", {"age": 24, "gender": "F"}), User("u1", {"age": 25, "a b": "x"})),
        (User("new"), User("new", {"age": 1})),
        (User("none"), User("none")),
    ]
    assert await films.changes(version) == [Change(version + 1, "users", ("new", "u1"))]
    assert await films.user("u1") == User("u1", {"age": 25, "a b": "x"})
    assert await films.user("new") == User("new", {"age": 1})
    with pytest.raises(NotFoundError):
        await films.user("none")
    assert await films.events_of("u1") == [RATING, VIEW]
    await films.amend_users(changes)
    await films.amend_users({})
    assert await films.version() == version + 1
    await films.amend_users({"new": {"age": True}})
    assert (await films.user("new")).attributes["age"] is True


@pytest.mark.parametrize("bad", ["", "x" * 513, "\ud800"])
async def test_users_that_cannot_be_stored_are_not_amended(films, bad):
    version = await films.version()
    with pytest.raises(InvalidError):
        await films.amend_users({"u1": {"age": 1}, bad: {"age": 1}})
    with pytest.raises(InvalidError):
        await films.amend_users({"u1": {"age": float("nan")}})
    assert await films.version() == version


async def test_many_who_amend_one_user_lose_nothing(films):
    await asyncio.gather(*(films.amend_users({"u1": {f"n{n}": n}}) for n in range(20)))
    found = (await films.user("u1")).attributes
    assert found == {"age": 24, "gender": "F"} | {f"n{n}": n for n in range(20)}


async def test_replacing_an_item_keeps_its_triples(films):
    await films.upsert_items([Item("i1", "Alien (1979)")])
    assert set(await films.triples_of("i1")) == {DIRECTED, IN_HORROR, SEQUEL}


async def test_an_entity_can_change_its_label_and_aliases(films):
    changed = Entity("e1", "Director", "Ridley Scott")
    assert await films.upsert_entities([changed]) == WriteCount(updated=1)
    assert await films.entity("e1") == changed
    assert (await films.counts()).labels == {"Director": 1, "Genre": 2}


async def test_items_and_entities_share_one_namespace(films):
    version = await films.version()
    with pytest.raises(ConflictError):
        await films.upsert_entities([Entity("e9", "Genre", "New"), Entity("i1", "Genre", "No")])
    with pytest.raises(ConflictError):
        await films.upsert_items([Item("i9", "New"), Item("e1", "No")])
    with pytest.raises(NotFoundError):
        await films.entity("e9")
    with pytest.raises(NotFoundError):
        await films.item("i9")
    assert await films.version() == version


@pytest.mark.parametrize("odd", ODD_IDS)
async def test_ids_are_taken_as_they_are(store, odd):
    item, entity, user = Item(odd, odd), Entity(f"e:{odd}", "Genre", odd), User(odd, {odd: odd})
    await store.upsert_items([item, HEAT])
    await store.upsert_entities([entity])
    await store.upsert_users([user])
    triple = Triple(odd, "HAS_GENRE", f"e:{odd}")
    event = Interaction(odd, odd, odd, 1.0, 2.0, odd)
    assert (await store.upsert_triples([triple])).count.created == 1
    assert (await store.add_events([event])).accepted == (0,)
    assert await store.item(odd) == item
    assert await store.entity(f"e:{odd}") == entity
    assert await store.user(odd) == user
    assert await store.triples_of(odd) == [triple]
    assert await store.events_of(odd) == [event]
    assert await store.delete_item(odd)
    assert await store.delete_user(odd)


@pytest.mark.parametrize("bad", ["", "x" * 513, "\ud800"])
async def test_ids_that_cannot_be_stored_are_refused(store, bad):
    for verb, record in (
        ("upsert_items", Item(bad, "x")),
        ("upsert_entities", Entity(bad, "Genre", "x")),
        ("upsert_users", User(bad)),
    ):
        with pytest.raises(InvalidError):
            await getattr(store, verb)([record])
    for verb in ("item", "entity", "user", "events_of"):
        with pytest.raises(NotFoundError):
            await getattr(store, verb)(bad)
    assert await store.triples_of(bad) == []
    assert not await store.delete_item(bad)
    assert not await store.delete_user(bad)


@pytest.mark.parametrize("label", ["", "person", "Item", "User", "A B", "X`) DETACH DELETE n //"])
async def test_labels_come_from_the_allow_list(store, label):
    with pytest.raises(InvalidError):
        await store.upsert_entities([Entity("e1", label, "x")])


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 2**70, "\ud800", (1.0, float("nan"))]
)
async def test_attributes_that_cannot_be_stored_are_refused_and_nothing_is_written(store, value):
    with pytest.raises(InvalidError):
        await store.upsert_items([HEAT, Item("i1", "x", attributes={"a": value})])
    assert await store.counts() == GraphCounts()


# --- triples ------------------------------------------------------------------------------------


async def test_triples_are_written_once(films):
    outcome = await films.upsert_triples([DIRECTED, SUBGENRE, DIRECTED])
    assert outcome.count == WriteCount(unchanged=3)
    assert (await films.counts()).triples == {
        "BROADER": 1,
        "DIRECTED_BY": 1,
        "FOLLOWS": 1,
        "HAS_GENRE": 1,
    }


async def test_an_edge_that_exists_gets_the_new_weight(films):
    heavier = Triple("i1", "HAS_GENRE", "e2", 2.0)
    new = Triple("i2", "HAS_GENRE", "e3")
    outcome = await films.upsert_triples([IN_HORROR, heavier, DIRECTED, new])
    assert outcome.count == WriteCount(1, 1, 2)
    assert same(await films.triples_of("e2"), [heavier, SUBGENRE])


async def test_dangling_triples_are_reported_with_index_and_id(films):
    batch = [
        Triple("i2", "HAS_GENRE", "e2"),
        Triple("i2", "HAS_GENRE", "missing"),
        Triple("gone", "HAS_GENRE", "e2"),
        Triple("u1", "LIKES", "e2"),
    ]
    outcome = await films.upsert_triples(batch)
    assert outcome.count == WriteCount(created=1)
    assert outcome.dangling == ((1, "missing"), (2, "gone"), (3, "u1"))
    assert same(await films.triples_of("i2"), [SEQUEL, batch[0]])


async def test_cycles_and_loops_are_edges_like_others(films):
    cycle = [Triple("e2", "BROADER", "e3"), Triple("e2", "BROADER", "e2")]
    assert (await films.upsert_triples(cycle)).count.created == 2
    assert same(await films.triples_of("e2"), [IN_HORROR, SUBGENRE, *cycle])


@pytest.mark.parametrize(
    "relation",
    ["", "lower", "SIMILAR_TO", "INTERACTED", "A B", "X`]->() DETACH DELETE a //", "É", "1A"],
)
async def test_relations_come_from_the_allow_list_and_nothing_is_written(films, relation):
    version = await films.version()
    with pytest.raises(InvalidError):
        await films.upsert_triples([Triple("i2", "HAS_GENRE", "e2"), Triple("i1", relation, "e1")])
    assert await films.version() == version
    assert await films.triples_of("i2") == [SEQUEL]


async def test_weights_are_finite(films):
    with pytest.raises(InvalidError):
        await films.upsert_triples([Triple("i2", "HAS_GENRE", "e2", float("nan"))])


# --- one item with what describes it --------------------------------------------------------------


async def test_put_item_writes_item_entities_and_triples_at_once(films):
    item, new = Item("i4", "Blade Runner"), Entity("e4", "Person", "Harrison Ford")
    triples = [Triple("i4", "DIRECTED_BY", "e1"), Triple("i4", "STARS", "e4")]
    assert await films.put_item(item, [SCOTT, new], triples)
    assert await films.item("i4") == item
    assert await films.entity("e4") == new
    assert same(await films.triples_of("i4"), triples)


async def test_put_item_replaces_outgoing_triples_and_leaves_entities_alone(films):
    await films.upsert_triples([Triple("i2", "REMAKE_OF", "i1")])
    other = Entity("e1", "Person", "Somebody else")
    new = Triple("i1", "HAS_GENRE", "e3")
    assert not await films.put_item(Item("i1", "Alien 2"), [other], [new])
    assert await films.entity("e1") == SCOTT
    assert same(await films.triples_of("i1"), [new, Triple("i2", "REMAKE_OF", "i1")])
    assert [event.item_id for event in await films.events_of("u1")] == ["i2", "i1"]


async def test_put_item_twice_makes_one_change(films):
    args = (Item("i4", "Blade Runner"), [SCOTT], [Triple("i4", "DIRECTED_BY", "e1")])
    await films.put_item(*args)
    version = await films.version()
    assert not await films.put_item(*args)
    assert await films.version() == version


async def test_put_item_writes_nothing_when_a_part_is_wrong(films):
    before = (await films.version(), await films.counts())
    new = Entity("e4", "Person", "Harrison Ford")
    with pytest.raises(InvalidError):
        await films.put_item(Item("i4", "x"), [new], [Triple("i4", "STARS", "missing")])
    with pytest.raises(ConflictError):
        await films.put_item(Item("i4", "x"), [new, Entity("i1", "Person", "y")], [])
    with pytest.raises(ConflictError):
        await films.put_item(Item("i4", "x"), [Entity("i4", "Person", "y")], [])
    with pytest.raises(ConflictError):
        await films.put_item(Item("e1", "x"), [], [])
    assert (await films.version(), await films.counts()) == before


# --- events -------------------------------------------------------------------------------------


async def test_events_come_back_oldest_first(films):
    assert await films.events_of("u1") == [RATING, VIEW]
    assert await films.events_of("用户") == [CHINESE_VIEW]


async def test_the_same_event_counts_once(films):
    again = Interaction("u1", "i1", "view", 3.0, 10.0)
    fresh = Interaction("u1", "i1", "view", None, 11.0)
    outcome = await films.add_events([again, fresh, fresh, VIEW])
    assert outcome.accepted == (1,)
    assert outcome.duplicates == (0, 2, 3)
    assert await films.events_of("u1") == [RATING, VIEW, fresh]


async def test_an_event_id_is_the_key_whatever_else_differs(films):
    other = Interaction("somebody new", "i2", "buy", 1.0, 99.0, "event-1")
    assert (await films.add_events([other])).duplicates == (0,)
    with pytest.raises(NotFoundError):
        await films.user("somebody new")


async def test_an_unknown_user_is_created(films):
    event = Interaction("new", "i1")
    assert (await films.add_events([event])).accepted == (0,)
    assert await films.user("new") == User("new")
    assert await films.events_of("new") == [event]


async def test_events_that_cannot_be_kept_are_rejected_and_the_others_kept(films):
    batch = [
        Interaction("u1", "nothing"),
        Interaction("u2", "e1"),
        Interaction("", "i1"),
        Interaction("u1", "i3", at=float("nan")),
        Interaction("u1", "i3", value=float("inf")),
        Interaction("u1", "i3", type=""),
        Interaction("\ud800", "i3"),
        Interaction("u1", "i3"),
        Interaction("u1", "i3"),
    ]
    outcome = await films.add_events(batch)
    assert outcome.accepted == (7,)
    assert outcome.duplicates == (8,)
    assert [index for index, _ in outcome.rejected] == [0, 1, 2, 3, 4, 5, 6]
    assert "'nothing'" in outcome.rejected[0][1]
    with pytest.raises(NotFoundError):
        await films.user("u2")


# --- deleting -----------------------------------------------------------------------------------


async def test_deleting_an_item_removes_its_edges_events_and_names(films):
    await films.replace_learned(LearnedEdges("m", ["i1", "i2"], ["i2", "i1"], [0.5, 0.5]))
    await films.write_vectors(["i1", "i2"], np.eye(2, dtype=np.float32))
    assert await films.delete_item("i1")
    assert not await films.delete_item("i1")
    assert await films.counts() == GraphCounts(
        2, 3, 2, 1, {"BROADER": 1}, {"Genre": 2, "Person": 1}
    )
    assert await films.events_of("用户") == []
    assert await films.similar("i2") == []
    assert await films.search("alien") == []
    assert [name for name, _ in await films.nearest(np.ones(2, dtype=np.float32), k=5)] == ["i2"]
    assert (await films.add_events([VIEW])).rejected[0][0] == 0


async def test_deleting_what_a_user_did_with_an_item_removes_all_of_it_and_nothing_else(films):
    again = replace(VIEW, at=11.0)
    await films.add_events([again])
    version = await films.version()
    assert await films.delete_events("u1", "i1") == 2
    assert await films.changes(version) == [
        Change(version + 1, "events_deleted", ("u1", "i1")),
    ]
    assert await films.events_of("u1") == [RATING]
    assert await films.events_of("用户") == [CHINESE_VIEW]
    assert (await films.counts()).events == 2
    assert await films.delete_events("u1", "i2") == 1
    assert await films.user("u1") == User("u1", {"age": 24, "gender": "F"})
    assert await films.events_of("u1") == []
    assert (await films.add_events([VIEW])).accepted == (0,)


@pytest.mark.parametrize(
    ("user", "item"),
    [("u1", "i3"), ("u1", "e1"), ("u1", "gone"), ("gone", "i1"), ("", "i1"), ("u1", "\ud800")],
)
async def test_deleting_events_that_are_not_there_changes_nothing(films, user, item):
    version = await films.version()
    assert await films.delete_events(user, item) == 0
    assert await films.version() == version


async def test_deleting_a_user_removes_the_events(films):
    assert await films.delete_user("u1")
    assert not await films.delete_user("u1")
    counts = await films.counts()
    assert (counts.users, counts.events) == (1, 1)
    with pytest.raises(NotFoundError):
        await films.events_of("u1")
    assert (await films.add_events([VIEW])).accepted == (0,)


async def test_an_id_that_was_deleted_can_be_used_again(films):
    await films.delete_item("i1")
    assert await films.upsert_entities([Entity("i1", "Genre", "Now a genre")]) == WriteCount(1)
    assert (await films.upsert_triples([Triple("i2", "HAS_GENRE", "i1")])).count.created == 1


# --- search -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("alien", {("Item", "i1")}),
        ("ALI", {("Item", "i1")}),
        ("Álien", {("Item", "i1")}),
        ("ridl sco", {("Entity", "e1")}),
        ("sir", {("Entity", "e1")}),
        ("恐怖", {("Entity", "e2")}),
        ("恐怖片", {("Entity", "e2")}),
        ("怖恐", set()),
        ("异形", {("Item", "i1")}),
        ("斯科特", {("Entity", "e1")}),
        ("the shining", {("Item", "i3")}),
        ("the", {("Item", "i3")}),
        ("fiction", {("Entity", "e3")}),
        ("alien heat", set()),
        ("nothing", set()),
        ("", set()),
        ("   ", set()),
    ],
)
async def test_search_finds_prefixes_and_pairs_of_chinese_characters(films, text, expected):
    assert set(await films.search(text)) == expected


@pytest.mark.parametrize(
    "text",
    ["AC/DC (live", "alien AND", "alien OR NOT", "name:alien", "*", "?", "a~2", '"', "[a TO b]",
     "{", "\\", "alien^9", "+-&&||!(){}[]^\"~*?:\\/", "NEAR(a b)", "words:alien",
     "a" * 5000, "\x00"],
)  # fmt: skip
async def test_the_syntax_of_query_languages_means_nothing(films, text):
    assert isinstance(await films.search(text), list)


async def test_search_obeys_its_limit_and_prefers_the_whole_word(store):
    await store.upsert_items([Item(f"i{n}", f"Starship number {n}") for n in range(30)])
    await store.upsert_items([Item("x", "Star")])
    found = await store.search("star", limit=5)
    assert len(found) == 5
    assert found[0] == ("Item", "x")
    assert await store.search("star", limit=0) == []


async def test_a_renamed_item_is_found_by_its_new_name_only(films):
    await films.upsert_items([Item("i1", "Renamed")])
    assert await films.search("renamed") == [("Item", "i1")]
    assert await films.search("alien") == []


# --- versions and the change log ------------------------------------------------------------------


async def test_every_change_is_logged_with_its_keys(films):
    await films.put_item(Item("i4", "x"), [Entity("e4", "Genre", "y")], [])
    await films.delete_item("i3")
    await films.delete_user("用户")
    log = await films.changes(0)
    assert [change.version for change in log] == list(range(1, len(log) + 1))
    assert [(change.kind, set(change.keys)) for change in log] == [
        ("items", {"i1", "i2", "i3"}),
        ("entities", {"e1", "e2", "e3"}),
        ("triples", {"i1", "i2", "e1", "e2", "e3"}),
        ("users", {"u1"}),
        ("users", {"用户"}),
        ("events", {"u1", "用户"}),
        ("entities", {"e4"}),
        ("items", {"i4"}),
        ("item_deleted", {"i3"}),
        ("user_deleted", {"用户"}),
    ]
    assert await films.version() == len(log)
    assert await films.changes(2, limit=2) == log[2:4]
    assert isinstance(log[0], Change)


async def test_writing_what_is_there_already_leaves_the_version(films):
    version = await films.version()
    await films.upsert_items([ALIEN])
    await films.upsert_entities([SCOTT])
    await films.upsert_users([User("u1", {"age": 24, "gender": "F"})])
    await films.upsert_triples([DIRECTED])
    await films.add_events([VIEW])
    assert not await films.delete_item("missing")
    assert await films.version() == version


async def test_a_large_batch_is_logged_without_keys(store):
    await store.upsert_items([Item(f"i{n}", "x") for n in range(1001)])
    assert await store.changes(0) == [Change(1, "items", ())]


async def test_concurrent_writers_leave_no_gap_in_the_log(store):
    async def write(writer):
        for n in range(20):
            await store.upsert_items([Item(f"{writer}-{n}", "x")])

    await asyncio.gather(write("a"), write("b"))
    log = await store.changes(0)
    assert [change.version for change in log] == list(range(1, 41))
    assert {key for change in log for key in change.keys} == {
        f"{writer}-{n}" for writer in "ab" for n in range(20)
    }


# --- export -------------------------------------------------------------------------------------


async def test_export_holds_the_whole_graph_in_order_of_creation(films):
    await films.upsert_items([Item("a0", "Late"), ALIEN])
    export = await films.export()
    assert export.version == await films.version()
    assert list(export.items) == [ALIEN, HEAT, SHINING, Item("a0", "Late")]
    assert list(export.entities) == [SCOTT, HORROR, FICTION]
    assert list(export.users) == [User("u1", {"age": 24, "gender": "F"}), User("用户")]
    assert edges(export) == sorted([
        ("i1", "DIRECTED_BY", "e1", 1.0),
        ("i1", "HAS_GENRE", "e2", 0.5),
        ("e3", "BROADER", "e2", 1.0),
        ("i1", "FOLLOWS", "i2", 1.0),
    ])
    assert all(isinstance(block, EdgeBlock) for block in export.edges)


async def test_export_keeps_events_in_order_of_creation(films):
    events = (await films.export()).events
    np.testing.assert_array_equal(events.users, [0, 0, 1])
    np.testing.assert_array_equal(events.items, [0, 1, 0])
    assert [events.type_names[n] for n in events.types] == ["view", "rating", "view"]
    np.testing.assert_array_equal(events.values, [np.nan, 4.5, np.nan])
    np.testing.assert_array_equal(events.times, [10.0, 5.5, 7.0])


async def test_export_closes_the_gaps_that_deletions_leave(films):
    await films.delete_item("i1")
    await films.delete_user("u1")
    await films.add_events([Interaction("u3", "i3", "view")])
    await films.upsert_triples([Triple("i3", "HAS_GENRE", "e2")])
    export = await films.export()
    assert [item.id for item in export.items] == ["i2", "i3"]
    assert [user.id for user in export.users] == ["用户", "u3"]
    assert edges(export) == [("e3", "BROADER", "e2", 1.0), ("i3", "HAS_GENRE", "e2", 1.0)]
    np.testing.assert_array_equal(export.events.users, [1])
    np.testing.assert_array_equal(export.events.items, [1])


async def test_one_relation_between_several_kinds_makes_one_block_each(films):
    await films.upsert_triples([
        Triple("i1", "ABOUT", "i2"),
        Triple("i1", "ABOUT", "e1"),
        Triple("e1", "ABOUT", "i2"),
        Triple("e1", "ABOUT", "e2"),
    ])
    blocks = [b for b in (await films.export()).edges if b.relation == "ABOUT"]
    assert sorted((b.head_kind, b.tail_kind, len(b.heads)) for b in blocks) == [
        ("Entity", "Entity", 1),
        ("Entity", "Item", 1),
        ("Item", "Entity", 1),
        ("Item", "Item", 1),
    ]


async def test_export_while_others_write_is_one_version(store):
    await store.upsert_entities([HORROR])

    async def write():
        for n in range(15):
            await store.put_item(Item(f"i{n}", "x"), [], [Triple(f"i{n}", "HAS_GENRE", "e2")])

    async def read():
        for _ in range(3):
            export = await store.export()
            assert len(edges(export)) == len(export.items) == export.version - 1

    await asyncio.gather(write(), read())


async def test_learned_edges_are_not_exported(films):
    await films.replace_learned(LearnedEdges("m", ["i1"], ["i2"], [0.5]))
    assert "SIMILAR_TO" not in {block.relation for block in (await films.export()).edges}


# --- learned edges and vectors --------------------------------------------------------------------


async def test_learned_edges_are_replaced_as_a_whole(films):
    first = LearnedEdges("m1", ["i1", "i1", "i2"], ["i2", "i3", "i1"], [0.2, 0.9, 0.5])
    assert await films.replace_learned(first) == 3
    assert await films.similar("i1") == [("i3", 0.9), ("i2", 0.2)]
    version = await films.version()
    second = LearnedEdges("m2", ["i1", "i1", "gone"], ["i2", "gone", "i1"], [0.7, 0.9, 0.5])
    assert await films.replace_learned(second) == 1
    assert await films.similar("i1") == [("i2", 0.7)]
    assert await films.similar("i2") == []
    assert await films.similar("nobody") == []
    assert (await films.changes(version))[-1].kind == "similar"
    assert "SIMILAR_TO" not in (await films.counts()).triples
    assert all(triple.relation != "SIMILAR_TO" for triple in await films.triples_of("i1"))


MIXED = LearnedEdges(
    "m1",
    ["i1", "i1", "i2", "i3"],
    ["i2", "i3", "i1", "i1"],
    [0.2, 0.9, 0.5, 0.1],
    ["SIMILAR_TO", "CLOSE_TO", "CLOSE_TO", "SIMILAR_TO"],
)


async def test_learned_edges_of_both_types_stand_beside_each_other(films):
    assert await films.relearned() == Relearned("", (), LearnedEdges("", (), (), (), ()))
    assert await films.replace_learned(MIXED) == 4
    assert await films.similar("i1") == [("i2", 0.2)]
    pairs = [("i1", "i2"), ("i1", "i3"), ("i2", "i1"), ("i3", "i1")]
    for relation, expected in (
        ("SIMILAR_TO", [True, False, False, True]),
        ("CLOSE_TO", [False, True, True, False]),
    ):
        assert await films.find_edges([(s, relation, t) for s, t in pairs]) == expected
    assert await films.relearned() == Relearned("m1", (), LearnedEdges("m1", (), (), (), ()))
    assert {*(await films.counts()).triples} == {"BROADER", "DIRECTED_BY", "FOLLOWS", "HAS_GENRE"}
    assert same(await films.triples_of("i1"), [DIRECTED, IN_HORROR, SEQUEL])
    assert not {"SIMILAR_TO", "CLOSE_TO"} & {b.relation for b in (await films.export()).edges}


async def test_learned_edges_of_single_items_are_replaced_and_told_apart(films):
    await films.replace_learned(MIXED)
    version = await films.version()
    mine = LearnedEdges(
        "m1", ["i1", "i1", "i1"], ["i3", "i2", "gone"], [0.3, 0.4, 1.0], ["CLOSE_TO"] * 3
    )
    assert await films.put_learned(["i1", "gone"], mine) == 2
    assert await films.changes(version) == [Change(version + 1, "similar", ("i1",))]
    told = await films.relearned()
    assert (told.model, told.owners) == ("m1", ("i1",))
    assert told.edges.of_type("CLOSE_TO") == {"i1": {"i3": 0.3, "i2": 0.4}}
    assert told.edges.of_type("SIMILAR_TO") == {}
    assert (await films.relearned(["i2", "i3"])).owners == ()
    assert await films.relearned(["i1", "i2"]) == told
    assert await films.similar("i1") == []
    assert await films.find_edges([("i3", "SIMILAR_TO", "i1")]) == [True]
    nothing = LearnedEdges("m1", [], [], [])
    assert await films.put_learned(["i1"], nothing) == 0
    assert len((await films.relearned()).edges) == 0
    assert await films.put_learned(["gone", "\ud800"], nothing) == 0
    await films.replace_learned(MIXED)
    assert (await films.relearned()).owners == ()
    assert await films.similar("i1") == [("i2", 0.2)]


async def test_an_item_that_was_deleted_has_no_learned_edges_when_it_comes_back(films):
    await films.replace_learned(MIXED)
    await films.delete_item("i1")
    await films.put_item(ALIEN, [], [])
    told = await films.relearned()
    assert (told.owners, len(told.edges)) == (("i1",), 0)
    edges = [("i1", "SIMILAR_TO", "i2"), ("i2", "CLOSE_TO", "i1"), ("i3", "SIMILAR_TO", "i1")]
    assert await films.find_edges(edges) == [False] * 3


async def test_edges_are_found_by_ids_type_and_direction(films):
    await films.amend_users({
        "u1": {"answer:entity:e1": "like", "answer:entity:e2": "dislike"},
    })
    there = [
        ("u1", "INTERACTED", "i1"),
        ("用户", "INTERACTED", "i1"),
        ("i1", "DIRECTED_BY", "e1"),
        ("e3", "BROADER", "e2"),
        ("i1", "FOLLOWS", "i2"),
        ("u1", "ASKS_FOR", "e1"),
        ("u1", "AVOIDS", "e2"),
    ]
    missing = [
        ("用户", "INTERACTED", "i2"),
        ("e1", "DIRECTED_BY", "i1"),
        ("i2", "FOLLOWS", "i1"),
        ("i1", "HAS_GENRE", "e1"),
        ("i1", "NO_SUCH_TYPE", "e1"),
        ("i1", "`]->() DETACH DELETE n //", "e1"),
        ("u1", "ASKS_FOR", "e2"),
        ("u1", "AVOIDS", "e3"),
        ("nobody", "ASKS_FOR", "e1"),
        ("i1", "SIMILAR_TO", "i2"),
        ("", "FOLLOWS", "\ud800"),
    ]
    mixed = [edge for pair in zip(there, missing, strict=False) for edge in pair]
    assert await films.find_edges(mixed) == [True, False] * len(there)
    assert await films.find_edges(there + missing) == [True] * len(there) + [False] * len(missing)
    assert await films.find_edges([]) == []


async def test_nearest_orders_by_cosine(films):
    vectors = np.array([[10.0, 0.0], [1.0, 1.0], [-1.0, 0.0], [1, 0]], dtype=np.float32)
    await films.write_vectors(["i1", "i2", "i3", "gone"], vectors)
    found = await films.nearest(np.array([2.0, 0.0], dtype=np.float32), k=2)
    assert [name for name, _ in found] == ["i1", "i2"]
    assert [cosine for _, cosine in found] == pytest.approx([1.0, 0.5**0.5], abs=1e-5)
    everything = await films.nearest(np.array([1.0, 0.0], dtype=np.float32), k=10)
    assert everything[-1] == ("i3", pytest.approx(-1.0, abs=1e-5))


async def test_vectors_are_replaced_as_a_whole_even_by_other_dimensions(films):
    await films.write_vectors(["i1", "i2"], np.eye(2, dtype=np.float32))
    await films.write_vectors(["i3"], np.ones((1, 5), dtype=np.float32))
    found = await films.nearest(np.ones(5, dtype=np.float32), k=10)
    assert [name for name, _ in found] == ["i3"]
    with pytest.raises(InvalidError):
        await films.nearest(np.ones(2, dtype=np.float32), k=1)


async def test_nearest_without_vectors_finds_nothing(films):
    assert await films.nearest(np.ones(3, dtype=np.float32), k=3) == []


@pytest.mark.parametrize(
    "vectors", [np.ones((1, 2)), np.ones(2), np.full((2, 2), np.nan), np.ones((2, 0))]
)
async def test_vectors_that_do_not_fit_are_refused(films, vectors):
    with pytest.raises(InvalidError):
        await films.write_vectors(["i1", "i2"], vectors.astype(np.float32))


async def test_a_vector_without_direction_is_nobodys_neighbour(films):
    await films.write_vectors(["i1", "i2"], np.array([[0, 0], [1, 0]], dtype=np.float32))
    assert len(await films.nearest(np.ones(2, dtype=np.float32), k=5)) == 1
    with pytest.raises(InvalidError):
        await films.nearest(np.zeros(2, dtype=np.float32), k=1)


# --- whole graphs ---------------------------------------------------------------------------------


async def test_many_records_keep_their_places(store):
    items = [Item(f"i{n}", f"Item {n}") for n in range(2500)]
    entities = [Entity(f"e{n}", "Tag", f"Tag {n}") for n in range(300)]
    triples = [Triple(f"i{n}", "TAGGED", f"e{n % 300}", 1 + n % 7) for n in range(2500)]
    events = [Interaction(f"u{n % 40}", f"i{n}", "view", n % 5, n) for n in range(2500)]
    assert await store.upsert_items(items) == WriteCount(created=2500)
    await store.upsert_entities(entities)
    assert (await store.upsert_triples(triples)).count == WriteCount(created=2500)
    assert len((await store.add_events(events)).accepted) == 2500
    assert (await store.upsert_triples(triples)).count == WriteCount(unchanged=2500)
    assert len((await store.add_events(events)).duplicates) == 2500
    export = await store.export()
    assert list(export.items) == items
    assert edges(export) == sorted((t.head, t.relation, t.tail, t.weight) for t in triples)
    np.testing.assert_array_equal(export.events.items, np.arange(2500))
    snapshot = Snapshot.of(export)
    assert snapshot.relations[0].forward.row(0).tolist() == [0]
    assert len(snapshot.events) == 2500
