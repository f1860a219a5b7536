from dataclasses import replace

import numpy as np
import pytest

from graph.domain import Interaction
from ranking.evaluation.causing import BINS, SHOWN_BIN
from ranking.evaluation.explained import explained_list
from ranking.evaluation.losses import losses_of
from ranking.evaluation.removing import Removals


@pytest.fixture
def losses(counting, listed):
    return losses_of(counting, listed, n_draws=8, rng=np.random.default_rng(0))


def test_shapes(losses, listed):
    n_items = len(listed.items)
    assert losses.shown.shape == losses.alone.shape == (len(BINS), n_items)
    assert losses.random.shape == (len(BINS), n_items, 8)
    assert losses.left_shown.shape == (n_items,)
    assert losses.left_random.shape == (n_items, 4)


def test_the_drop_is_that_of_asking_again_without_the_shown_events(counting, listed, losses):
    removals = Removals(counting, "u3", [item.item_id for item in listed.items], k=5)
    at = BINS.index(SHOWN_BIN)
    for place, item in enumerate(listed.items):
        events = {path.path.nodes[1].id for path in item.shown}
        after = removals.scores(events)[place]
        assert losses.shown[at, place] == pytest.approx((item.score - after) / item.score)
        assert losses.left_shown[place] == removals.left_list(events)[place]


def test_what_is_shown_costs_more_than_random_events(losses):
    at = BINS.index(SHOWN_BIN)
    assert losses.shown[at].mean() > np.nanmean(losses.random[at])


def test_other_numbers_of_events_are_drawn_less_often(losses):
    known = (~np.isnan(losses.random)).sum(axis=2)[:, 0].tolist()
    # The user has 11 events, so that ten can be left out.
    assert known == [2, 8, 2, 2]


def test_parts_and_paths_alone_grow_to_the_score(losses, listed):
    assert (np.diff(losses.alone, axis=0) >= -1e-9).all()
    for place, item in enumerate(listed.items):
        whole = item.score - item.values[10:].sum()
        assert losses.alone[-1, place] == pytest.approx(whole / item.score)


def test_a_score_of_nothing_cannot_fall(counting, listed):
    items = tuple(replace(item, score=0.0) for item in listed.items)
    found = losses_of(
        counting, replace(listed, items=items), n_draws=4, rng=np.random.default_rng(0)
    )
    assert np.isnan(found.alone).all()


def test_a_user_with_three_events_has_no_others_to_draw(counting, entities):
    counting.apply_events([
        Interaction("newcomer", f"comedy-{n}", "rating", 5.0, 1e9 + n) for n in range(3)
    ])
    listed = explained_list(counting, entities, "newcomer", k=4)
    found = losses_of(counting, listed, n_draws=4, rng=np.random.default_rng(0))
    known = ~np.isnan(found.random).all(axis=(1, 2))
    assert known.tolist() == [True, False, False, False]
    assert found.left_random.shape == (4, 0)
