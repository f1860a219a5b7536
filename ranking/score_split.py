"""What each item of a profile adds to a score: the exact split behind every explanation."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
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
    passed_places, passed_columns : NDArray[np.int64]
        Item of the profile and feature column of each learned path through an entity; both of
        shape (n_passed,).
    passed : FloatArray
        What each learned path through an entity adds, which ``learned`` does not count again;
        shape (n_passed,).
    """

    collaborative: FloatArray
    learned: FloatArray
    places: RowArray
    columns: RowArray
    attribute: FloatArray
    passed_places: RowArray
    passed_columns: RowArray
    passed: FloatArray


class Breakdown:
    """Splits scores over the items of a profile.

    Parameters
    ----------
    scorer : Scorer
        Knows the items.
    profile : Profile
        Whose scores.
    """

    def __init__(self, scorer: Scorer, profile: Profile) -> None:
        self.profile = profile
        self._scorer = scorer
        weights = profile.weights
        self._source = weights[:, None] * scorer.vectors(profile.rows).astype(np.float64)
        self._source_32 = self._source.astype(np.float32)
        self._places, self._columns, values = scorer.features(profile.rows)
        self._through = values * weights[self._places]
        self._room_for_items = np.zeros(scorer.n_sources)
        self._room_for_features = np.zeros(scorer.n_features)

    def of(self, row: int) -> Split:
        """Split the score of one item."""
        block, place = self._scorer.block_of(row)
        a = self.profile.coefficients[min(int(block.new[place]), 1)]
        incoming = _read(block.similar, place, self.profile.rows, self._room_for_items)
        mine = _read(block.features, place, self._columns, self._room_for_features)
        attribute = a[2] * self._through * mine
        shared = np.flatnonzero(attribute)
        # For so little BLAS would wake its threads, which costs more than the product.
        learned = a[1] * np.einsum("nd,d->n", self._source, block.target[place].astype(np.float64))
        features = block.features.indices[slice(*block.features.indptr[place : place + 2])]
        places, columns, passed = self._passed(row, features, a[1])
        np.subtract.at(learned, places, passed)
        return Split(
            a[0] * self.profile.weights * incoming,
            learned,
            self._places[shared],
            self._columns[shared],
            attribute[shared],
            places,
            columns,
            passed,
        )

    def _passed(
        self, row: int, features: NDArray[np.integer], coefficient: float
    ) -> tuple[RowArray, RowArray, FloatArray]:
        """Tell what came through each entity from the item of the profile that is closest to it.

        What came from the others stays in their paths without entity: one path for each pair of an
        item of the profile and an entity would be hundreds, each next to nothing.

        Returns
        -------
        places, columns, values
            As in :class:`Split`.
        """
        none = np.zeros(0, dtype=np.int64)
        if self._scorer.passed_on is None or not len(self._source):
            return none, none, np.zeros(0)
        columns, vectors = self._scorer.passed_on.to(row, features)
        values = coefficient * np.einsum("nd,md->nm", self._source_32, vectors).astype(np.float64)
        places = np.argmax(values, axis=0)
        passed = values[places, np.arange(len(columns))]
        speaks = passed > 0
        return places[speaks], columns[speaks], passed[speaks]


def _read(matrix: sp.csr_matrix, row: int, columns: RowArray, room: FloatArray) -> FloatArray:
    """Return what a row of a matrix holds in some columns; ``room`` is 0 before and after."""
    edges = slice(*matrix.indptr[row : row + 2])
    held = matrix.indices[edges]
    room[held] = matrix.data[edges]
    found = room[columns]
    room[held] = 0.0
    return found
