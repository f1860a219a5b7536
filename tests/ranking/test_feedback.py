from hypothesis import given
from hypothesis import strategies as st

from graph.domain import User
from ranking.domain import Answer
from ranking.feedback import WORDS, Feedback, changes_by, repeated, said_of_entities
from ranking.stated import answers_in

LIKES = Feedback("ada", "genre:war", "like")


def test_feedback_is_kept_as_an_answer_is():
    (attributes,) = changes_by([LIKES]).values()
    assert answers_in(attributes) == (Answer("genre:war", "entity", "like"),)
    assert said_of_entities({"age": 3, "answer:item:x": "like", **attributes}) == {
        "genre:war": "like"
    }


def test_what_was_so_already_is_told():
    said = [LIKES, LIKES, Feedback("ada", "genre:war", "forget"), LIKES]
    assert repeated(said, {}) == [False, True, False, False]
    known = {"ada": User("ada", {"age": 3, "answer:entity:genre:war": "like"})}
    assert repeated(said, known) == [True, True, False, False]
    assert known["ada"].attributes["answer:entity:genre:war"] == "like"
    assert repeated([Feedback("ben", "genre:war", "forget")], known) == [True]


@given(
    st.lists(
        st.builds(Feedback, st.sampled_from("ab"), st.sampled_from("xy"), st.sampled_from(WORDS))
    )
)
def test_the_last_word_counts_as_if_each_were_kept_in_its_turn(said):
    one_by_one = {}
    for each in said:
        mine = one_by_one.setdefault(each.user_id, {})
        mine.pop(each.attribute, None)
        if each.value is not None:
            mine[each.attribute] = each.value
    at_once = {
        user: {name: value for name, value in changes.items() if value is not None}
        for user, changes in changes_by(said).items()
    }
    assert at_once == one_by_one
