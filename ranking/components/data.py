"""What components learn from: one data set, one split, shared by all of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.presets import Preset
from graph.snapshot import Snapshot
from ranking.attributes import Attributes
from ranking.profile import Histories, ProfileRule
from ranking.validation import MIN_USERS, Fold, hold_out


@dataclass(frozen=True)
class ComponentData:
    """A data set, and the same held-out events for every component.

    Attributes
    ----------
    snapshot : Snapshot
        The graph.
    X : csr_matrix
        Strengths of all events; shape (n_users, n_items).
    kept, held_out : csr_matrix
        ``X`` in two parts: what is learned from while choosing, and what is to be found.
    users : NDArray[np.int64]
        Users to validate on, each with held-out items; ascending.
    seed : int
        Start of every random stream.
    text : NDArray[np.float32] or None
        Text vectors of the items; shape (n_items, n_dims).
    text_weight : float
        Weight of texts beside attributes.
    """

    snapshot: Snapshot
    X: sp.csr_matrix
    kept: sp.csr_matrix
    held_out: sp.csr_matrix
    users: NDArray[np.int64]
    seed: int = 0
    text: NDArray[np.float32] | None = None
    text_weight: float = 0.3

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        preset: Preset,
        *,
        share: float = 0.125,
        max_users: int = 8000,
        seed: int = 0,
        text: NDArray[np.float32] | None = None,
        text_weight: float = 0.3,
    ) -> Self:
        """Split the events of a snapshot as the training of a model does.

        Parameters
        ----------
        snapshot : Snapshot
            The graph.
        preset : Preset
            Gives events their strengths.
        share : float
            Share of each user's relevant events held out, in (0, 1).
        max_users : int
            Most users to validate on.
        seed : int
            Start of every random stream.
        text : NDArray[np.float32] or None
            Text vectors of the items; shape (n_items, n_dims).
        text_weight : float
            Weight of texts beside attributes.

        Returns
        -------
        ComponentData
            The data. Users on whom nothing was kept are not validated on.
        """
        rule = ProfileRule.fit(
            snapshot.events, preset.event_strengths, half_life_s=preset.half_life_s
        )
        X = Histories(snapshot.events, rule).matrix(len(snapshot.items))
        rng = np.random.default_rng(seed)
        kept, held_out = hold_out(X, rule, share=share, rng=rng)
        users = np.flatnonzero((held_out.getnnz(axis=1) > 0) & (kept.getnnz(axis=1) > 0))
        users = np.sort(rng.permutation(users)[:max_users])
        return cls(snapshot, X, kept, held_out, users, seed, text, text_weight)

    @property
    def enough(self) -> bool:
        """Whether there are enough users to choose settings on."""
        return len(self.users) >= MIN_USERS

    @property
    def fold(self) -> Fold:
        """What is held out to choose by."""
        return Fold(self.kept, self.held_out, self.users)

    @cached_property
    def attributes(self) -> Attributes:
        """Features of the items."""
        return Attributes.of(self.snapshot)

    @cached_property
    def warm(self) -> NDArray[np.int64]:
        """Rows of the items with events."""
        return np.flatnonzero(self.X.getnnz(axis=0))

    @property
    def has_times(self) -> bool:
        """Whether events can be put in order of time."""
        times = self.snapshot.events.times
        return bool(len(times)) and bool((times != times[0]).any())

    def rng(self) -> np.random.Generator:
        """Return a new random stream, the same for every component."""
        return np.random.default_rng(self.seed)
