import numpy as np

from graph.progress import silent
from ranking.components.component import Profiles
from ranking.components.ease import Ease
from ranking.similarity import ease


def test_scores_are_the_regression_over_warm_items(data, settings):
    fitted = Ease().fit(data, settings=settings, progress=silent)
    dense = data.X.toarray()
    new = data.snapshot.items.find("a-new")
    warm = np.delete(np.arange(dense.shape[1]), new)
    expected = dense[:, warm] @ ease(data.X[:, warm], ridge=fitted.settings["ridge"])
    scores = fitted.scores(Profiles(np.arange(len(dense)), data.X))
    np.testing.assert_allclose(scores[:, warm], expected, rtol=1e-4, atol=1e-6)
    assert not scores[:, new].any()


def test_the_ridge_is_the_best_of_those_tried(data, settings):
    fitted = Ease().fit(data, settings=settings, progress=silent)
    best = max(fitted.validation, key=lambda name: sum(fitted.validation[name]))
    assert len(fitted.validation) == 4
    assert sum(fitted.validation[f"ridge {fitted.settings['ridge']}"]) == sum(
        fitted.validation[best]
    )
