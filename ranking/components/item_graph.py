"""The item graph filter alone."""

import numpy as np
import scipy.sparse as sp

from graph.progress import ProgressCallback
from ranking.components.component import Fitted, Profiles, ScoreArray, Scores
from ranking.components.data import ComponentData
from ranking.components.tuning import Settings, tuned
from ranking.selection import ItemGraphRecipe, choose_exponents


class ItemGraph:
    """Common users of two items, scaled by degrees: ``s(u, j) = sum_i x_ui S_ij``.

    ``S = D_i^-a (X^T D_u^-0.5 X) D_i^-b`` with a zero diagonal, the 200 strongest entries of each
    item. The exponents are chosen on validation.

    References
    ----------
    Shen et al., "How Powerful is Graph Convolution for Recommendation?", CIKM 2021.
    """

    name = "item-graph"
    description = "common users of two items, scaled by their degrees"
    ranks_new_items = False
    max_items = None

    def fit(self, data: ComponentData, *, progress: ProgressCallback) -> Fitted:
        """Choose the exponents and count common users."""
        exponents = choose_exponents([data.fold]) if data.enough else None
        names = ("source_exponent", "target_exponent")
        option = dict(zip(names, exponents or (0.5, 0.3), strict=True))
        return tuned(data, [option], _learn, progress=progress)


def _learn(X: sp.csr_matrix, option: Settings) -> Scores:
    return walk(ItemGraphRecipe(**option).build(X))


def walk(graph: sp.csr_matrix) -> Scores:
    """Return the scorer of an item graph; rows are sources, shape (n_items, n_items)."""

    def scores(profiles: Profiles) -> ScoreArray:
        return np.asarray((profiles.weights @ graph).todense(), dtype=np.float32)

    return scores
