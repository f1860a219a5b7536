import numpy as np
import pytest
import scipy.sparse as sp

from ranking.components.content import ContentRidge, without_itself
from ranking.content import ContentFeatures, ContentMap


def test_leaving_an_item_out_equals_fitting_without_it():
    rng = np.random.default_rng(0)
    content = ContentFeatures(sp.csr_matrix(rng.random((7, 4)).astype(np.float32)))
    popularity = np.array([5, 4, 3, 2, 1, 1, 0])
    fitted = ContentMap.fit(content, popularity, ridge=0.7)
    known = rng.random(7)
    predicted = without_itself(fitted.weights(content), fitted.anchors) @ known[fitted.anchors]
    for item in range(7):
        others = popularity.copy()
        others[item] = 0
        without = ContentMap.fit(content, others, ridge=0.7)
        expected = without.weights(content.rows(np.array([item])))[0] @ known[without.anchors]
        assert predicted[item] == pytest.approx(expected, rel=1e-3)


def test_a_new_item_comes_close_to_those_of_its_genre(data, rows, scored):
    scores = scored(ContentRidge(), data)[rows]
    new, a, b = (data.snapshot.items.find(name) for name in ("a-new", "a-0", "b-0"))
    assert (scores[0::2, new] > scores[0::2, b]).all()
    assert (scores[1::2, new] < scores[1::2, b]).all()
    assert scores[0, new] == pytest.approx(scores[0, a], rel=0.5)
