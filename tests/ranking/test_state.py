from dataclasses import replace

import numpy as np
import pytest

from graph.domain import Entity, Interaction, Item, Triple, User
from graph.errors import NotFoundError
from ranking.attributes import Role
from ranking.evaluation.batch import BatchScorer
from ranking.fusion import Gains
from ranking.item_block import ARRIVED, PLACED
from ranking.model import Model
from ranking.scoring import Profile
from ranking.state import ServingState


@pytest.fixture
def state(films, model, preset_films):
    return ServingState(films, model, preset_films)


def put(state, item_id, *triples, entities=(), title="New"):
    links = [Triple(*triple) for triple in triples]
    return state.apply_item(Item(item_id, title), entities, links, None)


def test_rows_are_those_of_the_snapshot(state, films):
    assert state.item_row("comedy-3") == films.items.find("comedy-3")
    assert state.item(state.item_row("comedy-3")) == films.item(films.items.find("comedy-3"))
    assert state.n_items == len(films.items)
    assert state.graph_version == films.version
    assert state.find_item("nowhere") is None
    with pytest.raises(NotFoundError, match="no item with the id 'nowhere'"):
        state.item_row("nowhere")


def test_cold_is_what_nobody_has_interacted_with(state):
    assert state.is_cold(state.item_row("comedy-new"))
    assert not state.is_cold(state.item_row("comedy-3"))
    assert state.is_cold(put(state, "later"))


def test_events_count_with_their_strength_and_time(state):
    events = [
        Interaction("u0", "comedy-new", "rating", 5.0, 2e9),
        Interaction("u0", "horror-new", "rating", 1.0, 1.9e9),
        Interaction("u0", "bare", "view", None, 2.1e9),
    ]
    before = state.history("u0")
    state.apply_events(events)
    after = state.history("u0")
    rows = [state.item_row(name) for name in ("horror-new", "comedy-new", "bare")]
    assert after.items[-3:].tolist() == rows
    np.testing.assert_allclose(after.strengths[-3:], [0.0, 1.0, 0.3], rtol=1e-6)
    assert after.items[:-3].tolist() == before.items.tolist()
    assert state.event_types("u0")[rows[2]] == "view"
    assert state.event_types("u0")[int(before.items[0])] == "rating"


def test_live_histories_are_those_of_the_next_snapshot(world, state, model, preset_films):
    late = [
        Interaction("u0", "comedy-new", "rating", 4.0, 1.0),
        Interaction("newcomer", "bare", "view", None, 5.0),
        Interaction("newcomer", "horror-1", "like", None, 3.0),
    ]
    state.apply_events(late)
    newer = replace(world, events=[*world.events, *late]).snapshot()
    again = ServingState(newer, replace(model, snapshot_version=-1), preset_films)
    for user in ("u0", "newcomer", "u1"):
        live, fresh = state.history(user), again.history(user)
        np.testing.assert_array_equal(live.items, fresh.items)
        np.testing.assert_allclose(live.strengths, fresh.strengths)
        assert state.event_types(user) == again.event_types(user)


def test_removed_events_leave_no_trace(world, state, model, preset_films):
    late = [
        Interaction("u0", "comedy-new", "rating", 4.0, 1.0),
        Interaction("u0", "comedy-new", "like", None, 2.0),
        Interaction("newcomer", "bare", "view", None, 5.0),
        Interaction("newcomer", "horror-1", "like", None, 3.0),
    ]
    old = world.events[0]
    state.apply_events(late)
    gone = {("u0", "comedy-new"), ("newcomer", "bare"), (old.user_id, old.item_id)}
    for pair in gone:
        state.remove_events(*pair)
    state.remove_events("nobody", "bare")
    state.remove_events("u0", "nowhere")
    kept = [e for e in [*world.events, *late] if (e.user_id, e.item_id) not in gone]
    never = ServingState(replace(world, events=kept).snapshot(), model, preset_films)
    for user in ("u0", "newcomer", old.user_id, "u1"):
        mine, other = state.history(user), never.history(user)
        np.testing.assert_array_equal(mine.items, other.items)
        np.testing.assert_array_equal(mine.strengths, other.strengths)
        np.testing.assert_array_equal(mine.times, other.times)
        assert state.event_types(user) == never.event_types(user)
    state.apply_events([old])
    assert state.item_row(old.item_id) in state.history(old.user_id).items
    assert state.event_types(old.user_id)[state.item_row(old.item_id)] == old.type


