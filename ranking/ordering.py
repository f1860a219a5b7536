"""The order of a list, and what the stages after the score did to it.

A stage moves items and never touches a score. Each takes its relevance from the stage before it:
the item at a place counts as much as the item that the score put there, so that stages add up, and
one of little strength changes little.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ranking.calibration import Mixes, calibrated, divergence, mix_of
from ranking.diversity import diversified
from ranking.domain import Diversity, Moved, Reordering
from ranking.prior import mixed
from ranking.scoring import Profile
from ranking.shortlist import Shortlist
from ranking.vectors import ItemVectors, mean_distance


@dataclass(frozen=True, slots=True)
class Ordering:
    """A shortlist in the order in which it is shown.

    Attributes
    ----------
    best : Shortlist
        The items by score.
    k : int
        How many of them are shown.
    places : NDArray[np.int64]
        Positions in ``best``, first shown first; shape (n,).
    stages : tuple of Reordering
        What made the order out of the one by score.
    """

    best: Shortlist
    k: int
    places: NDArray[np.int64]
    stages: tuple[Reordering, ...] = ()

    @classmethod
    def by_score(cls, best: Shortlist, k: int) -> Self:
        """Leave the items where their scores put them."""
        return cls(best, k, np.arange(len(best)))

    @property
    def shown(self) -> NDArray[np.int64]:
        """Positions of the items shown; shape (min(k, n),)."""
        return self.places[: self.k]

    def moves(self) -> Iterator[Moved]:
        """Tell for each item shown where it stood by score."""
        for to, place in enumerate(self.shown.tolist(), 1):
            yield Moved(place + 1, to)

    def with_themes_mixed(self, themes: NDArray[np.int64]) -> Self:
        """Let no theme fill the list.

        Parameters
        ----------
        themes : NDArray[np.int64]
            Theme of each item of the snapshot.

        Returns
        -------
        Ordering
            As :func:`ranking.prior.mixed` orders.
        """
        rows = self.best.rows[self.places]
        theme = np.append(themes, -1)[np.minimum(rows, len(themes))]
        return self._then(mixed(rows, theme, len(rows)), Reordering("themes", "", 1.0))

    def diversified(self, vectors: ItemVectors, diversity: Diversity) -> Self:
        """Let the items differ from each other.

        Parameters
        ----------
        vectors : ItemVectors
            Tell how alike items are.
        diversity : Diversity
            How, and how much.

        Returns
        -------
        Ordering
            As :func:`ranking.diversity.diversified` orders.
        """
        points = vectors.of(self.best.rows[self.places])
        order = diversified(points, self.best.scores, diversity, k=self.k)
        report = Reordering(
            "diversity",
            diversity.strategy,
            diversity.strength,
            mean_distance(points[: self.k]),
            mean_distance(points[order[: self.k]]),
        )
        return self._then(order, report)

    def calibrated(self, mixes: Mixes, profile: Profile, strength: float) -> Self:
        """Let the list mix kinds of items as the user does.

        Parameters
        ----------
        mixes : Mixes
            Know the kinds of items.
        profile : Profile
            What the user chose.
        strength : float
            How much the mix weighs, in [0, 1].

        Returns
        -------
        Ordering
            As :func:`ranking.calibration.calibrated` orders; unchanged when nothing is known of
            what the user mixes.
        """
        wanted = mixes.of_profile(profile.rows, profile.weights)
        if wanted is None:
            return self
        shares = mixes.shares(self.best.rows[self.places])
        order = calibrated(wanted, shares, self.best.scores, strength=strength, k=self.k)
        before, after = (
            float(divergence(wanted, mix_of(shares[some]))[0])
            for some in (slice(self.k), order[: self.k])
        )
        return self._then(order, Reordering("calibration", mixes.name, strength, before, after))

    def _then(self, order: NDArray[np.int64], stage: Reordering) -> Self:
        return replace(self, places=self.places[order], stages=(*self.stages, stage))
