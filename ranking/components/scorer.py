"""Scores of a component that has learned, for users of the snapshot."""

import numpy as np
from numpy.typing import NDArray

from ranking.components.component import Fitted, Profiles, ScoreArray
from ranking.components.data import ComponentData


class ComponentScorer:
    """Scores all items by one component, and by popularity where it can tell nothing.

    Parameters
    ----------
    fitted : Fitted
        The component.
    data : ComponentData
        What it has learned from.

    Attributes
    ----------
    by_popularity : int
        For how many users so far popularity stood in.
    """

    def __init__(self, fitted: Fitted, data: ComponentData) -> None:
        self._fitted = fitted
        self._X = data.X
        self._popularity = np.log1p(data.X.getnnz(axis=0)).astype(np.float32)
        self.by_popularity = 0

    def scores(self, user_rows: NDArray[np.int64]) -> ScoreArray:
        """Score all items.

        Parameters
        ----------
        user_rows : NDArray[np.int64]
            Users; shape (n,).

        Returns
        -------
        ScoreArray
            An array of its own, finite; shape (n, n_items).
        """
        profiles = Profiles(user_rows, self._X[user_rows])
        scores = np.array(self._fitted.scores(profiles), dtype=np.float32)
        silent = np.ptp(scores, axis=1) == 0 if scores.size else np.zeros(len(scores), dtype=bool)
        scores[silent] = self._popularity
        self.by_popularity += int(np.count_nonzero(silent))
        return scores
