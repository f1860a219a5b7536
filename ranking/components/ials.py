"""Matrix factorisation for implicit feedback by alternating least squares."""

import numpy as np
import scipy.sparse as sp

from graph.progress import ProgressCallback
from ranking.components.component import Fitted, Profiles, ScoreArray, Scores
from ranking.components.data import ComponentData
from ranking.components.tuning import Settings, tuned
from ranking.factors import als

_OPTIONS: list[Settings] = [
    {"factors": 128, "regularization": 50.0, "alpha": 10.0},
    {"factors": 64, "regularization": 150.0, "alpha": 80.0},
]


class ImplicitAls:
    """Everything a user did not touch is a weak no: ``s(u, j) = <p_u, q_j>``.

    Minimises ``sum_uj c_uj (t_uj - <p_u, q_j>)^2 + ridge (|P|^2 + |Q|^2)`` over *all* pairs, with
    ``c = 1 + alpha x`` and ``t = 1`` where ``x > 0``. The vector of a user is solved anew from the
    profile that is to be scored, so it needs no training for a new one.

    References
    ----------
    Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", ICDM 2008;
    computed by the library implicit.
    """

    name = "ials"
    description = "matrix factorisation over all pairs by alternating least squares"
    ranks_new_items = False
    max_items = None

    def fit(self, data: ComponentData, *, progress: ProgressCallback) -> Fitted:
        """Factorise strongly and weakly regularised, and keep what finds more."""
        return tuned(data, _OPTIONS, _learn, progress=progress)


def _learn(X: sp.csr_matrix, option: Settings) -> Scores:
    from threadpoolctl import threadpool_limits

    model = als(X, **option)
    warm = (X.getnnz(axis=0) > 0).astype(np.float32)
    factors = model.item_factors * warm[:, None]

    def scores(profiles: Profiles) -> ScoreArray:
        rows = np.arange(len(profiles.users))
        with threadpool_limits(1, "blas"):
            users = model.recalculate_user(rows, profiles.weights)
        return users @ factors.T

    return scores
