import numpy as np
import pytest

from graph.domain import Entity, Interaction, Item, Triple, User
from ranking.domain import Answer, Query
from ranking.model import Model
from ranking.question import PRIOR, ask, exact
from ranking.state import ServingState
from ranking.stated import (
    NOTHING_SAID,
    Said,
    Taste,
    answers_in,
    as_attributes,
    items_in,
    stated,
    topic_of,
)

HORROR = Answer("Genre:Horror", "entity", "like")
NO_HORROR = Answer("Genre:Horror", "entity", "dislike")
NO_SEEN = np.zeros(0, dtype=np.int64)


@pytest.fixture
def state(films, model, preset_films):
    return ServingState(films, model, preset_films)


def sides(state):
    """Rows of the rated comedies and of the rated horror films."""
    return (
        np.array([state.item_row(f"{side}-{n}") for n in range(15)])
        for side in ("comedy", "horror")
    )


def test_answers_are_kept_as_attributes_and_found_again():
    answers = (HORROR, Answer("a:b c", "item", "unknown"), Answer("黑客帝国", "item", "dislike"))
    attributes = as_attributes(answers)
    assert attributes["answer:item:a:b c"] == "unknown"
    assert answers_in({"age": 24, **attributes}) == answers
    assert answers_in({"answer:person:x": "like", "answer:item:x": "maybe", "answer:": 1}) == ()


def test_what_is_said_now_counts_beside_and_before_what_is_kept():
    kept = User("ada", {"age": 24, **as_attributes([HORROR])})
    assert NOTHING_SAID.by(kept) is kept
    user = Said((NO_HORROR,), {"gender": "F"}).by(kept)
    assert user == User("ada", {"age": 24, "gender": "F", "answer:entity:Genre:Horror": "dislike"})


def test_ids_are_looked_up(state):
    assert topic_of(state, "item", "horror-0").row == state.item_row("horror-0")
    assert topic_of(state, "entity", "Genre:Horror").row == state.snapshot.entities.find(
        "Genre:Horror"
    )
    assert topic_of(state, "item", "Genre:Horror") is None
    assert topic_of(state, "entity", "horror-0") is None


def test_liked_and_disliked_items_are_told_apart(state):
    said = [
        Answer("horror-3", "item", "like"),
        Answer("horror-1", "item", "like"),
        Answer("comedy-1", "item", "dislike"),
        Answer("comedy-2", "item", "unknown"),
        Answer("nowhere", "item", "like"),
        HORROR,
    ]
    liked, disliked = items_in(state, said)
    assert liked.tolist() == sorted(state.item_row(f"horror-{n}") for n in (1, 3))
    assert disliked.tolist() == [state.item_row("comedy-1")]


def test_who_likes_a_genre_is_shown_it_and_who_does_not_is_not(state):
    comedies, horrors = sides(state)
    for answer, sign in ((HORROR, 1.0), (NO_HORROR, -1.0)):
        people, (taste,) = stated(state, [answer], seen=NO_SEEN)
        assert taste.likes == (sign > 0)
        assert (sign * taste.at(horrors) > 0).all()
        assert not taste.at(comedies).any()
        total = people[: len(state.snapshot.items)] + taste.at(np.arange(state.n_items))
        assert sign * (total[horrors].mean() - total[comedies].mean()) > 0.5


def test_an_answer_about_an_item_tells_of_its_likes(state):
    comedies, horrors = sides(state)
    people, tastes = stated(state, [Answer("horror-0", "item", "like")], seen=NO_SEEN)
    assert tastes == ()
    assert people[horrors].mean() > people[comedies].mean()


def test_without_answers_nothing_is_added(state):
    assert stated(state, [], seen=NO_SEEN) == (None, ())
    assert stated(state, [Answer("nowhere", "item", "like")], seen=NO_SEEN) == (None, ())


def test_items_that_nobody_has_chosen_get_what_the_others_get_on_average(state):
    _, (taste,) = stated(state, [HORROR], seen=NO_SEEN)
    rated = taste.at(np.array([state.item_row(f"horror-{n}") for n in range(15)]))
    new = taste.at(np.array([state.item_row("horror-new")]))
    assert new[0] == pytest.approx(rated.mean())


