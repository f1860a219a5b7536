import numpy as np
import pytest

from graph.domain import Path, PathEdge, PathNode
from graph.errors import InvalidError
from ranking.domain import Query
from ranking.evaluation.explained import (
    Entities,
    draw_users,
    edges_of,
    entity_of,
    explained_list,
    linking_of,
    type_of,
)
from ranking.pipeline import Recommender

YOU = PathNode("u1", "User", "User", "u1")
ALIEN = PathNode("alien", "Item", "Item", "Alien")
SCOTT = PathNode("scott", "Entity", "Person", "Ridley Scott")
HEAT = PathNode("heat", "Item", "Item", "Heat")
BY_DIRECTOR = Path(
    (YOU, ALIEN, SCOTT, HEAT),
    (
        PathEdge("u1", "INTERACTED", "alien", "out"),
        PathEdge("alien", "DIRECTED_BY", "scott", "out"),
        PathEdge("heat", "DIRECTED_BY", "scott", "in"),
    ),
)
ASKED = Path(
    (PathNode("request", "Request", "Request", "request"), SCOTT, HEAT),
    (
        PathEdge("request", "ASKS_FOR", "scott", "out"),
        PathEdge("heat", "DIRECTED_BY", "scott", "in"),
    ),
)


def test_what_is_read_off_a_path():
    assert type_of(BY_DIRECTOR) == "DIRECTED_BY"
    assert linking_of(BY_DIRECTOR) == "alien"
    assert entity_of(BY_DIRECTOR) == "scott"
    assert linking_of(ASKED) is None
    assert entity_of(ASKED) == "scott"


def test_edges_are_those_that_a_store_can_have():
    assert list(edges_of(BY_DIRECTOR)) == [
        ("u1", "INTERACTED", "alien"),
        ("alien", "DIRECTED_BY", "scott"),
        ("heat", "DIRECTED_BY", "scott"),
    ]
    assert list(edges_of(ASKED)) == [("heat", "DIRECTED_BY", "scott")]


def test_degree_counts_the_items_of_an_entity(entities):
    # Twenty-nine films have a director, two of them new; see the world of tests/ranking.
    assert entities.degree("Person:Ada Marsh") == 7
    assert entities.degree("Person:nobody") == 0


def test_place_compares_entities_of_one_label(entities):
    directors = [
        f"Person:{name}"
        for name in (
            "Ada Marsh",
            "Bruno Feld",
            "Celia Okoye",
            "Dorian Vance",
            "Edda Krol",
            "Felix Thorn",
        )
    ]
    places = [entities.place(director) for director in directors]
    degrees = [entities.degree(director) for director in directors]
    assert max(places) == places[int(np.argmax(degrees))] == 1.0
    assert min(places) == places[int(np.argmin(degrees))] == 0.0
    assert np.isnan(entities.place("Person:nobody"))


def test_list_has_the_paths_that_are_shown_first(counting, listed):
    shown = counting.recommend(Query(user_id="u3", k=5, explain=True)).items
    assert [item.item_id for item in listed.items] == [item.item_id for item in shown]
    for item, expected in zip(listed.items, shown, strict=True):
        assert item.shown == expected.paths
        assert item.paths[: len(item.shown)] == tuple(path.path for path in expected.paths)
        assert item.values[: len(item.shown)].tolist() == [path.value for path in expected.paths]
        assert item.is_same


def test_every_path_is_there_once_and_adds_up(counting, listed):
    for item in listed.items:
        explanation = counting.explain(item.item_id, Query(user_id="u3"))
        assert item.values.sum() == pytest.approx(explanation.parts["paths"])
        assert len(item.paths) == len(set(item.paths)) == len(explanation.paths)
        assert item.error < 1e-9
        assert item.seconds > 0


def test_times_are_those_of_the_events(counting, listed, world):
    mine = {event.item_id: event.at for event in world.events if event.user_id == "u3"}
    assert listed.times == mine


def test_sentences_come_in_chinese_as_well(listed):
    assert len(listed.chinese) == sum(len(item.shown) for item in listed.items)
    assert any("《" in path.text for path in listed.chinese)


def test_users_are_drawn_among_those_with_events(counting):
    drawn = draw_users(counting.state, 5, seed=1)
    assert drawn == draw_users(counting.state, 5, seed=1)
    assert len(set(drawn)) == 5
    everybody = draw_users(counting.state, 1000, seed=1)
    assert len(everybody) == 60
    assert not any(user.startswith("quiet") for user in everybody)


def test_a_user_who_was_forgotten_is_not_drawn(counting):
    counting.remove_user("u3")
    assert "u3" not in draw_users(counting.state, 1000, seed=0)


def test_nobody_with_events_is_told(small, preset_films, without_network):
    from ranking.training import train

    films = small(["a", "b"]).snapshot()
    recommender = Recommender(
        films, train(films, preset=preset_films, config=without_network), preset=preset_films
    )
    with pytest.raises(InvalidError, match="No user has events"):
        draw_users(recommender.state, 3, seed=0)


def test_nobody_knows_the_user(counting, entities):
    found = explained_list(counting, entities, "stranger", k=3)
    assert found.times == {}
    assert all(item.shown == () for item in found.items)
    assert Entities(counting.state).degree("Genre:Comedy") > 10
