"""Linear autoencoders over items in closed form."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.progress import Progress, ProgressCallback
from ranking.components.component import Fitted, Profiles, ScoreArray, Scores, check_size
from ranking.components.data import ComponentData
from ranking.components.tuning import Settings, tuned
from ranking.selection import (
    BALANCED,
    EASE,
    MAX_DENSE_ITEMS,
    MAX_NEIGHBOURS,
    MAX_REGRESSED_ITEMS,
    REGRESSIONS,
    RIDGES,
)
from ranking.similarity import strongest

Regression = Callable[..., NDArray[np.float32]]


class Ease:
    """Every item regressed on all others: ``s(u, j) = sum_i x_ui S_ij``.

    ``S = I - P diag(P)^-1`` with ``P = (X^T X + ridge I)^-1`` over the items with events. The ridge
    is chosen on validation. Memory grows like n^2 and time like n^3: above 5,000 items the ridge
    stays at 300 and the 200 strongest weights of each item are kept.

    References
    ----------
    Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019.
    """

    name = "ease"
    description = "every item regressed on all others, in closed form"
    ranks_new_items = False
    max_items = MAX_REGRESSED_ITEMS
    part = EASE
    usual_ridge = 300.0

    def fit(self, data: ComponentData, *, progress: ProgressCallback) -> Fitted:
        """Choose the ridge and invert."""
        check_size(self, data)
        learn = partial(_learn, regression=REGRESSIONS[self.part])
        if len(data.warm) <= MAX_DENSE_ITEMS:
            options = [{"ridge": ridge} for ridge in RIDGES[self.part]]
            return tuned(data, options, learn, progress=progress)
        progress(Progress("inverting", 0, 1, "matrices"))
        option = {"ridge": self.usual_ridge}
        note = f"more than {MAX_DENSE_ITEMS:,} items: the ridge is not chosen, and an item keeps "
        return Fitted(
            learn(data.X, option, most=MAX_NEIGHBOURS),
            {**option, "neighbours": MAX_NEIGHBOURS},
            notes=(f"{note}its {MAX_NEIGHBOURS} strongest weights",),
        )


class BalancedEase(Ease):
    """The same with users and items scaled by their degrees first.

    ``S = D_i^-0.1 (I - P diag(P)^-1)`` with ``P`` of ``D_u^-0.25 X D_i^-0.1``, the ridge in units
    of its mean squared column: neither heavy users nor popular items drown the rest. Above 5,000
    items the ridge stays at 8.

    References
    ----------
    Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019; on scaling before a
    linear model: Shen et al., "How Powerful is Graph Convolution for Recommendation?", CIKM 2021.
    """

    name = "balanced-ease"
    description = "every item regressed on all others, users and items scaled by their degrees"
    part = BALANCED
    usual_ridge = 8.0


def _learn(
    X: sp.csr_matrix, option: Settings, *, regression: Regression, most: int | None = None
) -> Scores:
    warm = np.flatnonzero(X.getnnz(axis=0))
    weights: Any = regression(X[:, warm].tocsr(), ridge=option["ridge"])
    weights = np.ascontiguousarray(weights) if most is None else strongest(weights, most)

    def scores(profiles: Profiles) -> ScoreArray:
        result = np.zeros(profiles.weights.shape, dtype=np.float32)
        found = profiles.weights[:, warm] @ weights
        result[:, warm] = found.todense() if sp.issparse(found) else found
        return result

    return scores
