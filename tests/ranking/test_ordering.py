import numpy as np
import pytest

from ranking.calibration import Mixes
from ranking.columns import Columns
from ranking.copies import Copies
from ranking.domain import Diversity, Moved, Query
from ranking.ordering import Ordering
from ranking.question import ask
from ranking.shortlist import shortlist
from ranking.vectors import ItemVectors, mean_distance


@pytest.fixture
def state(recommender):
    return recommender.state


@pytest.fixture
def start(state):
    best = shortlist(state, ask(state, user_id="u3"), Query(k=6), Copies(state), Columns(state))
    return Ordering.by_score(best, 6)


def test_by_score_nothing_has_moved(start):
    assert start.shown.tolist() == list(range(6))
    assert list(start.moves()) == [Moved(n, n) for n in range(1, 7)]
    assert start.stages == ()


def test_diversity_is_measured_on_what_is_shown(start, state):
    vectors = ItemVectors(state)
    order = start.diversified(vectors, Diversity(0.8, "mmr"))
    (stage,) = order.stages
    assert (stage.by, stage.how, stage.strength) == ("diversity", "mmr", 0.8)
    points = vectors.of(order.best.rows)
    assert stage.before == pytest.approx(mean_distance(points[:6]))
    assert stage.after == pytest.approx(mean_distance(points[order.shown]))
    assert stage.after > stage.before
    assert list(order.moves()) == [Moved(p + 1, n) for n, p in enumerate(order.shown.tolist(), 1)]


def test_calibration_is_measured_on_what_is_shown(start, state):
    profile = ask(state, user_id="u3").profile
    order = start.calibrated(Mixes(state, ItemVectors(state)), profile, 1.0)
    (stage,) = order.stages
    assert (stage.by, stage.how, stage.strength) == ("calibration", "HAS_GENRE:out", 1.0)
    assert stage.after < stage.before


def test_nobody_without_a_mix_is_calibrated(start, state):
    order = start.calibrated(Mixes(state, ItemVectors(state)), ask(state).profile, 1.0)
    assert order is start


def test_themes_take_turns(start):
    rows = start.best.rows
    themes = np.zeros(rows.max() + 1, dtype=np.int64)
    assert start.with_themes_mixed(themes).shown.tolist() == start.shown.tolist()
    themes += 7
    themes[rows[3]] = 8
    order = start.with_themes_mixed(themes)
    assert order.shown.tolist() == [0, 3, 1, 2, 4, 5]
    assert order.stages[0].by == "themes"
    assert order.stages[0].before is None


def test_a_stage_starts_from_the_order_before_it(start, state):
    """What stood in front before, a stage without weight leaves there, but for equal scores."""
    rows = start.best.rows
    themes = np.full(rows.max() + 1, 7)
    themes[rows[3]] = 8
    mixed = start.with_themes_mixed(themes)
    vectors, profile = ItemVectors(state), ask(state, user_id="u3").profile
    for order in (
        mixed.diversified(vectors, Diversity(1e-9)),
        mixed.calibrated(Mixes(state, vectors), profile, 1e-9),
    ):
        scores = start.best.scores
        np.testing.assert_allclose(scores[order.places], scores[mixed.places], rtol=1e-4)
        assert len(order.stages) == 2
    both = mixed.diversified(vectors, Diversity(0.9)).calibrated(
        Mixes(state, vectors), profile, 0.5
    )
    assert sorted(both.places.tolist()) == list(range(len(start.best)))
    assert [stage.by for stage in both.stages] == ["themes", "diversity", "calibration"]
