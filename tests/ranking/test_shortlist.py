import numpy as np
import pytest

from ranking.domain import Query
from ranking.question import approximate, ask
from ranking.shortlist import MARGIN, shortlist


@pytest.fixture
def state(recommender):
    return recommender.state


def test_the_best_come_with_a_margin_in_the_order_of_their_exact_scores(state):
    question = ask(state, user_id="u3")
    rows, summands = shortlist(state, question, Query(user_id="u3", k=2))
    unseen = np.setdiff1d(np.arange(state.n_items), question.history.items)
    assert set(rows) <= set(unseen.tolist())
    assert len(rows) == min(2 + MARGIN, len(unseen))
    scores = summands.sum(axis=1)
    assert (np.diff(scores) <= 0).all()
    np.testing.assert_allclose(scores, approximate(state, question)[rows], rtol=1e-5)
    left_out = np.setdiff1d(unseen, rows)
    assert approximate(state, question)[left_out].max(initial=-np.inf) <= scores[-1] + 1e-6


def test_what_must_not_come_does_not(state):
    question = ask(state, user_id="u3")
    first = state.item(int(shortlist(state, question, Query(k=1))[0][0])).id
    query = Query(k=40, exclude=frozenset({first, "nowhere"}), filters={"genres": "Comedy"})
    rows, _ = shortlist(state, question, query)
    found = [state.item(row) for row in rows.tolist()]
    assert found
    assert all("Comedy" in item.attributes["genres"] for item in found)
    assert first not in {item.id for item in found}


def test_nothing_is_left_when_nothing_passes(state):
    rows, summands = shortlist(state, ask(state), Query(filters={"genres": "Western"}))
    assert rows.shape == (0,)
    assert summands.shape[0] == 0
