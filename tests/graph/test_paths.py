import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.domain import INTERACTED, Entity, Item, Kind, Path, PathEdge, User
from graph.paths import PathFinder, exists, path_node
from graph.snapshot import Snapshot
from graph.store import EdgeBlock, EventBlock, GraphExport

Ends = tuple[str, str, str]


def snapshot_of(
    triples: list[Ends], events: list[tuple[str, str, float]], sizes: tuple[int, int, int]
) -> Snapshot:
    """Items i0.., entities e0.., users u0..; a triple is (head, relation, tail)."""
    n_items, n_entities, n_users = sizes
    kinds: dict[str, Kind] = {"i": "Item", "e": "Entity"}
    groups: dict[tuple[str, Kind, Kind], list[tuple[int, int]]] = {}
    for head, relation, tail in dict.fromkeys(triples):
        key = (relation, kinds[head[0]], kinds[tail[0]])
        groups.setdefault(key, []).append((int(head[1:]), int(tail[1:])))
    edges = [
        EdgeBlock(
            *key,
            np.array([head for head, _ in ends]),
            np.array([tail for _, tail in ends]),
            np.ones(len(ends)),
        )
        for key, ends in groups.items()
    ]
    block = EventBlock(
        users=np.array([int(user[1:]) for user, _, _ in events], dtype=np.int64),
        items=np.array([int(item[1:]) for _, item, _ in events], dtype=np.int64),
        types=np.zeros(len(events), dtype=np.int64),
        values=np.full(len(events), np.nan),
        times=np.array([at for _, _, at in events], dtype=np.float64),
        type_names=("interaction",),
    )
    return Snapshot.of(
        GraphExport(
            1,
            [Item(f"i{n}", f"Item {n}") for n in range(n_items)],
            [Entity(f"e{n}", "Thing", f"Entity {n}") for n in range(n_entities)],
            [User(f"u{n}") for n in range(n_users)],
            edges,
            block,
        )
    )


def walk(path: Path) -> tuple[str, ...]:
    """Write a path as ids and arrows."""
    parts = [path.nodes[0].id]
    for edge, node in zip(path.edges, path.nodes[1:], strict=True):
        arrow = f"-{edge.type}>" if edge.direction == "out" else f"<{edge.type}-"
        parts += [arrow, node.id]
    return tuple(parts)


def brute_force(
    triples: list[Ends], events: list[tuple[str, str, float]], target: str, max_history: int
) -> set[tuple[str, ...]]:
    steps = [(h, f"-{r}>", t) for h, r, t in triples] + [(t, f"<{r}-", h) for h, r, t in triples]
    newest = [item for _, item, _ in sorted(events, key=lambda event: event[2])][-max_history:]
    found = set()
    for first in set(newest) - {target}:
        begin = ("u0", f"-{INTERACTED}>", first)
        for left, arrow, middle in steps:
            if left == first and middle == target:
                found.add((*begin, arrow, middle))
            if left == first and middle[0] == "e":
                found |= {
                    (*begin, arrow, middle, last, right)
                    for other, last, right in steps
                    if other == middle and right == target
                }
    return found


nodes = st.sampled_from([f"i{n}" for n in range(5)] + [f"e{n}" for n in range(4)])
triples_drawn = st.lists(st.tuples(nodes, st.sampled_from(["R", "S"]), nodes), max_size=40)
items_drawn = st.lists(st.integers(0, 4), max_size=7)


@settings(max_examples=300, deadline=None)
@given(triples_drawn, items_drawn, st.integers(1, 8))
def test_paths_are_those_of_brute_force(
    triples: list[Ends], items: list[int], max_history: int
) -> None:
    events = [("u0", f"i{item}", float(at)) for at, item in enumerate(items)]
    snapshot = snapshot_of(triples, events, (5, 4, 1))
    finder = PathFinder(snapshot)
    for target in range(5):
        paths = finder.find(0, target, max_history=max_history, max_paths=None)
        walks = [walk(path) for path in paths]
        assert len(set(walks)) == len(walks)
        assert set(walks) == brute_force(triples, events, f"i{target}", max_history)
        assert all(exists(path, snapshot) for path in paths)
        assert finder.find(0, target, max_history=max_history, max_paths=2) == paths[:2]


TRIPLES = [
    ("i0", "SEQUEL_OF", "i3"),
    ("i3", "REMAKE_OF", "i1"),
    ("i0", "HAS_GENRE", "e0"),
    ("i1", "HAS_GENRE", "e0"),
    ("i3", "HAS_GENRE", "e0"),
    ("i2", "DIRECTED_BY", "e1"),
    ("e1", "DIRECTED", "i3"),
    ("i4", "HAS_GENRE", "e0"),
]
EVENTS = [("u0", "i0", 1.0), ("u0", "i1", 2.0), ("u0", "i2", 3.0), ("u0", "i3", 4.0)]


