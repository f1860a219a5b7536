"""The graph network alone."""

import numpy as np

from graph.progress import ProgressCallback
from ranking.components.component import Figures, Fitted, Profiles, ScoreArray, Scores
from ranking.components.data import ComponentData
from ranking.components.tuning import quality, too_few
from ranking.network import Learned, no_network
from ranking.networks import Networks
from ranking.stages import Stages


class GraphNetwork:
    """Learned vectors of items over events and attributes: ``s(u, j) = sum_i x_ui <a_i, b_j>``.

    A linear graph network without parameters of users, stopped early on validation and then trained
    on all events as the training of a model does it; ``docs/gnn.md`` has the formulas. With too few
    users to validate on there is no telling when to stop, and no network.

    References
    ----------
    He et al., "LightGCN: Simplifying and Powering Graph Convolution Network for Recommendation",
    SIGIR 2020.
    """

    name = "gnn"
    description = "vectors of items learned over events and attributes by a graph network"
    ranks_new_items = False
    max_items = None

    def fit(self, data: ComponentData, *, progress: ProgressCallback) -> Fitted:
        """Find the best epoch on validation, then train on all events."""
        n_items, n_entities = len(data.snapshot.items), len(data.snapshot.entities)
        if not data.enough:
            return Fitted(_products(no_network(n_items, n_entities)), notes=(too_few(data),))
        networks = Networks(
            data.attributes.by_role(n_entities),
            n_items,
            n_entities,
            config=data.config,
            stages=Stages(progress),
            work=None,
        )
        first = networks.choose([data.fold])
        learned = networks.refit(data.X, first)
        figures: dict[str, Figures] = {
            f"epochs {first[0].best_epoch}": quality(_products(first[0]), data)
        }
        told = {"epochs": first[0].best_epoch, "dims": int(learned.source.shape[1])}
        return Fitted(_products(learned), told, figures)


def _products(learned: Learned) -> Scores:
    def scores(profiles: Profiles) -> ScoreArray:
        return np.asarray((profiles.weights @ learned.source) @ learned.target.T)

    return scores
