"""What each item of a profile adds to a score: the exact split behind every explanation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ranking.scoring import FloatArray, Profile, RowArray, Scorer


@dataclass(frozen=True, slots=True)
class Split:
    """The score of one item, split over the items of a profile; positions are those of the profile.

    Attributes
    ----------
    collaborative, learned : FloatArray
        What each item of the profile adds; both of shape (n,).
    places, columns : NDArray[np.int64]
        Item of the profile and feature column of each attribute path; both of shape (n_paths,).
    attribute : FloatArray
        What each attribute path adds; shape (n_paths,).
    """

    collaborative: FloatArray
    learned: FloatArray
    places: RowArray
    columns: RowArray
    attribute: FloatArray


class Breakdown:
    """Splits the scores of some items over the items of a profile.

    Parameters
    ----------
    scorer : Scorer
        Knows the items.
    profile : Profile
        Whose scores.
    rows : integer array
        Item rows that will be asked for.
    """

    def __init__(self, scorer: Scorer, profile: Profile, rows: NDArray[np.integer]) -> None:
        self.profile = profile
        self._place = {row: place for place, row in enumerate(rows.tolist())}
        self._items = scorer.items(rows)
        sources, features = scorer.contents(profile.rows)
        weights = profile.weights
        self._source = weights[:, None] * sources.astype(np.float64)
        self._columns = features.indices
        self._places = np.repeat(np.arange(len(weights)), np.diff(features.indptr))
        self._through = features.data * weights[self._places]
        self._incoming = np.zeros(max(scorer.n_items, self._items.similar.shape[1]))
        self._mine = np.zeros(max(features.shape[1], self._items.features.shape[1]))

    def of(self, row: int) -> Split:
        """Split the score of one item."""
        place, items = self._place[row], self._items
        a = self.profile.coefficients[min(int(items.new[place]), 1)]
        edges = slice(*items.similar.indptr[place : place + 2])
        sources = items.similar.indices[edges]
        self._incoming[sources] = items.similar.data[edges]
        collaborative = a[0] * self.profile.weights * self._incoming[self.profile.rows]
        self._incoming[sources] = 0.0
        edges = slice(*items.features.indptr[place : place + 2])
        columns = items.features.indices[edges]
        self._mine[columns] = items.features.data[edges]
        attribute = a[2] * self._through * self._mine[self._columns]
        self._mine[columns] = 0.0
        shared = np.flatnonzero(attribute)
        return Split(
            collaborative,
            a[1] * (self._source @ items.target[place].astype(np.float64)),
            self._places[shared],
            self._columns[shared],
            attribute[shared],
        )