@pytest.fixture
def films() -> Snapshot:
    return snapshot_of(TRIPLES, EVENTS, (5, 2, 2))


def test_order_is_direct_then_rarest_entity_then_newest_event(films: Snapshot) -> None:
    assert [walk(path) for path in PathFinder(films).find(0, 3)] == [
        ("u0", "-INTERACTED>", "i1", "<REMAKE_OF-", "i3"),
        ("u0", "-INTERACTED>", "i0", "-SEQUEL_OF>", "i3"),
        ("u0", "-INTERACTED>", "i2", "-DIRECTED_BY>", "e1", "-DIRECTED>", "i3"),
        ("u0", "-INTERACTED>", "i1", "-HAS_GENRE>", "e0", "<HAS_GENRE-", "i3"),
        ("u0", "-INTERACTED>", "i0", "-HAS_GENRE>", "e0", "<HAS_GENRE-", "i3"),
    ]


def test_lengths_and_history_bound_what_is_found(films: Snapshot) -> None:
    finder = PathFinder(films)
    assert {len(path.edges) for path in finder.find(0, 3, lengths=(2,))} == {2}
    assert {len(path.edges) for path in finder.find(0, 3, lengths=(3,))} == {3}
    assert finder.find(0, 3, lengths=()) == []
    newest = finder.find(0, 4, max_history=2)
    assert [walk(path)[2] for path in newest] == ["i3"]
    assert finder.find(1, 3) == []


def test_nodes_carry_what_people_read(films: Snapshot) -> None:
    path = PathFinder(films).find(0, 3)[2]
    assert [(node.kind, node.label, node.name) for node in path.nodes] == [
        ("User", "User", "u0"),
        ("Item", "Item", "Item 2"),
        ("Entity", "Thing", "Entity 1"),
        ("Item", "Item", "Item 3"),
    ]
    assert path.edges[1] == PathEdge("i2", "DIRECTED_BY", "e1", "out")


def test_a_path_with_an_invented_or_turned_edge_does_not_exist(films: Snapshot) -> None:
    user, first, last = (
        path_node(films, kind, row) for kind, row in (("User", 0), ("Item", 0), ("Item", 3))
    )
    event = PathEdge("u0", INTERACTED, "i0", "out")
    true = PathEdge("i0", "SEQUEL_OF", "i3", "out")
    assert exists(Path((user, first, last), (event, true)), films)
    for wrong in (
        PathEdge("i0", "PREQUEL_OF", "i3", "out"),
        PathEdge("i3", "SEQUEL_OF", "i0", "in"),
        PathEdge("i0", "SEQUEL_OF", "i3", "in"),
        PathEdge("i1", "SEQUEL_OF", "i3", "out"),
    ):
        assert not exists(Path((user, first, last), (event, wrong)), films)
    stranger = path_node(films, "User", 1)
    unseen = PathEdge("u1", INTERACTED, "i0", "out")
    assert not exists(Path((stranger, first, last), (unseen, true)), films)
    assert not exists(Path((user, first, last), (event,)), films)
    ghost = type(first)("i99", "Item", "Item", "Ghost")
    edge = PathEdge("u0", INTERACTED, "i99", "out")
    assert not exists(Path((user, ghost), (edge,)), films)


def test_a_graph_without_edges_has_no_paths() -> None:
    snapshot = snapshot_of([], EVENTS, (5, 0, 1))
    assert PathFinder(snapshot).find(0, 3) == []


def test_a_search_takes_about_a_millisecond() -> None:
    rng = np.random.default_rng(0)
    n_items, n_entities = 1700, 30_000
    relations = [f"R{number}" for number in range(20)]
    popular = (n_entities * rng.random(90_000) ** 3).astype(int)
    triples = [
        (f"i{item}", relations[kind], f"e{entity}")
        for item, kind, entity in zip(
            rng.integers(n_items, size=90_000), rng.integers(20, size=90_000), popular, strict=True
        )
    ]
    events = [("u0", f"i{item}", 0.0) for item in rng.integers(n_items, size=200)]
    finder = PathFinder(snapshot_of(triples, events, (n_items, n_entities, 1)))
    seconds, n_paths = [], 0
    for item in range(200):
        began = time.process_time()
        n_paths += len(finder.find(0, item, max_paths=10))
        seconds.append(time.process_time() - began)
    assert n_paths > 1000
    assert np.median(seconds) <= 2e-3
