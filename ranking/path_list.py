"""The paths of an explanation: few are shown, thousands may add up to the score.

Those that are shown are records; the others stay arrays until somebody looks at them, since making
a record of each costs more than all else of an explanation.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, overload

import numpy as np
from numpy.typing import NDArray

from ranking.domain import ScoredPath
from ranking.summands import Summands

if TYPE_CHECKING:
    from ranking.explain import Explainer


@dataclass(frozen=True, slots=True)
class OtherPaths:
    """Paths that are not shown.

    Attributes
    ----------
    explainer : Explainer
        Makes records of them.
    summands : Summands
        All paths of the item.
    places : NDArray[np.int64]
        Which of them these are; shape (n,).
    row : int
        Row of the item.
    total : float
        Sum of all that speaks for the item.
    """

    explainer: "Explainer"
    summands: Summands
    places: NDArray[np.int64]
    row: int
    total: float

    def __len__(self) -> int:
        return len(self.places)

    @property
    def value(self) -> float:
        """What all of them add to the score."""
        return float(self.summands.values[self.places].sum())

    def lines(self) -> Iterator[tuple[int, int, int, float, float]]:
        """Yield kind, source, feature, value and share of each, as in :class:`Summands`."""
        one, places = self.summands, self.places
        values = one.values[places]
        shares = np.maximum(values, 0.0) / (self.total or 1.0)
        columns = (one.kinds[places], one.sources[places], one.through[places], values, shares)
        return zip(*(column.tolist() for column in columns), strict=True)

    def records(self) -> tuple[ScoredPath, ...]:
        """Make records of all."""
        return self.explainer.paths(
            self.summands, self.places.tolist(), self.row, n_worded=0, total=self.total
        )


class PathList(Sequence[ScoredPath]):
    """Shown paths, and behind them the others.

    Parameters
    ----------
    shown : tuple of ScoredPath
        Those chosen to be shown.
    others : OtherPaths
        All others, by value.
    """

    def __init__(self, shown: tuple[ScoredPath, ...], others: OtherPaths) -> None:
        self.shown = shown
        self.others = others

    def __len__(self) -> int:
        return len(self.shown) + len(self.others)

    @overload
    def __getitem__(self, place: int) -> ScoredPath: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[ScoredPath, ...]: ...

    def __getitem__(self, place: int | slice) -> ScoredPath | tuple[ScoredPath, ...]:
        if isinstance(place, slice):
            ends_early = place.stop is not None and 0 <= place.stop <= len(self.shown)
            return self.shown[place] if ends_early and (place.start or 0) >= 0 else self._all[place]
        return self.shown[place] if 0 <= place < len(self.shown) else self._all[place]

    def __iter__(self) -> Iterator[ScoredPath]:
        return iter(self._all)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PathList | tuple):
            return NotImplemented
        return self._all == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all)

    @cached_property
    def _all(self) -> tuple[ScoredPath, ...]:
        return self.shown + self.others.records()
