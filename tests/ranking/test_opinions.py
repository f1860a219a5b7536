import numpy as np
import scipy.sparse as sp

from ranking.opinions import History, opinions


def test_opinions_compare_with_what_is_expected():
    liked = sp.csr_matrix(np.array([[1] * 8, [1, 1, 1, 1, 0, 0, 0, 0], [0] * 8, [0] * 7 + [1]]))
    links = sp.csr_matrix(np.array([[1, 1, 1, 1, 0, 0, 0, 0]]).T)
    # Half of all likes fall on the entity: four of eight are as expected, four of four are more.
    assert opinions(liked, links, np.array([0.5])).ravel().tolist() == [0, 1, 0, 0]
    # Where seven of eight are expected, four are few.
    assert opinions(liked, links, np.array([0.875])).ravel().tolist() == [-1, 0, 0, 0]


def test_ratings_below_the_threshold_speak_against_an_item():
    history = History.of(sp.csr_matrix(np.array([[0.25, 0.75], [1.0, 0.0]])), 0.6)
    assert history.liked.toarray().tolist() == [[0, 1], [1, 0]]
    assert history.disliked.toarray().tolist() == [[1, 0], [0, 0]]
    rng = np.random.default_rng(0)
    first, second = history.halves(rng)
    assert (first.liked + second.liked).toarray().tolist() == history.liked.toarray().tolist()
