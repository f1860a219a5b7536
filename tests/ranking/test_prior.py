import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from graph.domain import User
from ranking.attributes import Attributes
from ranking.prior import Demographics, groups_of, mixed, themes


def test_groups_are_named_after_attributes_and_decades():
    attributes = {"gender": "F", "age": 24, "city": "", "score": 9.5, "member": True}
    assert groups_of(attributes) == ["age=20s", "gender=f", "member=true", "score=0s"]


@pytest.fixture(scope="module")
def demographics(small):
    users = [User(f"u{n}", {"gender": "FM"[n % 2]}) for n in range(2000)] + [User("x")]
    snapshot = small(["a", "b", "c"], users=users).snapshot()
    liked = np.zeros((2001, 3), np.float32)
    liked[0:2000:2, 0] = 1.0
    liked[1:2000:2, 1] = 1.0
    liked[:, 2] = 1.0
    return Demographics(snapshot, sp.csr_matrix(liked))


def test_a_group_lifts_what_it_likes_more_than_everybody(demographics):
    women, men = (demographics.lift(User("new", {"gender": g})) for g in "FM")
    assert women[0] > 0 > women[1]
    assert men[1] > 0 > men[0]
    np.testing.assert_allclose(women[2], 0, atol=0.01)
    # p(a | F) = 1/2, p(a) = 1/4, shrunk by 500 of 2500 events.
    assert women[0] == pytest.approx(np.log((1000 + 500 / 4) / (2000 + 500) * 4), abs=0.01)


def test_groups_are_averaged_and_unknown_ones_ignored(demographics):
    one = demographics.lift(User("new", {"gender": "f"}))
    same = demographics.lift(User("new", {"gender": "F", "planet": "Mars"}))
    np.testing.assert_allclose(one, same)
    assert demographics.lift(User("new", {"planet": "Mars"})) is None
    assert demographics.lift(User("new")) is None


def test_small_groups_lift_little(small):
    users = [User("one", {"gender": "F"}), User("two")]
    snapshot = small(["a", "b"], users=users).snapshot()
    strengths = sp.csr_matrix(np.array([[1.0, 0], [0, 1.0]], np.float32))
    lift = Demographics(snapshot, strengths).lift(User("new", {"gender": "F"}))
    assert np.abs(lift).max() < 0.01


def test_films_are_themed_by_genre_the_rarest_first(films):
    attributes = Attributes.of(films)
    found = themes(attributes)
    roles = {attributes.roles[attributes.role_of[t]].name for t in found if t >= 0}
    assert roles == {"HAS_GENRE:out"}
    degrees = attributes.degrees()
    matrix = attributes.matrix
    for row, theme in enumerate(found.tolist()):
        if theme >= 0:
            genres = [
                c
                for c in matrix[[row]].indices
                if attributes.role_of[c] == attributes.role_of[theme]
            ]
            assert degrees[theme] == min(degrees[genres])
    assert found[films.items.find("bare")] == -1


def test_without_a_fitting_role_there_are_no_themes(small):
    snapshot = small(["a", "b"], [("a", "HAS_GENRE", "Genre:War")]).snapshot()
    assert themes(Attributes.of(snapshot)).tolist() == [-1, -1]


def test_no_theme_fills_the_list():
    themes_of = np.array([1, 1, 1, 2, 1, 1, 3, 1])
    places = mixed(np.arange(8), themes_of, 5)
    assert places.tolist() == [0, 3, 6, 1, 2]


@given(st.lists(st.integers(-1, 3), max_size=30), st.integers(0, 40))
def test_mixing_returns_different_items_and_none_falls_far(themes_of, k):
    places = mixed(np.arange(len(themes_of)), np.array(themes_of, dtype=np.int64), k).tolist()
    assert len(places) == min(k, len(themes_of))
    assert len(set(places)) == len(places)
    assert all(place < number + 5 for number, place in enumerate(places))
    if k >= len(themes_of):
        assert sorted(places) == list(range(len(themes_of)))
