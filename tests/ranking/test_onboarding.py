import numpy as np
import pytest

from graph.domain import User
from graph.errors import InvalidError, NotFoundError
from ranking.domain import Answer, Query
from ranking.model import Model
from ranking.onboarding import MAX_QUESTIONS, checked, next_question
from ranking.state import ServingState
from ranking.stated import as_attributes

SIDES = {"Genre:Comedy", "Genre:Horror"}


@pytest.fixture
def state(films, model, preset_films):
    return ServingState(films, model, preset_films)


def answer_to(question, reply):
    return Answer(question.id, question.kind, reply)


def test_the_genre_that_parts_the_users_is_asked_first(state):
    question = next_question(state, ())
    assert question.id in SIDES
    assert question.kind == "entity"
    assert question.label == "Genre"
    assert question.text == f"Do you like films in the genre {question.name}?"
    assert 0.8 < question.chance <= 1.0
    chinese = next_question(state, (), language="zh")
    assert chinese.id == question.id
    assert "片类型的电影吗？" in chinese.text


def test_what_the_answer_to_the_first_tells_is_not_asked_again(state):
    first = next_question(state, ())
    answers = (answer_to(first, "like"),)
    asked = {first.id}
    assert next_question(state, answers).id not in SIDES
    while (question := next_question(state, answers)) is not None:
        assert question.id not in asked
        asked.add(question.id)
        answers = (*answers, answer_to(question, "unknown"))
    assert len(answers) == MAX_QUESTIONS


def test_the_next_question_depends_on_the_answer(state):
    first = next_question(state, ())
    directors = {"comedy": {"Ada Marsh", "Bruno Feld", "Celia Okoye"}}
    directors["horror"] = {"Dorian Vance", "Edda Krol", "Felix Thorn"}
    side = "comedy" if first.id == "Genre:Comedy" else "horror"
    items = {f"{side}-{n}" for n in range(15)}
    second = next_question(state, (answer_to(first, "like"),))
    assert second.id in items or second.name in directors[side]


def test_what_is_known_of_a_user_is_not_asked(state):
    first = next_question(state, ())
    state.apply_user(User("ada", as_attributes([answer_to(first, "dislike")])))
    assert next_question(state, (), user_id="ada").id != first.id
    seen = {state.item(row).id for row in state.history("u3").items.tolist()}
    answers = ()
    for _ in range(MAX_QUESTIONS):
        question = next_question(state, answers, user_id="u3")
        assert question.id not in seen
        answers = (*answers, answer_to(question, "unknown"))


def test_removed_items_are_not_asked_about(state):
    def items_asked():
        answers, asked = (), []
        while (question := next_question(state, answers)) is not None:
            answers = (*answers, answer_to(question, "unknown"))
            asked += [question.id] * (question.kind == "item")
        return asked

    for name in items_asked():
        state.remove_item(name)
        assert name not in items_asked()


def test_a_catalog_without_users_is_halved(small, preset_films):
    links = [(f"i{n}", "HAS_GENRE", "Genre:War") for n in range(5)]
    links += [(f"i{n}", "FROM_COUNTRY", "Country:Italy") for n in range(9)]
    links += [(f"i{n}", "DIRECTED_BY", "Person:Leone") for n in range(2)]
    snapshot = small([f"i{n}" for n in range(10)], links).snapshot()
    state = ServingState(snapshot, Model.untrained(snapshot, preset_films), preset_films)
    first = next_question(state, ())
    assert (first.id, first.chance) == ("Genre:War", None)
    second = next_question(state, (answer_to(first, "like"),))
    assert second.id == "Country:Italy"
    assert next_question(state, (answer_to(first, "like"), answer_to(second, "like"))) is None


def test_a_graph_without_entities_and_users_asks_nothing(small, preset_films):
    snapshot = small(["a", "b"]).snapshot()
    state = ServingState(snapshot, Model.untrained(snapshot, preset_films), preset_films)
    assert next_question(state, ()) is None


def test_bad_answers_are_refused(state):
    like = Answer("horror-0", "item", "like")
    checked(state, [like])
    with pytest.raises(NotFoundError, match="no entity with the id 'horror-0'"):
        checked(state, [Answer("horror-0", "entity", "like")])
    with pytest.raises(InvalidError, match="same thing"):
        checked(state, [like, Answer("horror-0", "item", "unknown")])
    with pytest.raises(InvalidError, match="at most 5"):
        checked(state, [Answer(f"horror-{n}", "item", "like") for n in range(6)])


def test_truthful_answers_lead_to_what_the_user_likes(recommender):
    """A user who likes horror films, and knows those with an even number, is found out."""
    state, answers = recommender.state, ()
    known = {f"horror-{n}" for n in range(0, 15, 2)}
    while (question := next_question(state, answers)) is not None:
        if question.kind == "item":
            reply = "like" if question.id in known else "unknown"
        elif question.id in SIDES:
            reply = "like" if question.id == "Genre:Horror" else "dislike"
        else:
            reply = "unknown"
        answers = (*answers, answer_to(question, reply))
    found = recommender.recommend(Query(answers=answers, k=7)).items
    sides = [item.item_id.partition("-")[0] for item in found]
    assert np.mean([side == "horror" for side in sides]) == 1.0