def test_events_of_new_users_and_on_unknown_items(state):
    state.apply_events([Interaction("n1", "nowhere"), Interaction("n2", "bare")])
    assert state.history("n1") is None
    assert state.history("n2").items.tolist() == [state.item_row("bare")]
    state.apply_events([Interaction("n3", "comedy-1")])
    assert state.history("n3").items.tolist() == [state.item_row("comedy-1")]
    assert state.event_types("nobody") == {}


def test_users_have_the_attributes_they_were_given_last(state):
    assert state.user("quiet-f").attributes == {"gender": "F"}
    state.apply_user(User("quiet-f", {"gender": "M"}))
    state.apply_user(User("fresh", {"age": 3}))
    assert state.user("quiet-f").attributes == {"gender": "M"}
    assert state.user("fresh").attributes == {"age": 3}
    assert len(state.history("fresh")) == 0
    assert state.user("nobody") == User("nobody")


def test_a_removed_user_is_forgotten_and_may_come_back(state):
    state.remove_user("u25")
    assert state.history("u25") is None
    assert state.user("u25") == User("u25")
    assert state.event_types("u25") == {}
    state.apply_events([Interaction("u25", "bare")])
    assert state.history("u25").items.tolist() == [state.item_row("bare")]
    assert state.user("u25").attributes == {}
    state.remove_user("nobody")
    assert state.find_user("nobody") is None


def test_a_removed_item_is_gone_until_it_is_put_again(state):
    row = state.item_row("comedy-3")
    state.remove_item("comedy-3")
    state.remove_item("nowhere")
    assert state.find_item("comedy-3") is None
    assert state.removed_rows().tolist() == [row]
    assert state.is_served(np.array([0, row])).tolist() == [True, False]
    assert put(state, "comedy-3") == row
    assert state.item_row("comedy-3") == row
    assert len(state.removed_rows()) == 0
    assert state.is_served(np.array([0, row])).all()


def test_items_with_an_entity_follow_live_changes(state):
    def names(entity_id):
        return {state.item(row).id for row in state.items_with(entity_id).tolist()}

    assert names("Person:Ada Marsh") == {
        *(f"comedy-{n}" for n in range(0, 15, 3)),
        "comedy-new",
        "comedy-twin",
    }
    new = Entity("Person:New", "Person", "New")
    put(state, "x", ("x", "DIRECTED_BY", "Person:Ada Marsh"), ("Person:New", "ACTED_IN", "x"),
        entities=[new])  # fmt: skip
    put(state, "comedy-0", ("comedy-0", "DIRECTED_BY", "Person:New"))
    assert "x" in names("Person:Ada Marsh")
    assert "comedy-0" not in names("Person:Ada Marsh")
    assert names("Person:New") == {"x", "comedy-0"}
    assert state.entity("Person:New") == new
    assert state.entity("Genre:Horror").name == "Horror"
    assert state.entity("Genre:None") is None
    assert names("Genre:None") == set()


def test_the_role_between_an_item_and_an_entity(state):
    row = state.item_row("comedy-0")
    assert state.role_between(row, "Person:Ada Marsh") == Role("DIRECTED_BY", "out")
    new = put(state, "x", ("Person:New", "ACTED_IN", "x"))
    assert state.role_between(new, "Person:New") == Role("ACTED_IN", "in")
    assert state.links(new) == (Triple("Person:New", "ACTED_IN", "x"),)
    assert state.links(row) is None
    for wrong in (row, new):
        with pytest.raises(NotFoundError):
            state.role_between(wrong, "Genre:Horror")


