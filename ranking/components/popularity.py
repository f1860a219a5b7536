"""How many users an item has."""

import numpy as np
import scipy.sparse as sp

from graph.progress import ProgressCallback
from ranking.components.component import Fitted, Profiles, ScoreArray, Scores
from ranking.components.data import ComponentData
from ranking.components.tuning import Settings, tuned


class Popularity:
    """The same order for everybody: ``s(u, j) = log(1 + users of j)``.

    What every other component has to beat.

    References
    ----------
    Cremonesi, Koren and Turrin, "Performance of Recommender Algorithms on Top-N Recommendation
    Tasks", RecSys 2010.
    """

    name = "popularity"
    description = "number of users of an item, the same for everybody"
    ranks_new_items = False
    max_items = None

    def fit(self, data: ComponentData, *, progress: ProgressCallback) -> Fitted:
        """Count; there is nothing to choose."""
        return tuned(data, [{}], _learn, progress=progress)


def _learn(X: sp.csr_matrix, _: Settings) -> Scores:
    counts = np.log1p(X.getnnz(axis=0)).astype(np.float32)

    def scores(profiles: Profiles) -> ScoreArray:
        return np.broadcast_to(counts, (len(profiles.users), len(counts)))

    return scores
