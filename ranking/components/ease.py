"""Linear autoencoders over items in closed form."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.progress import Progress, ProgressCallback
from ranking.components.component import Fitted, Profiles, ScoreArray, Scores, check_size
from ranking.components.data import ComponentData
from ranking.components.tuning import Settings, tuned
from ranking.network import NetworkSettings
from ranking.selection import MAX_DENSE_ITEMS, MAX_NEIGHBOURS, MAX_REGRESSED_ITEMS
from ranking.similarity import balanced_ease, ease, strongest

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

    def fit(
        self,
        data: ComponentData,
        *,
        settings: NetworkSettings,  # noqa: ARG002
        progress: ProgressCallback,
    ) -> Fitted:
        """Choose the ridge and invert."""
        check_size(self, data)
        return _fit(data, ease, (300.0, 50.0, 120.0, 700.0), progress)


class BalancedEase:
    """The same with users and items scaled by their degrees first.

    ``S = D_i^-0.25 (I - P diag(P)^-1)`` with ``P`` of ``D_u^-0.25 X D_i^-0.25``, the ridge in units
    of its mean squared column: neither heavy users nor popular items drown the rest. Above 5,000
    items the ridge stays at 10.

    References
    ----------
    Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019; on scaling before a
    linear model: Shen et al., "How Powerful is Graph Convolution for Recommendation?", CIKM 2021.
    """

    name = "balanced-ease"
    description = "every item regressed on all others, users and items scaled by their degrees"
    ranks_new_items = False
    max_items = MAX_REGRESSED_ITEMS

    def fit(
        self,
        data: ComponentData,
        *,
        settings: NetworkSettings,  # noqa: ARG002
        progress: ProgressCallback,
    ) -> Fitted:
        """Choose the ridge and invert."""
        check_size(self, data)
        return _fit(data, balanced_ease, (10.0, 5.0, 20.0, 40.0), progress)


def _fit(
    data: ComponentData,
    regression: Regression,
    ridges: Sequence[float],
    progress: ProgressCallback,
) -> Fitted:
    """Choose among the ridges where a regression is fast, else take the first."""
    if len(data.warm) <= MAX_DENSE_ITEMS:
        options = [{"ridge": ridge} for ridge in ridges]
        return tuned(data, options, partial(_learn, regression=regression), progress=progress)
    progress(Progress("inverting", 0, 1, "matrices"))
    option: dict[str, Any] = {"ridge": ridges[0]}
    note = f"more than {MAX_DENSE_ITEMS:,} items: the ridge is not chosen, and an item keeps its "
    return Fitted(
        _learn(data.X, option, regression=regression, most=MAX_NEIGHBOURS),
        {**option, "neighbours": MAX_NEIGHBOURS},
        notes=(f"{note}{MAX_NEIGHBOURS} strongest weights",),
    )


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
