import numpy as np
import pytest

from ranking.columns import Columns
from ranking.copies import Copies
from ranking.domain import Diversity, Query
from ranking.model import Model
from ranking.question import approximate, ask
from ranking.shortlist import MARGIN, POOL, shortlist
from ranking.state import ServingState


@pytest.fixture
def state(recommender):
    return recommender.state


@pytest.fixture
def find(state):
    copies, columns = Copies(state), Columns(state)

    def best(question, query):
        return shortlist(state, question, query, copies, columns)

    return best


def test_the_best_come_with_a_margin_in_the_order_of_their_exact_scores(state, find):
    question = ask(state, user_id="u3")
    best = find(question, Query(user_id="u3", k=2))
    unseen = np.setdiff1d(np.arange(state.n_items), question.history.items)
    assert set(best.rows) <= set(unseen.tolist())
    assert len(best) == min(2 + MARGIN, len(unseen))
    assert best.n_copies == 0
    assert (np.diff(best.scores) <= 0).all()
    np.testing.assert_allclose(best.scores, approximate(state, question)[best.rows], rtol=1e-5)
    left_out = np.setdiff1d(unseen, best.rows)
    assert approximate(state, question)[left_out].max(initial=-np.inf) <= best.scores[-1] + 1e-6


def test_what_must_not_come_does_not(state, find):
    question = ask(state, user_id="u3")
    first = state.item(int(find(question, Query(k=1)).rows[0])).id
    query = Query(k=40, exclude=frozenset({first, "nowhere"}), filters={"genres": "Comedy"})
    found = [state.item(row) for row in find(question, query).rows.tolist()]
    assert found
    assert all("Comedy" in item.attributes["genres"] for item in found)
    assert first not in {item.id for item in found}


def test_nothing_is_left_when_nothing_passes(state, find):
    best = find(ask(state), Query(filters={"genres": "Western"}))
    assert len(best) == 0
    assert best.summands.shape[0] == 0


@pytest.mark.parametrize(
    ("query", "n"),
    [
        (Query(k=5), 5 + MARGIN),
        (Query(k=5, diversity=Diversity(0.5)), POOL),
        (Query(k=5, calibration=0.5), POOL),
        (Query(k=80, calibration=0.5), 160),
        (Query(k=190, calibration=0.5), 190 + MARGIN),
    ],
)
def test_what_is_reordered_is_taken_from_a_larger_pool(small, preset_films, query, n):
    snapshot = small([f"i{n:03}" for n in range(300)]).snapshot()
    state = ServingState(snapshot, Model.untrained(snapshot, preset_films), preset_films)
    assert len(shortlist(state, ask(state), query, Copies(state), Columns(state))) == n