def test_a_new_item_gets_the_edges_that_an_item_of_the_same_content_got(world, state):
    """``comedy-new`` was placed in training; a live copy of it lands in the same place."""
    links = [("copy", t.relation, t.tail) for t in world.triples_of("comedy-new")]
    row = put(state, "copy", *links)
    copy = state.scorer.items(np.array([row]))
    trained = state.scorer.items(np.array([state.item_row("comedy-new")]))
    np.testing.assert_allclose(copy.source, trained.source, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(copy.target, trained.target, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(
        copy.similar.toarray(), trained.similar.toarray(), rtol=1e-4, atol=1e-6
    )
    n_known = trained.features.shape[1]
    np.testing.assert_allclose(
        copy.features.toarray()[:, :n_known], trained.features.toarray(), rtol=1e-5
    )


def test_a_warm_item_keeps_what_was_learned_when_its_attributes_change(state):
    row = state.item_row("comedy-0")
    before = state.scorer.items(np.array([row]))
    assert put(state, "comedy-0", ("comedy-0", "HAS_GENRE", "Genre:Horror"), title="Re-cut") == row
    after = state.scorer.items(np.array([row]))
    np.testing.assert_array_equal(after.source, before.source)
    np.testing.assert_array_equal(after.similar.toarray(), before.similar.toarray())
    assert after.features.nnz == 1
    assert state.item(row).title == "Re-cut"


def test_items_that_the_model_does_not_know_are_placed_by_content(world, model, preset_films):
    extra = Item("comedy-late", "Late")
    links = [Triple("comedy-late", t.relation, t.tail) for t in world.triples_of("comedy-new")]
    fresh = [Interaction("u0", "comedy-late", "rating", 5.0, 2e9)]
    for events in ([], fresh):
        newer = replace(
            world,
            items=[extra, *world.items],
            triples=[*world.triples, *links],
            events=[*world.events, *events],
        ).snapshot()
        state = ServingState(replace(newer, version=77), model, preset_films)
        late, twin = (
            state.scorer.items(np.array([state.item_row(name)]))
            for name in ("comedy-late", "comedy-new")
        )
        assert late.target.any()
        # Not equal: one more item changes how much a genre tells.
        assert np.dot(late.target[0], twin.target[0]) > 0.99 * (
            np.linalg.norm(late.target) * np.linalg.norm(twin.target)
        )
        assert 0.9 < np.linalg.norm(late.target) / np.linalg.norm(twin.target) < 1.1


def test_a_graph_without_content_or_events_takes_items(small, preset_films):
    snapshot = small([]).snapshot()
    state = ServingState(snapshot, Model.untrained(snapshot, preset_films), preset_films)
    row = put(state, "x", ("x", "HAS_GENRE", "Genre:War"))
    assert (row, state.n_items) == (0, 1)
    state.apply_events([Interaction("u", "x")])
    assert state.history("u").items.tolist() == [0]


def test_a_new_item_gains_what_placed_items_gain(world, films, model, preset_films):
    gains = Gains((1.0, 9.0), (0.3, 0.7))
    gate = replace(model.gate, placed=gains, arrived=gains)
    state = ServingState(films, replace(model, gate=gate), preset_films)
    old = state.item_row("comedy-new")
    links = [replace(triple, head="later") for triple in world.triples_of("comedy-new")]
    later = replace(world.item("comedy-new"), id="later")
    row = state.apply_item(later, (), links, None)
    history = state.history("u0")
    profile = Profile.of(history.items, history.strengths, gate)
    assert profile.gains[ARRIVED] > 0.3
    first, second = state.scorer.components(profile, np.array([old, row]))
    np.testing.assert_allclose(first, second, rtol=1e-4, atol=1e-6)
    found = state.scorer.items(np.array([old, row, state.item_row("comedy-3")]))
    assert found.new.tolist() == [PLACED, ARRIVED, 0]
    for item in (later, world.item("comedy-new")):
        state.apply_item(item, (), [replace(link, head=item.id) for link in links], None)
    again = state.scorer.items(np.array([old, row]))
    assert again.new.tolist() == [PLACED, ARRIVED]
    assert found.popularity[0] == pytest.approx(found.popularity[1], rel=1e-5) != 0.0
    together = BatchScorer(films, replace(model, gate=gate), preset_films)
    user = np.array([films.users.find("u0")])
    rows, scores = together.top_k(user, 40)
    assert scores[0][rows[0] == old] == pytest.approx(first.sum(), rel=1e-4)


def test_what_nothing_is_known_of_gains_nothing(state):
    rows = np.array([state.item_row("bare"), put(state, "later", title="")])
    found = state.scorer.items(rows)
    assert found.new.tolist() == found.popularity.tolist() == [0.0, 0.0]
