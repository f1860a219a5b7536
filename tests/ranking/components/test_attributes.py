import numpy as np

from graph.progress import silent
from ranking.attributes import Attributes
from ranking.components.attributes import AttributePaths
from ranking.components.component import Profiles


def test_a_score_is_the_sum_over_paths(data):
    fitted = AttributePaths().fit(data, progress=silent)
    assert fitted.settings["role_weights"] == {"HAS_GENRE:out": 1.0}
    scores = fitted.scores(Profiles(np.arange(data.X.shape[0]), data.X))
    known = Attributes.of(data.snapshot)
    per_path = known.feature_weights(np.ones(1))
    expected = (data.X @ known.matrix).multiply(per_path) @ known.matrix.T
    np.testing.assert_allclose(scores, expected.toarray(), rtol=1e-5)


def test_a_new_item_has_the_score_of_its_genre(data, scored):
    scores = scored(AttributePaths(), data)
    new, old = (data.snapshot.items.find(name) for name in ("a-new", "a-0"))
    np.testing.assert_allclose(scores[:, new], scores[:, old], rtol=1e-6)
