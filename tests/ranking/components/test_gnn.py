import numpy as np

from graph.progress import silent
from ranking.components.component import Profiles
from ranking.components.gnn import GraphNetwork


def test_the_refit_trains_up_to_the_best_epoch(data, configured):
    fitted = GraphNetwork().fit(configured(epochs=3), progress=silent)
    assert 1 <= fitted.settings["epochs"] <= 3
    assert list(fitted.validation) == [f"epochs {fitted.settings['epochs']}"]


def test_scores_are_linear_in_the_profile(data, configured):
    fitted = GraphNetwork().fit(configured(epochs=2), progress=silent)
    users = np.arange(data.X.shape[0])
    once, twice = (fitted.scores(Profiles(users, data.X * times)) for times in (1, 2))
    np.testing.assert_allclose(twice, 2 * once, rtol=1e-5, atol=1e-7)


def test_with_too_few_users_it_tells_nothing_and_says_why(data, known_by_hand):
    blind = known_by_hand(data.X.toarray())
    fitted = GraphNetwork().fit(blind, progress=silent)
    assert not fitted.scores(Profiles(np.arange(2), blind.X[:2])).any()
    assert "defaults hold" in fitted.notes[0]


def test_an_item_that_nobody_knows_scores_0(data, configured):
    fitted = GraphNetwork().fit(configured(epochs=2), progress=silent)
    scores = fitted.scores(Profiles(np.arange(data.X.shape[0]), data.X))
    assert not scores[:, data.snapshot.items.find("a-new")].any()
