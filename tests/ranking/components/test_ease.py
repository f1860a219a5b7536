import numpy as np
import pytest
import scipy.sparse as sp

from graph.progress import silent
from ranking.components.component import Profiles
from ranking.components.ease import BalancedEase, Ease
from ranking.similarity import balanced_ease, ease


@pytest.mark.parametrize(("component", "ease"), [(Ease(), ease), (BalancedEase(), balanced_ease)])
def test_scores_are_the_regression_over_warm_items(component, ease, data):
    fitted = component.fit(data, progress=silent)
    dense = data.X.toarray()
    new = data.snapshot.items.find("a-new")
    warm = np.delete(np.arange(dense.shape[1]), new)
    expected = dense[:, warm] @ ease(data.X[:, warm], ridge=fitted.settings["ridge"])
    scores = fitted.scores(Profiles(np.arange(len(dense)), data.X))
    np.testing.assert_allclose(scores[:, warm], expected, rtol=1e-4, atol=1e-6)
    assert not scores[:, new].any()


def test_the_ridge_is_the_best_of_those_tried(data):
    fitted = Ease().fit(data, progress=silent)
    best = max(fitted.validation, key=lambda name: sum(fitted.validation[name]))
    assert len(fitted.validation) == 4
    assert sum(fitted.validation[f"ridge {fitted.settings['ridge']}"]) == sum(
        fitted.validation[best]
    )


def test_a_large_catalog_keeps_the_first_ridge_and_the_strongest_weights(data, monkeypatch):
    monkeypatch.setattr("ranking.components.ease.MAX_DENSE_ITEMS", 10)
    monkeypatch.setattr("ranking.components.ease.MAX_NEIGHBOURS", 3)
    fitted = Ease().fit(data, progress=silent)
    assert fitted.settings == {"ridge": 300.0, "neighbours": 3}
    assert "more than 10 items" in fitted.notes[0]
    one = sp.csr_matrix(([1.0], ([0], [0])), shape=(1, data.X.shape[1]), dtype=np.float32)
    assert np.count_nonzero(fitted.scores(Profiles(np.array([1]), one))) == 3
