import numpy as np
import pytest

from ranking.answers import Answers
from ranking.domain import Query
from ranking.question import SUMMANDS, ask, exact


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
        told = answers.explanation(question, row, user_id="u3", k=3, language="en")
        assert told.item_id == item.item_id
        assert told.paths[: told.n_shown] == item.paths
        assert told.score == pytest.approx(item.score)
        assert sum(path.value for path in told.paths) == pytest.approx(told.parts["paths"])
