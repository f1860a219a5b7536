import pytest

from graph.domain import Entity, Item
from ranking.model import Model
from ranking.naming import linker_of, named_entity, named_item, named_things
from ranking.state import ServingState


def test_surfaces_are_names_in_every_language_and_aliases():
    item = named_item(Item("1", "Heat", {"zh": "盗火线"}), 3.0)
    assert (item.id, item.kind, item.surfaces, item.weight) == ("1", "Item", ("Heat", "盗火线"), 3)
    entity = Entity("g:war", "Genre", "War", {"zh": "战争片"}, ("battle",))
    named = named_entity(entity, 2.0)
    assert (named.kind, named.label) == ("Entity", "Genre")
    assert named.surfaces == ("War", "战争片", "battle")


@pytest.fixture
def state(films, model, preset_films):
    return ServingState(films, model, preset_films)


@pytest.fixture
def worded_state(films, worded_model, preset_films):
    return ServingState(films, worded_model, preset_films)


def ids(linked):
    return [found.entity_id for found in linked]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a film by Ada Marsh", ["Person:Ada Marsh"]),
        ("something by Krol", ["Person:Edda Krol"]),
        ("horror", ["Genre:Horror"]),
        ("恐怖片", ["Genre:Horror"]),
        ("Comedy 0 Picture", ["comedy-0"]),
        ("阳光假日", ["comedy-0"]),
    ],
)
def test_items_and_entities_are_found_by_name_in_both_languages(state, text, expected):
    assert ids(linker_of(state, None).link(text).include) == expected


def test_the_better_known_of_two_namesakes_is_meant(small, preset_films):
    items = [Item("old", "The Long Night"), Item("new", "The Long Night"), Item("x", "X")]
    world = small(items, events=[("u", "new"), ("v", "new"), ("w", "old")])
    snapshot = world.snapshot()
    state = ServingState(snapshot, Model.untrained(snapshot, preset_films), preset_films)
    assert ids(linker_of(state, None).link("The Long Night").include) == ["new"]


def test_with_an_encoder_genres_are_found_by_meaning(worded_state, use_m3):
    found = linker_of(worded_state, use_m3).link("terror").include
    assert [(one.entity_id, one.method) for one in found] == [("Genre:Horror", "vector")]
    assert linker_of(worded_state, None).link("terror").include == ()


def test_a_model_that_knows_no_names_by_meaning_links_by_name_only(state, use_m3):
    assert linker_of(state, use_m3).link("terror").include == ()


def test_everything_in_the_snapshot_can_be_named(films, model, preset_films, state):
    things = named_things(films, state.attributes, state.popularity)
    assert len(things) == len(films.entities) + len(films.items)
    weights = {thing.id: thing.weight for thing in things}
    assert weights["Genre:Horror"] > weights["Person:Edda Krol"] > 0
