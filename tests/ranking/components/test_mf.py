import numpy as np

from ranking.components.mf import MatrixFactorization


def test_without_a_profile_only_the_biases_are_left(data, scored):
    scores = scored(MatrixFactorization(), data)
    quiet = scores[data.snapshot.users.find("quiet")]
    counts = data.X.getnnz(axis=0)
    warm = counts > 0
    assert np.corrcoef(quiet[warm], np.log(counts[warm]))[0, 1] > 0.3


def test_an_item_that_nobody_knows_has_the_lowest_bias(data, scored):
    scores = scored(MatrixFactorization(), data)
    quiet = scores[data.snapshot.users.find("quiet")]
    assert quiet[data.snapshot.items.find("a-new")] == quiet.min()


def test_one_item_that_everybody_knows_breaks_nothing(known_by_hand, scored):
    X = np.zeros((40, 25))
    X[:, 3] = 1.0
    scores = scored(MatrixFactorization(), known_by_hand(X))
    # Nothing can be drawn that somebody does not know, so nothing is learned, and nothing breaks.
    assert np.isfinite(scores).all()
