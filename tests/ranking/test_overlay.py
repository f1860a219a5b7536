import numpy as np
import pytest

from graph.domain import Interaction, Item, Triple, User
from ranking.links import links_of
from ranking.overlay import Overlay
from ranking.question import ask, exact
from ranking.state import ServingState
from ranking.texts import ItemTexts


@pytest.fixture
def state(films, balanced, preset_films):
    state = ServingState(films, balanced, preset_films)
    state.apply_item(Item("late", "Late"), [], [Triple("late", "HAS_GENRE", "Genre:Horror")], None)
    state.apply_events([Interaction("u40", "late", "rating", 5.0, 1_800_000_000.0)])
    state.apply_user(User("u41", {"age": 3, "answer:entity:Genre:Horror": "like"}))
    return state


@pytest.fixture
def texts(films, state):
    return ItemTexts(films, state.attributes, None)


def scores(state, user="u40"):
    return exact(state, ask(state, user_id=user), np.arange(state.n_items))


def test_nothing_is_different_at_first(state):
    np.testing.assert_array_equal(scores(Overlay(state)), scores(state))
    assert Overlay(state).respondents is state.respondents


def test_changes_stay_in_the_overlay(state, texts):
    before = {user: scores(state, user) for user in ("u40", "u41")}
    overlay = Overlay(state)
    overlay.forget_events("u40", {state.item_row("late")})
    overlay.forget_attributes("u41", {"answer:entity:Genre:Horror", "no such"})
    row = overlay.item_row("horror-new")
    overlay.unlink(row, [link for link in links_of(state, row) if "Edda" in link.tail], texts)
    overlay.remove_item("bare")
    overlay.apply_item(Item("later", "Later"), [], [], None)
    overlay.apply_events([Interaction("new user", "horror-3", "rating", 5.0, 1.0)])
    for user, known in before.items():
        assert not np.array_equal(scores(overlay, user)[: len(known)], known)
        np.testing.assert_array_equal(scores(state, user), known)
    assert state.find_item("bare") is not None
    assert (state.find_item("later"), state.find_user("new user")) == (None, None)
    assert state.user("u41").attributes["answer:entity:Genre:Horror"] == "like"
    assert overlay.user("u41").attributes == {"age": 3}
    assert len(links_of(overlay, row)) == len(links_of(state, row)) - 1


def test_items_are_found_by_the_entities_they_have_left(state, texts):
    overlay, row = Overlay(state), state.item_row("late")
    overlay.unlink(row, links_of(state, row), texts)
    assert row in state.items_with("Genre:Horror")
    assert row not in overlay.items_with("Genre:Horror")


def test_what_is_not_known_cannot_be_forgotten(state):
    overlay = Overlay(state)
    overlay.forget_events("nobody", {0})
    overlay.forget_attributes("nobody", {"age"})
    assert overlay.find_user("nobody") is None
    before = overlay.history("u40")
    overlay.forget_events("u40", set())
    assert overlay.history("u40") is before
