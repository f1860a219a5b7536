import numpy as np
import pytest

from ranking.answers import Answers
from ranking.domain import Query
from ranking.question import SUMMANDS, ask, exact
from ranking.text_check import flaw


@pytest.fixture
def asked(recommender):
    state = recommender.state
    question = ask(state, user_id="u3")
    rows = np.array([state.item_row(name) for name in ("horror-0", "comedy-new")])
    return Answers(state), question, rows, exact(state, question, rows)


def test_items_keep_their_order_and_scores_are_sums_of_parts(asked):
    answers, question, rows, summands = asked
    described = answers.recommendations(question, rows, summands, Query(user_id="u3"))
    assert [item.item_id for item in described] == ["horror-0", "comedy-new"]
    assert [item.cold for item in described] == [False, True]
    for item, values in zip(described, summands, strict=True):
        assert item.score == sum(item.parts.values()) == pytest.approx(values.sum())
        assert item.source == SUMMANDS[int(np.argmax(values))]
        assert item.paths == ()
        assert item.reason == ""


def test_titles_are_in_the_language_asked_for(asked):
    answers, question, rows, summands = asked
    described = answers.recommendations(question, rows, summands, Query(language="zh"))
    assert [item.title for item in described] == ["午夜来客", "新邻居"]


def test_shown_paths_are_those_of_the_explanation(asked):
    answers, question, rows, summands = asked
    query = Query(user_id="u3", explain=True)
    for item, row in zip(
        answers.recommendations(question, rows, summands, query), rows.tolist(), strict=True
    ):
        told = answers.explanation(question, row, query, k=3)
        assert told.item_id == item.item_id
        assert set(told.paths[: told.n_shown]) == set(item.paths)
        assert told.score == pytest.approx(item.score)
        assert sum(path.value for path in told.paths) == pytest.approx(told.parts["paths"])


def test_the_reason_in_short_is_that_of_the_first_path(asked):
    answers, question, rows, summands = asked
    for language, you_liked in (("en", "ou liked"), ("zh", "你喜欢")):
        query = Query(user_id="u3", explain=True, language=language)
        for item in answers.recommendations(question, rows, summands, query):
            assert not flaw(item.reason, item.paths[:1], target_implied=True)
            assert item.title not in item.reason
            assert you_liked in item.reason


def test_a_note_says_so_where_the_shown_paths_are_less_than_half(recommender):
    few = recommender.explain("horror-0", Query("u40"), k=1)
    assert 0 < few.share_shown < 0.5
    n_more = sum(path.value > 0 for path in few.paths) - 1
    told = few.parts["popularity"] > 0.05 * few.score
    other = " and other parts of the score" * told
    assert few.notes == (
        f"The reasons told here carry {few.share_shown:.0%} of what speaks for it; the rest comes "
        f"from {n_more} more paths{other}.",
    )
    chinese = recommender.explain("horror-0", Query("u40", language="zh"), k=1)
    assert chinese.notes[0].startswith("这里说出的理由占全部依据的")
    every = recommender.explain("horror-0", Query("u40", path_choice="strongest"), k=1000)
    assert every.notes == ()
    assert every.share_shown > 0.5
    positive = sum(p.value for p in every.paths if p.value > 0)
    beside = sum(max(v, 0.0) for name, v in every.parts.items() if name != "paths")
    shown = sum(p.value for p in every.paths[: every.n_shown])
    assert every.share_shown == pytest.approx(shown / (positive + beside))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Nothing is known of your taste yet, so this goes by what is popular with everyone"),
        ("zh", "目前还不了解你的喜好，所以依据的是大家的喜好"),
    ],
)
def test_who_has_done_nothing_is_told_that_it_goes_by_popularity(recommender, language, text):
    for user in ("quiet", "nobody", None):
        told = recommender.explain("horror-0", Query(user, language=language))
        assert told.paths == ()
        assert told.share_shown == 0.0
        assert told.notes == ()
        assert text in told.text
        assert told.summary == ("Popular with everyone." if language == "en" else "很受大家欢迎。")


def test_who_has_done_nothing_is_told_that_it_goes_by_the_request(recommender):
    query = Query("quiet", "horror films")
    told = recommender.explain("horror-0", query)
    assert told.summary == "In the genre Horror, as you asked."
    assert "so this goes by your request" in told.text
    known = recommender.explain("horror-0", Query("u40", "horror films"))
    assert "Nothing is known" not in known.text
    for item in recommender.recommend(Query("quiet-f")).items:
        told, share = recommender.explain(item.item_id, Query("quiet-f")).text, 0.05 * item.score
        expected = item.parts.get("people_like_you", 0.0) > share
        assert ("what people like you choose" in told) == expected
