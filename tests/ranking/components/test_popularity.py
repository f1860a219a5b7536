import numpy as np

from ranking.components.popularity import Popularity


def test_everybody_gets_the_counts(known_by_hand, scored):
    scores = scored(Popularity(), known_by_hand([[1, 0, 2], [1, 0, 0], [0, 0, 0]]))
    np.testing.assert_allclose(scores, np.log([[3, 1, 2]] * 3), rtol=1e-6)
