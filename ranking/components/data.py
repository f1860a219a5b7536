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
from ranking.training_config import TrainingConfig
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
    config : TrainingConfig
        Seed, split, and for what is trained in epochs the device, the time and the most epochs.
    text : NDArray[np.float32] or None
        Text vectors of the items; shape (n_items, n_dims).
    """

    snapshot: Snapshot
    X: sp.csr_matrix
    kept: sp.csr_matrix
    held_out: sp.csr_matrix
    users: NDArray[np.int64]
    config: TrainingConfig
    text: NDArray[np.float32] | None = None

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        preset: Preset,
        *,
        config: TrainingConfig | None = None,
        text: NDArray[np.float32] | None = None,
    ) -> Self:
        """Split the events of a snapshot as the training of a model does.

        Parameters
        ----------
        snapshot : Snapshot
            The graph.
        preset : Preset
            Gives events their strengths.
        config : TrainingConfig or None
            Settings.
        text : NDArray[np.float32] or None
            Text vectors of the items; shape (n_items, n_dims).

        Returns
        -------
        ComponentData
            The data. Users on whom nothing was kept are not validated on.
        """
        rule = ProfileRule.fit(
            snapshot.events, preset.event_strengths, half_life_s=preset.half_life_s
        )
        X = Histories(snapshot.events, rule).matrix(len(snapshot.items))
        config = config or TrainingConfig()
        rng = np.random.default_rng(config.seed)
        kept, held_out = hold_out(X, rule, share=config.validation_share, rng=rng)
        users = np.flatnonzero((held_out.getnnz(axis=1) > 0) & (kept.getnnz(axis=1) > 0))
        users = np.sort(rng.permutation(users)[: config.max_validation_users])
        return cls(snapshot, X, kept, held_out, users, config, text)

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
        return np.random.default_rng(self.config.seed)
