"""A snapshot holds exactly the graph of an export, in memory and on disk."""

import json
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.domain import Entity, Item, User
from graph.errors import InvalidError
from graph.snapshot import Snapshot
from graph.store import EdgeBlock, EventBlock, GraphExport

ITEMS = [Item("i0", "A", {"zh": "甲"}, "text", {"tags": ("x", "y")}), Item("i1", "B")]
ENTITIES = [Entity("e0", "Genre", "Horror", aliases=("scary",)), Entity("e1", "Genre", "Drama")]
USERS = [User("u0", {"age": 24}), User("u1"), User("u2")]
INTS = np.array([], dtype=np.int64)


def events(rows=()):
    """An event block of (user, item, type, value, time) rows."""
    columns = [np.array(c) for c in zip(*rows, strict=True)] or [INTS] * 5
    users, items, types, values, times = columns
    return EventBlock(users, items, types, values.astype(float), times.astype(float), ("a", "b"))


def block(relation, head_kind, tail_kind, edges):
    heads, tails, weights = (np.array(c) for c in zip(*edges, strict=True))
    return EdgeBlock(relation, head_kind, tail_kind, heads, tails, weights.astype(float))


@pytest.fixture
def export():
    return GraphExport(
        7,
        ITEMS,
        ENTITIES,
        USERS,
        [
            block("HAS_GENRE", "Item", "Entity", [(1, 0, 0.5), (0, 1, 1.0), (0, 0, 2.0)]),
            block("ABOUT", "Entity", "Item", [(1, 1, 1.0)]),
        ],
        events([(2, 0, 0, np.nan, 9), (0, 1, 1, 4.0, 5), (2, 1, 0, 1.0, 3), (2, 0, 1, 2.0, 3)]),
    )


def triples(snapshot):
    return {
        (r.name, r.head_kind, r.tail_kind, head, int(tail), float(weight))
        for r in snapshot.relations
        for head in range(r.forward.n_rows)
        for tail, weight in zip(r.forward.row(head), r.forward.row_weights(head), strict=True)
    }


def same(first, second):
    assert first.version == second.version
    assert triples(first) == triples(second)
    for kind in ("Item", "Entity", "User"):
        rows = range(len(first.nodes(kind)))
        assert [first.nodes(kind).id(n) for n in rows] == [second.nodes(kind).id(n) for n in rows]
    for name in ("indptr", "items", "types", "values", "times"):
        np.testing.assert_array_equal(getattr(first.events, name), getattr(second.events, name))
    assert first.events.type_names == second.events.type_names


def test_every_node_and_edge_of_the_export_is_there(export):
    snapshot = Snapshot.of(export)
    assert [snapshot.item(n) for n in range(2)] == ITEMS
    assert [snapshot.entity(n) for n in range(2)] == ENTITIES
    assert [snapshot.user(n) for n in range(3)] == USERS
    assert triples(snapshot) == {
        ("ABOUT", "Entity", "Item", 1, 1, 1.0),
        ("HAS_GENRE", "Item", "Entity", 0, 0, 2.0),
        ("HAS_GENRE", "Item", "Entity", 0, 1, 1.0),
        ("HAS_GENRE", "Item", "Entity", 1, 0, 0.5),
    }
    assert (snapshot.items.find("i1"), snapshot.items.find("nobody")) == (1, None)


def test_events_are_sorted_by_user_and_time_and_ties_keep_their_order(export):
    found = Snapshot.of(export).events
    assert found.indptr.tolist() == [0, 1, 1, 4]
    assert found.items.tolist() == [1, 1, 0, 0]
    assert found.times.tolist() == [5, 3, 3, 9]
    np.testing.assert_array_equal(found.values, np.array([4, 1, 2, np.nan], dtype=np.float32))
    assert len(found) == 4


