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
        These paths.
    row : int
        Row of the item.
    total : float
        Sum of all that speaks for the item.
    """

    explainer: "Explainer"
    summands: Summands
    row: int
    total: float

    def __len__(self) -> int:
        return len(self.summands)

    @property
    def value(self) -> float:
        """What all of them add to the score."""
        return float(self.summands.values.sum())

    @property
    def shares(self) -> NDArray[np.float64]:
        """Which share of all that speaks for the item each of them has; shape (n,)."""
        return np.maximum(self.summands.values, 0.0) / (self.total or 1.0)

    def records(self) -> tuple[ScoredPath, ...]:
        """Make records of all."""
        return self.explainer.paths(
            self.summands, range(len(self)), self.row, n_worded=0, total=self.total
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
