from dataclasses import replace

import numpy as np
import pytest

from gnn.messages import Messages
from graph.columns import Csr
from ranking.attributes import Attributes
from ranking.model import Model
from ranking.passed_on import PassedOn


@pytest.fixture
def passed_on(films, model):
    return PassedOn.of_model(model, films, Attributes.of(films))


def features_of(snapshot, row):
    return Attributes.of(snapshot).matrix[[row]].indices


def named(snapshot, columns):
    """Role and entity of feature columns."""
    attributes = Attributes.of(snapshot)
    return [
        (
            attributes.roles[attributes.role_of[c]].name,
            snapshot.entities.id(attributes.entity_of[c]),
        )
        for c in columns.tolist()
    ]


def test_an_item_gets_something_from_each_entity_that_it_shares(films, passed_on):
    row = films.items.find("horror-3")
    columns, vectors = passed_on.to(row, features_of(films, row))
    assert ("DIRECTED_BY:out", "Person:Dorian Vance") in named(films, columns)
    assert vectors.shape == (len(columns), passed_on.messages.vectors.shape[1])
    assert np.abs(vectors).max(axis=1).min() > 0


def test_what_came_through_an_entity_that_is_gone_is_not_told(films, passed_on):
    row = films.items.find("horror-3")
    features = features_of(films, row)
    every, all_vectors = passed_on.to(row, features)
    columns, vectors = passed_on.to(row, features[1:])
    assert columns.tolist() == every[every != features[0]].tolist()
    np.testing.assert_array_equal(vectors, all_vectors[every != features[0]])


def test_who_has_no_entity_left_gets_nothing(films, passed_on):
    gone = replace(passed_on, columns=np.full_like(passed_on.columns, -1))
    columns, vectors = gone.to(films.items.find("horror-3"), np.zeros(0, dtype=np.int32))
    assert (len(columns), vectors.shape) == (0, (0, passed_on.messages.vectors.shape[1]))


def test_items_without_events_and_later_ones_get_nothing(films, passed_on):
    new = films.items.find("horror-new")
    assert len(passed_on.to(new, features_of(films, new))[0]) == 0
    assert len(passed_on.to(len(films.items) + 3, np.array([0]))[0]) == 0


def test_who_has_two_roles_passes_on_once(films, model):
    rows, vectors = np.zeros(2, dtype=np.int64), np.array([[1.0, 2.0], [10.0, 20.0]], np.float32)
    edges = Csr.of(rows, np.array([0, 1]), np.array([1.0, 0.5]), (len(films.items), 2))
    messages = Messages(
        ("DIRECTED_BY:out", "WRITTEN_BY:out"),
        np.array([0, 1], np.int32),
        np.array([4, 4], np.int32),
        vectors,
        edges,
        np.ones((len(films.items), 1), np.float32),
    )
    both = PassedOn(messages, np.arange(len(films.items)), np.array([2, 7]))
    columns, together = both.to(0, np.array([2, 3, 7]))
    assert columns.tolist() == [2]
    np.testing.assert_allclose(together, [[6.0, 12.0]])


def test_a_newer_snapshot_is_served_by_names(world, films, model, small):
    fewer = small(
        [item for item in world.items if item.id != "comedy-0"],
        [t for t in world.triples if t.head != "comedy-0" and "Dorian" not in t.tail],
        [e for e in world.events if e.item_id != "comedy-0"],
        world.users,
    ).snapshot()
    fewer = replace(fewer, version=films.version + 1)
    moved = PassedOn.of_model(model, fewer, Attributes.of(fewer))
    whole = PassedOn.of_model(model, films, Attributes.of(films))
    row, before = (each.items.find("horror-3") for each in (fewer, films))
    columns, vectors = moved.to(row, features_of(fewer, row))
    old, old_vectors = whole.to(before, features_of(films, before))
    told = dict(zip(named(films, old), old_vectors.tolist(), strict=True))
    assert dict(zip(named(fewer, columns), vectors.tolist(), strict=True)) == {
        name: vector for name, vector in told.items() if "Dorian" not in name[1]
    }
    assert len(columns) == len(old) - 1


def test_a_model_without_messages_passes_nothing_on(films, preset_films):
    bare = Model.untrained(films, preset_films)
    assert PassedOn.of_model(bare, films, Attributes.of(films)) is None
