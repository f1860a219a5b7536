"""A linear autoencoder over items in closed form."""

import numpy as np
import scipy.sparse as sp

from graph.progress import ProgressCallback
from ranking.components.component import Fitted, Profiles, ScoreArray, Scores, check_size
from ranking.components.data import ComponentData
from ranking.components.tuning import Settings, tuned
from ranking.network import NetworkSettings
from ranking.similarity import ease

_RIDGES = (300.0, 50.0, 120.0, 700.0)


class Ease:
    """Every item regressed on all others: ``s(u, j) = sum_i x_ui S_ij``.

    ``S = I - P diag(P)^-1`` with ``P = (X^T X + ridge I)^-1`` over the items with events. The ridge
    is chosen on validation. A dense inverse: 16 n^2 bytes and time like n^3, so at 10,000
    items 1.6 GB and minutes.

    References
    ----------
    Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019.
    """

    name = "ease"
    description = "every item regressed on all others, in closed form"
    ranks_new_items = False
    max_items = 10_000

    def fit(
        self,
        data: ComponentData,
        *,
        settings: NetworkSettings,  # noqa: ARG002
        progress: ProgressCallback,
    ) -> Fitted:
        """Choose the ridge and invert."""
        check_size(self, data)
        return tuned(data, [{"ridge": ridge} for ridge in _RIDGES], _learn, progress=progress)


def _learn(X: sp.csr_matrix, option: Settings) -> Scores:
    warm = np.flatnonzero(X.getnnz(axis=0))
    weights = ease(X[:, warm].tocsr(), ridge=option["ridge"])

    def scores(profiles: Profiles) -> ScoreArray:
        result = np.zeros(profiles.weights.shape, dtype=np.float32)
        result[:, warm] = profiles.weights[:, warm] @ weights
        return result

    return scores
