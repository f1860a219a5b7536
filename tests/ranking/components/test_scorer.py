import numpy as np

from ranking.components.component import Fitted
from ranking.components.scorer import ComponentScorer


def test_popularity_stands_in_where_a_component_tells_nothing(known_by_hand):
    data = known_by_hand([[1, 0, 0], [1, 1, 0], [0, 0, 0]])

    def scores(profiles):
        return profiles.weights.toarray() * [[5.0, 7.0, 0.0]]

    scorer = ComponentScorer(Fitted(scores), data)
    found = scorer.scores(np.array([1, 2]))
    np.testing.assert_allclose(found, [[5, 7, 0], [np.log(3), np.log(2), 0]], rtol=1e-6)
    assert found.dtype == np.float32
    assert scorer.by_popularity == 1


def test_the_scores_may_be_written_to(known_by_hand):
    data = known_by_hand([[1, 0], [0, 1]])
    shared = np.broadcast_to(np.array([3, 4], dtype=np.float32), (2, 2))
    found = ComponentScorer(Fitted(lambda _: shared), data).scores(np.array([0, 1]))
    found[0, 0] = -np.inf
    assert shared[0, 0] == 3
