"""The summands of the score of one item: every path that adds to it, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ranking.domain import PathKind
from ranking.learned_edges import StoredEdges
from ranking.request import RequestScores
from ranking.score_split import Breakdown

KINDS: tuple[PathKind, ...] = ("collaborative", "learned", "attribute", "request", "stated")
COLLABORATIVE, LEARNED, ATTRIBUTE, REQUESTED, STATED = range(len(KINDS))
THROUGH_ITEMS = frozenset({COLLABORATIVE, LEARNED, ATTRIBUTE})


@dataclass(frozen=True, slots=True)
class Summands:
    """All paths that make the score of one item, as parallel arrays of shape (n_paths,).

    Attributes
    ----------
    kinds : NDArray[np.int8]
        Positions in :data:`KINDS`.
    sources : NDArray[np.int64]
        Row of the user's item that the path goes through, -1 for request and stated paths.
    through : NDArray[np.int64]
        Feature column of attribute paths and of learned paths through an entity, position of the
        entity of request and stated paths, else -1.
    values : NDArray[np.float64]
        What each path adds, largest first.
    stored : NDArray[np.bool_]
        Whether the store holds every edge of the path.
    """

    kinds: NDArray[np.int8]
    sources: NDArray[np.int64]
    through: NDArray[np.int64]
    values: NDArray[np.float64]
    stored: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        breakdown: Breakdown,
        row: int,
        request: RequestScores,
        stored: StoredEdges | None = None,
    ) -> Self:
        """Collect the paths that end at an item.

        Parameters
        ----------
        breakdown : Breakdown
            Knows what each item of the profile adds.
        row : int
            Row of the item.
        request : RequestScores
            What was asked for and said.
        stored : StoredEdges or None
            Knows which learned edges the store holds; None: all of them.

        Returns
        -------
        Summands
            Those that are not 0.
        """
        known, split = breakdown.profile.rows, breakdown.of(row)
        asked = [
            (place, value) for place, (_, rows, value) in enumerate(request.paths) if row in rows
        ]
        said = np.array([float(taste.at(np.array([row]))[0]) for taste in request.tastes])
        n, none = len(known), np.full(len(known), -1, dtype=np.int64)
        n_paths = [n, n, len(split.passed), len(split.attribute), len(asked), len(said)]
        each = [COLLABORATIVE, LEARNED, LEARNED, ATTRIBUTE, REQUESTED, STATED]
        kinds = np.repeat(np.array(each, dtype=np.int8), n_paths)
        without = np.full(len(asked) + len(said), -1)
        passed = known[split.passed_places]
        sources = np.concatenate([known, known, passed, known[split.places], without])
        through = np.concatenate([
            none,
            none,
            split.passed_columns,
            split.columns,
            np.array([place for place, _ in asked], dtype=np.int64),
            np.arange(len(said)),
        ])
        values = np.concatenate([
            split.collaborative,
            split.learned,
            split.passed,
            split.attribute,
            [value for _, value in asked],
            said,
        ])
        order = np.argsort(-values, kind="stable")
        order = order[values[order] != 0.0]
        found = _found(stored, known, row, n_paths)[order]
        return cls(kinds[order], sources[order], through[order], values[order], found)

    def __len__(self) -> int:
        return len(self.values)

    def without(self, places: Sequence[int]) -> "Summands":
        """Return all but some of the paths, in the same order."""
        kept = np.ones(len(self), dtype=bool)
        kept[list(places)] = False
        return Summands(
            self.kinds[kept],
            self.sources[kept],
            self.through[kept],
            self.values[kept],
            self.stored[kept],
        )

    @property
    def showable(self) -> NDArray[np.int64]:
        """Positions of the paths that speak for the item and that anybody can look up."""
        return np.flatnonzero((self.values > 0) & self.stored)

    @property
    def total(self) -> float:
        """Sum of all that speaks for the item."""
        return float(self.values[self.values > 0].sum())


def _found(
    stored: StoredEdges | None, known: NDArray[np.int64], row: int, n_paths: Sequence[int]
) -> NDArray[np.bool_]:
    """Tell of each path, in the order of their kinds, whether its edges are stored."""
    similar = close = np.ones(len(known), dtype=bool)
    if stored is not None:
        similar, close = stored.similar(known, row), stored.close(known, row)
    # No store holds how close items are to entities.
    passed, others = np.zeros(n_paths[2], dtype=bool), np.ones(sum(n_paths[3:]), dtype=bool)
    return np.concatenate([similar, close, passed, others])
