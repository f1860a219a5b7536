"""The graph network alone."""

from dataclasses import replace

import numpy as np

from graph.progress import ProgressCallback
from ranking.components.component import Figures, Fitted, Profiles, ScoreArray, Scores
from ranking.components.data import ComponentData
from ranking.components.tuning import quality, too_few
from ranking.network import Learned, NetworkSettings, train_network

_DEFAULT_EPOCHS = 10


class GraphNetwork:
    """Learned vectors of items over events and attributes: ``s(u, j) = sum_i x_ui <a_i, b_j>``.

    A linear graph network without parameters of users, stopped early on validation and trained
    anew on all events for as many epochs; ``docs/gnn.md`` has the formulas.

    References
    ----------
    He et al., "LightGCN: Simplifying and Powering Graph Convolution Network for Recommendation",
    SIGIR 2020.
    """

    name = "gnn"
    description = "vectors of items learned over events and attributes by a graph network"
    ranks_new_items = False
    max_items = None

    def fit(
        self, data: ComponentData, *, settings: NetworkSettings, progress: ProgressCallback
    ) -> Fitted:
        """Find the best epoch on validation, then train on all events up to it."""
        roles = data.attributes.by_role(len(data.snapshot.entities))
        if not data.X.nnz:
            return Fitted(_nothing)
        figures: dict[str, Figures] = {}
        notes: tuple[str, ...] = (too_few(data),)
        epochs = settings.epochs or _DEFAULT_EPOCHS
        if data.enough:
            halved = replace(settings, time_budget_s=settings.time_budget_s / 2)
            first = train_network(
                data.kept, roles, data.held_out, settings=halved, progress=progress, folder=None
            )
            figures = {f"epochs {first.best_epoch}": quality(_products(first), data)}
            notes, epochs = (), first.best_epoch
        learned = train_network(
            data.X,
            roles,
            None,
            settings=replace(settings, epochs=epochs),
            progress=progress,
            folder=None,
        )
        return Fitted(_products(learned), {"epochs": epochs, **_told(learned)}, figures, notes)


def _products(learned: Learned) -> Scores:
    def scores(profiles: Profiles) -> ScoreArray:
        return np.asarray((profiles.weights @ learned.source) @ learned.target.T)

    return scores


def _told(learned: Learned) -> dict[str, object]:
    names = ("device", "seconds")
    return {name: learned.report[name] for name in names if name in learned.report} | {
        "dims": int(learned.source.shape[1])
    }


def _nothing(profiles: Profiles) -> ScoreArray:
    return np.zeros(profiles.weights.shape, dtype=np.float32)
