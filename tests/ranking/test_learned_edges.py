from dataclasses import replace

import numpy as np
import pytest

from graph.domain import Item
from graph.learned import LearnedEdges, Relearned
from ranking.learned_edges import StoredEdges, edges_of_placed
from ranking.links import owns_its_edges
from ranking.state import ServingState
from ranking.written_edges import WrittenEdges

NOTHING = LearnedEdges("", (), (), ())


@pytest.fixture
def noted(model):
    return replace(model, written=WrittenEdges.of(model, n_similar=3, n_close=2))


@pytest.fixture
def state(films, noted, preset_films):
    state = ServingState(films, noted, preset_films)
    state.stored = StoredEdges(noted, films, state.owner_is_cold)
    return state


def told(state, owners=(), edges=NOTHING, model=None):
    state.stored.take(Relearned(model or state.model.id, tuple(owners), edges), state.find_item)


def held(state, relation):
    """Every edge that is said to be stored, by ids."""
    verb = state.stored.similar if relation == "SIMILAR_TO" else state.stored.close
    rows = np.arange(state.n_items)
    found = set()
    for target in rows.tolist():
        for source in rows[verb(rows, target)].tolist():
            ends = state.item(source).id, state.item(target).id
            found.add(ends[::-1] if owns_its_edges(state, target) else ends)
    return found


def pairs(edges, relation):
    return {(s, t) for s, some in edges.of_type(relation).items() for t in some}


def test_what_the_model_wrote_is_said_to_be_stored_and_nothing_else(state, noted):
    written = noted.written.edges(noted)
    for relation in ("SIMILAR_TO", "CLOSE_TO"):
        assert held(state, relation) == set()
    told(state)
    for relation in ("SIMILAR_TO", "CLOSE_TO"):
        assert held(state, relation) == pairs(written, relation)
    told(state, model="another")
    assert not state.stored.holds_ours
    assert held(state, "SIMILAR_TO") == set()


def test_rows_are_those_of_the_snapshot(world, noted, preset_films):
    gone = {"comedy-3"}
    newer = replace(
        world,
        items=[Item("first", "First"), *(item for item in world.items if item.id not in gone)],
        triples=[t for t in world.triples if t.head not in gone],
        events=[e for e in world.events if e.item_id not in gone],
    ).snapshot()
    state = ServingState(newer, replace(noted, snapshot_version=-1), preset_films)
    state.stored = StoredEdges(state.model, newer, state.owner_is_cold)
    told(state)
    kept = {p for p in pairs(noted.written.edges(noted), "CLOSE_TO") if gone.isdisjoint(p)}
    assert held(state, "CLOSE_TO") == kept
    assert state.stored.unwritten() == [state.item_row("first")]
    told(state, ["first"])
    assert state.stored.unwritten() == []


def test_a_deleted_item_has_no_edges_even_when_it_comes_back(state, noted):
    told(state)
    before = {r: pairs(noted.written.edges(noted), r) for r in ("SIMILAR_TO", "CLOSE_TO")}
    state.remove_item("comedy-3")
    state.apply_item(Item("comedy-3", "Again"), [], [], None)
    for relation, every in before.items():
        assert held(state, relation) == {p for p in every if "comedy-3" not in p}
    edges = LearnedEdges("m", ["comedy-3"], ["comedy-1"], [0.5], ["CLOSE_TO"])
    told(state, ["comedy-3"], edges)
    assert ("comedy-3", "comedy-1") in held(state, "CLOSE_TO")


def test_items_that_were_written_by_themselves_have_what_the_store_tells(state):
    told(state)
    row = state.apply_item(Item("later", "Later"), [], [], None)
    for name in ("later", "comedy-new"):
        edges = LearnedEdges(
            "m",
            [name, name, name],
            ["comedy-1", "comedy-2", "gone"],
            [1, 1, 1],
            ["SIMILAR_TO", "CLOSE_TO", "CLOSE_TO"],
        )
        told(state, [name], edges)
        mine = [{p for p in held(state, r) if name in p} for r in ("SIMILAR_TO", "CLOSE_TO")]
        assert mine == [{(name, "comedy-1")}, {(name, "comedy-2")}]
    assert row == state.n_items - 1
    state.remove_item("comedy-1")
    assert not {p for p in held(state, "SIMILAR_TO") if "later" in p}


def test_the_strongest_edges_of_placed_items_are_chosen(state):
    rows = [state.item_row(name) for name in ("comedy-new", "comedy-1", "horror-new")]
    edges = edges_of_placed(state, rows, n_similar=3, n_close=2)
    assert set(edges.sources) == {"comedy-new", "horror-new"}
    assert edges.model == state.model.id
    for relation, most in (("SIMILAR_TO", 3), ("CLOSE_TO", 2)):
        for source, some in edges.of_type(relation).items():
            assert 1 <= len(some) <= most
            target = state.scorer.items(np.array([state.item_row(source)]))
            for name, weight in some.items():
                assert not owns_its_edges(state, state.item_row(name))
                other = state.item_row(name)
                known = state.scorer.items(np.array([other]))
                value = (
                    target.similar[0, other]
                    if relation == "SIMILAR_TO"
                    else target.target[0] @ known.source[0]
                )
                assert weight == pytest.approx(value, rel=1e-5)
    state.remove_item("comedy-1")
    again = edges_of_placed(state, rows[:1], n_similar=99, n_close=99)
    assert "comedy-1" not in again.targets
    assert len(edges_of_placed(state, [], n_similar=3, n_close=2)) == 0
