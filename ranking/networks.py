"""The graph networks of a training: one per fold to choose by, then as many on all events."""

from collections.abc import Sequence
from pathlib import Path as FilePath

import numpy as np
import scipy.sparse as sp

from ranking.network import Learned, NetworkSettings, averaged, no_network, train_network
from ranking.stages import Stages
from ranking.training_config import TrainingConfig
from ranking.validation import Fold

LARGE_CATALOG = 8192
_BUDGET_SHARE = 0.4
_MORE_EPOCHS = 2


class Networks:
    """Trains the graph networks.

    Parameters
    ----------
    attributes : Sequence of (str, csr_matrix)
        Edges per role; each matrix of shape (n_items, n_entities).
    n_items, n_entities : int
        Size of the graph.
    config : TrainingConfig
        Settings.
    stages : Stages
        Told of every training.
    work : pathlib.Path or None
        Folder for checkpoints and curves.
    """

    def __init__(
        self,
        attributes: Sequence[tuple[str, sp.csr_matrix]],
        n_items: int,
        n_entities: int,
        *,
        config: TrainingConfig,
        stages: Stages,
        work: FilePath | None,
    ) -> None:
        self._attributes = attributes
        self._config = config
        self._stages = stages
        self._work = work
        self._nothing = (n_items, n_entities)

    def choose(self, folds: Sequence[Fold]) -> list[Learned]:
        """Train one network per fold, with early stopping; they differ in seed as well."""
        if not self._config.graph_network:
            return [no_network(*self._nothing) for _ in folds]
        seconds = self._config.time_budget_s * _BUDGET_SHARE / len(folds)
        return [
            self._train(
                _name("choosing the graph network", number, len(folds)),
                fold.kept,
                fold.held_out,
                self._settings(self._config.epochs, seconds, number),
            )
            for number, fold in enumerate(folds)
        ]

    def refit(self, X: sp.csr_matrix, first: Sequence[Learned]) -> Learned:
        """Train on all events: from scratch, or where that is long, on from the first training.

        Parameters
        ----------
        X : csr_matrix
            Strengths of all events; shape (n_users, n_items).
        first : Sequence of Learned
            From :meth:`choose`.

        Returns
        -------
        Learned
            The mean of as many trainings.
        """
        if not (first and self._config.graph_network):
            return no_network(*self._nothing)
        large = np.count_nonzero(X.getnnz(axis=0)) > LARGE_CATALOG
        seconds = self._config.time_budget_s * _BUDGET_SHARE
        return averaged([
            self._train(
                _name("graph network", number, len(first)),
                X,
                None,
                self._settings(_MORE_EPOCHS if large else each.best_epoch, seconds, number),
                start=each if large else None,
            )
            for number, each in enumerate(first)
        ])

    def again(self, X: sp.csr_matrix, first: Learned | None) -> Learned:
        """Train one network on fewer events; it is thrown away, so there are no checkpoints.

        Parameters
        ----------
        X : csr_matrix
            Strengths; shape (n_users, n_items).
        first : Learned or None
            From :meth:`choose`; tells for how many epochs. None: no network.

        Returns
        -------
        Learned
            The vectors.
        """
        if first is None or not self._config.graph_network:
            return no_network(*self._nothing)
        return train_network(
            X,
            self._attributes,
            None,
            settings=self._settings(first.best_epoch, self._config.time_budget_s, 0),
            progress=self._stages.progress,
            folder=None,
        )

    def _settings(self, epochs: int | None, seconds: float, number: int) -> NetworkSettings:
        return NetworkSettings(epochs, seconds, self._config.device, self._config.seed + number)

    def _train(
        self,
        name: str,
        X: sp.csr_matrix,
        held_out: sp.csr_matrix | None,
        settings: NetworkSettings,
        start: Learned | None = None,
    ) -> Learned:
        return self._stages.timed(
            name,
            lambda: train_network(
                X,
                self._attributes,
                held_out,
                settings=settings,
                progress=self._stages.progress,
                folder=self._work and self._work / name.replace(",", "").replace(" ", "-"),
                start=start,
            ),
        )


def _name(stage: str, number: int, of: int) -> str:
    return f"{stage}, {number + 1} of {of}" if of > 1 else stage