def test_comparing_with_others_fades_but_what_was_said_stays(state):
    few, (fresh,) = stated(state, [HORROR], seen=NO_SEEN)
    many, (later,) = stated(state, [HORROR], seen=np.arange(30))
    assert np.abs(many).max() < np.abs(few).max()
    assert (later.values < fresh.values).all()
    least = 0.1 / state.model.gate.scales[PRIOR]
    assert later.values.min() >= least * (1 - 1e-9)
    asked_about, _ = stated(state, [Answer("horror-0", "item", "like")], seen=NO_SEEN)
    same, _ = stated(
        state, [Answer("horror-0", "item", "like")], seen=np.array([state.item_row("horror-0")])
    )
    np.testing.assert_array_equal(asked_about, same)


def test_a_graph_without_users_still_follows_what_is_said(small, preset_films):
    snapshot = small(["a", "b"], [("a", "HAS_GENRE", "Genre:War")]).snapshot()
    state = ServingState(snapshot, Model.untrained(snapshot, preset_films), preset_films)
    people, (taste,) = stated(state, [Answer("Genre:War", "entity", "like")], seen=NO_SEEN)
    assert not people.any()
    assert taste.at(np.arange(2))[0] > 0 == taste.at(np.arange(2))[1]


def test_entities_and_items_that_came_later_can_be_spoken_of(state):
    links = [Triple("late", "HAS_GENRE", "Genre:Western"), Triple("late", "HAS_GENRE", HORROR.id)]
    row = state.apply_item(
        Item("late", "Late"), [Entity("Genre:Western", "Genre", "Western")], links, None
    )
    said = [Answer("Genre:Western", "entity", "like"), HORROR, Answer("late", "item", "unknown")]
    people, (western, horror) = stated(state, said, seen=NO_SEEN)
    assert people.shape == (state.n_items,)
    assert western.rows.tolist() == [row]
    assert western.values[0] > 0
    assert horror.at(np.array([row]))[0] > 0


def test_a_taste_counts_at_its_items_only():
    taste = Taste("e", likes=True, rows=np.array([2, 5]), values=np.array([0.5, 0.25]))
    assert taste.at(np.array([0, 2, 3, 5, 9])).tolist() == [0, 0.5, 0, 0.25, 0]
    nothing = Taste("e", likes=True, rows=np.array([], dtype=int), values=np.array([]))
    assert nothing.at(np.array([0, 1])).tolist() == [0, 0]


def test_answers_about_items_count_like_events(state):
    said = Said((Answer("horror-0", "item", "like"), Answer("comedy-0", "item", "dislike")))
    question = ask(state, said=said)
    assert question.profile.rows.tolist() == [state.item_row("horror-0")]
    assert set(question.history.items) == {state.item_row("horror-0"), state.item_row("comedy-0")}
    assert not question.is_empty


def test_an_answer_that_is_an_event_as_well_counts_once(state):
    state.apply_events([Interaction("new", "horror-0", "like", at=5.0)])
    answer = Answer("horror-0", "item", "like")
    alone = ask(state, user_id="new")
    both = ask(state, user_id="new", said=Said((answer,)))
    assert both.profile.rows.tolist() == alone.profile.rows.tolist()
    assert both.profile.weights.tolist() == alone.profile.weights.tolist()
    before = ask(state, said=Said((answer,)))
    every = np.arange(state.n_items)
    np.testing.assert_allclose(exact(state, before, every), exact(state, both, every))


def test_a_list_for_answers_is_explained_by_what_was_said(recommender):
    query = Query(answers=(HORROR,), k=5, explain=True)
    items = recommender.recommend(query).items
    assert all(item.item_id.startswith("horror") for item in items)
    (path,) = items[0].paths
    assert path.kind == "stated"
    assert [edge.type for edge in path.path.edges] == ["ASKS_FOR", "HAS_GENRE"]
    assert path.text.startswith("You said you like Horror; ")
    for item in items:
        assert item.score == pytest.approx(sum(item.parts.values()))


def test_kept_answers_are_explained_with_exact_sums(recommender):
    comedy = Answer("Genre:Comedy", "entity", "dislike")
    recommender.apply_user(User("ada", as_attributes([HORROR, comedy])))
    for item, kind in (("horror-3", "ASKS_FOR"), ("comedy-3", "AVOIDS")):
        told = recommender.explain(item, Query(user_id="ada", language="zh"))
        assert sum(p.value for p in told.paths) == pytest.approx(told.parts["paths"])
        assert told.score == pytest.approx(sum(told.parts.values()))
        (path,) = (p for p in told.paths if p.kind == "stated")
        assert path.path.edges[0].type == kind
    assert "你说过喜欢" in recommender.explain("horror-3", Query(user_id="ada", language="zh")).text
