from dataclasses import replace

import numpy as np
import pytest

from graph.progress import silent
from ranking.components.component import Profiles
from ranking.components.epochs import Schedule, trained

SCHEDULE = Schedule(most=12, default=5, patience=3)


class Peaked:
    """Ranks held-out items first after epoch 4, and last before and after."""

    def __init__(self, data):
        self.data, self.number = data, 0

    def epoch(self, number):
        self.number = number

    def scores(self):
        sign = 1.0 if self.number == 4 else -1.0

        def scores(profiles: Profiles):
            return sign * self.data.held_out[profiles.users].toarray()

        return scores


@pytest.fixture
def made(data):
    """Count the learners that are made."""
    learners = []

    def make(_):
        learners.append(Peaked(data))
        return learners[-1]

    return make, learners


def test_the_best_epoch_is_found_and_trained_anew(configured, made):
    make, learners = made
    fitted = trained(configured(epochs=None), make, SCHEDULE, fixed={"a": 1}, progress=silent)
    assert fitted.settings == {"a": 1, "epochs": 4}
    assert fitted.validation == {"epochs 4": (1.0, 1.0)}
    # Three epochs without a better figure end the search; the refit ends at the best one.
    assert [learner.number for learner in learners] == [7, 4]


def test_without_validation_the_default_holds(data, known_by_hand, made):
    make, learners = made
    blind = known_by_hand(data.X.toarray())
    blind = replace(blind, config=replace(blind.config, epochs=None))
    fitted = trained(blind, make, SCHEDULE, fixed={}, progress=silent)
    assert [learner.number for learner in learners] == [5]
    assert "defaults hold" in fitted.notes[0]


def test_a_spent_budget_ends_both_trainings_after_an_epoch(configured, made):
    make, learners = made
    hurried = configured(epochs=None, time_budget_s=1e-9)
    fitted = trained(hurried, make, SCHEDULE, fixed={}, progress=silent)
    assert [learner.number for learner in learners] == [1, 1]
    assert "time budget" in fitted.notes[0]


def test_scores_before_a_later_epoch_stay_as_they_were(data):
    from ranking.components.mf import _Learner

    learner = _Learner(data.X, config=data.config)
    learner.epoch(1)
    scores, profiles = learner.scores(), Profiles(np.arange(5), data.X[:5])
    before = scores(profiles)
    learner.epoch(2)
    np.testing.assert_array_equal(scores(profiles), before)
