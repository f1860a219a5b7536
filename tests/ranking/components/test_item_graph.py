import numpy as np
import scipy.sparse as sp

from graph.progress import silent
from ranking.components.component import Profiles
from ranking.components.item_graph import ItemGraph, walk
from ranking.selection import choose_exponents
from ranking.similarity import item_filter


def test_scores_are_the_filter_with_the_chosen_exponents(data):
    fitted = ItemGraph().fit(data, progress=silent)
    source, target = choose_exponents([data.fold])
    assert fitted.settings == {"source_exponent": source, "target_exponent": target}
    graph = item_filter(data.X, source_exponent=source, target_exponent=target)
    scores = fitted.scores(Profiles(np.arange(data.X.shape[0]), data.X))
    np.testing.assert_allclose(scores, (data.X @ graph).toarray(), rtol=1e-5)


def test_a_walk_goes_from_the_profile_along_the_rows():
    graph = sp.csr_matrix(np.array([[0, 2, 0], [0, 0, 5], [0, 0, 0]], dtype=np.float32))
    profile = sp.csr_matrix(np.array([[1, 0.5, 0]], dtype=np.float32))
    assert walk(graph)(Profiles(np.array([0]), profile)).tolist() == [[0, 2, 2.5]]