@given(st.dictionaries(st.tuples(st.integers(0, 1), st.integers(0, 1)), st.floats(-8, 8, width=32)))
def test_forward_and_backward_are_the_same_edges(edges):
    rows = [(*ends, weight) for ends, weight in edges.items()]
    blocks = [block("R", "Item", "Entity", rows)] if rows else []
    snapshot = Snapshot.of(GraphExport(1, ITEMS, ENTITIES, USERS, blocks, events()))
    assert {(h, t): w for *_, h, t, w in triples(snapshot)} == edges
    for relation in snapshot.relations:
        turned = relation.forward.transposed()
        np.testing.assert_array_equal(turned.indptr, relation.backward.indptr)
        np.testing.assert_array_equal(turned.indices, relation.backward.indices)
        np.testing.assert_array_equal(turned.weights, relation.backward.weights)


def test_a_saved_snapshot_loads_the_same(export, tmp_path):
    snapshot = Snapshot.of(export)
    folder = snapshot.save(tmp_path)
    loaded = Snapshot.load(folder)
    same(snapshot, loaded)
    assert [loaded.item(n) for n in range(2)] == ITEMS
    assert isinstance(loaded.relations[0].forward.indices.base, np.memmap)


def test_an_empty_graph_can_be_saved(tmp_path):
    empty = Snapshot.of(GraphExport(0, [], [], [], [], events()))
    same(empty, Snapshot.load(empty.save(tmp_path)))


@settings(max_examples=25, deadline=None)
@given(n=st.integers(0, 30), seed=st.integers(0, 2**32 - 1))
def test_any_events_survive_saving(n, seed, tmp_path_factory):
    random = np.random.default_rng(seed)
    rows = [(*random.integers(0, 2, 3), random.random(), t) for t in random.integers(0, 9, n)]
    snapshot = Snapshot.of(GraphExport(n, ITEMS, ENTITIES, USERS, [], events(rows)))
    same(snapshot, Snapshot.load(snapshot.save(tmp_path_factory.mktemp("snapshots"))))


def test_the_latest_snapshot_has_the_highest_version(export, tmp_path):
    assert Snapshot.latest(tmp_path) is None
    assert Snapshot.latest(tmp_path / "missing") is None
    for version in (9, 123, 10):
        Snapshot.of(GraphExport(version, ITEMS, [], [], [], events())).save(tmp_path)
    (tmp_path / ".00000999.partial").mkdir()
    assert Snapshot.latest(tmp_path).version == 123


def test_saving_again_keeps_what_is_there_and_leaves_nothing_else(export, tmp_path):
    snapshot = Snapshot.of(export)
    folder = snapshot.save(tmp_path)
    inode = (folder / "manifest.json").stat().st_ino
    assert snapshot.save(tmp_path) == folder
    assert (folder / "manifest.json").stat().st_ino == inode
    assert list(tmp_path.iterdir()) == [folder]


def test_a_save_that_fails_leaves_no_snapshot(export, tmp_path, monkeypatch):
    snapshot = Snapshot.of(export)
    monkeypatch.setattr(json, "dumps", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        snapshot.save(tmp_path)
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []
    same(snapshot, Snapshot.load(snapshot.save(tmp_path)))


def test_several_writers_of_one_version_leave_one_whole_snapshot(export, tmp_path):
    snapshot = Snapshot.of(export)
    problems = []

    def save():
        try:
            snapshot.save(tmp_path)
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=save) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert [path.name for path in tmp_path.iterdir()] == ["00000007"]
    same(snapshot, Snapshot.latest(tmp_path))


def test_a_folder_that_holds_no_snapshot_says_so(tmp_path, export):
    with pytest.raises(InvalidError, match="holds no snapshot"):
        Snapshot.load(tmp_path)
    folder = Snapshot.of(export).save(tmp_path)
    (folder / "manifest.json").write_text('{"format": 99}')
    with pytest.raises(InvalidError, match="format 99"):
        Snapshot.load(folder)
