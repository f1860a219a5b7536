import pytest

from graph.domain import Entity, Item, Triple
from ranking.links import links_of, owns_its_edges
from ranking.state import ServingState


@pytest.fixture
def state(films, model, preset_films):
    return ServingState(films, model, preset_films)


def test_links_are_those_of_the_catalog(state, world):
    for item in ("horror-3", "comedy-new", "bare", "horror-14"):
        assert set(links_of(state, state.item_row(item))) == set(world.triples_of(item))


def test_links_from_entities_point_at_the_item(small, preset_films):
    from ranking.model import Model

    links = [Triple("Person:Ada", "DIRECTED", "a", 0.5), Triple("a", "HAS_GENRE", "Genre:War")]
    snapshot = small(["a", "b"], [*links, Triple("b", "HAS_GENRE", "Genre:War")]).snapshot()
    state = ServingState(snapshot, Model.untrained(snapshot, preset_films), preset_films)
    assert set(links_of(state, state.item_row("a"))) == set(links)


def test_what_came_since_counts(state):
    links = (Triple("late", "HAS_GENRE", "Genre:New"),)
    row = state.apply_item(Item("late", "Late"), [Entity("Genre:New", "Genre", "New")], links, None)
    assert links_of(state, row) == links


def test_items_placed_by_their_content_own_their_edges(state):
    row = state.apply_item(Item("late", "Late"), [], [], None)
    owners = {
        name: owns_its_edges(state, state.item_row(name)) for name in ("horror-3", "horror-new")
    }
    assert owners == {"horror-3": False, "horror-new": True}
    assert owns_its_edges(state, row)
