"""What a training chooses on validation: item graph, graph networks, relation weights, gate."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ranking.attributes import Attributes
from ranking.features import item_block
from ranking.fusion import Gate
from ranking.gating import fit_gate
from ranking.item_block import ItemBlock
from ranking.network import Learned
from ranking.networks import LARGE_CATALOG, Networks
from ranking.profile import ProfileRule
from ranking.roles import fit_role_weights
from ranking.scoring import Scorer
from ranking.selection import ItemGraphChoice, ItemGraphRecipe, choose_item_graph
from ranking.stages import Stages
from ranking.training_config import TrainingConfig
from ranking.validation import MIN_USERS, Fold, hold_out

_FOLDS = 3
_ENOUGH_USERS = 3000


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen.

    Attributes
    ----------
    recipe : ItemGraphRecipe
        Settings of the item graph.
    roles : NDArray[np.float64]
        Weight of each role; shape (n_roles,).
    gate : Gate
        Weights of the components.
    figures : dict
        Quality of the components on validation.
    networks : tuple of Learned
        One per fold, trained without the held-out events; empty with too little data.
    notes : tuple of str
        What could not be chosen, in words.
    fold : Fold or None
        The first of the folds; None with too little data.
    block : ItemBlock or None
        What is scored by what is known without the held-out events of that fold.
    """

    recipe: ItemGraphRecipe
    roles: NDArray[np.float64]
    gate: Gate
    figures: dict[str, Any]
    networks: tuple[Learned, ...]
    notes: tuple[str, ...]
    fold: Fold | None = None
    block: ItemBlock | None = None


class Chooser:
    """Chooses on folds of the events.

    Parameters
    ----------
    X : csr_matrix
        Strengths of all events; shape (n_users, n_items).
    attributes : Attributes
        Features of the items.
    rule : ProfileRule
        How events became strengths.
    config : TrainingConfig
        Settings.
    stages : Stages
        Told of what is done.
    """

    def __init__(
        self,
        X: sp.csr_matrix,
        attributes: Attributes,
        rule: ProfileRule,
        *,
        config: TrainingConfig,
        stages: Stages,
    ) -> None:
        self._X = X
        self._attributes = attributes
        self._config = config
        self._stages = stages
        self._rng = np.random.default_rng(config.seed)
        self._folds = self._drawn(rule)

    def _drawn(self, rule: ProfileRule) -> list[Fold]:
        first = self._fold(rule)
        n_warm = np.count_nonzero(self._X.getnnz(axis=0))
        small = len(first.users) < _ENOUGH_USERS and n_warm <= LARGE_CATALOG
        wanted = self._config.folds or (_FOLDS if small else 1)
        return [first, *(self._fold(rule) for _ in range(wanted - 1))]

    def _fold(self, rule: ProfileRule) -> Fold:
        share = self._config.validation_share
        kept, held_out = hold_out(self._X, rule, share=share, rng=self._rng)
        return Fold(kept, held_out, np.flatnonzero(held_out.getnnz(axis=1)))

    def choose(self, networks: Networks) -> Choice:
        """Choose everything.

        Parameters
        ----------
        networks : Networks
            Trains a graph network per fold.

        Returns
        -------
        Choice
            Defaults, with a note, where too few users can be validated on.
        """
        first = self._folds[0]
        enough = len(first.users) >= MIN_USERS
        if not enough:
            note = (
                f"{len(first.users)} users can be validated on, {MIN_USERS} are needed: "
                "defaults hold."
            )
            roles = np.ones(len(self._attributes.roles))
            return Choice(ItemGraphRecipe(), roles, Gate.default(), {}, (), (note,))
        item_graph = self._stages.timed("choosing the item graph", self._item_graph)
        learned = networks.choose(self._folds)
        roles = self._stages.timed(
            "weighing the relations",
            lambda: fit_role_weights(self._attributes, first.kept, first.held_out, rng=self._rng),
        )
        blocks = [
            self._block(graph, each, roles, fold)
            for graph, each, fold in zip(item_graph.graphs, learned, self._folds, strict=True)
        ]
        scorers = [Scorer(block) for block in blocks]
        fitted = self._stages.timed(
            "weighing the components",
            lambda: fit_gate(scorers, self._folds, worth=self._config.reasons, rng=self._rng),
        )
        chosen = (item_graph.recipe, roles, fitted.gate, fitted.figures, tuple(learned))
        return Choice(*chosen, notes=(), fold=first, block=blocks[0])

    def _item_graph(self) -> ItemGraphChoice:
        most = self._config.max_validation_users
        sampled = [
            Fold(fold.kept, fold.held_out, np.sort(self._rng.permutation(fold.users)[:most]))
            for fold in self._folds
        ]
        return choose_item_graph(sampled, most_regressed=self._config.most_regressed)

    def _block(
        self, graph: sp.csr_matrix, learned: Learned, roles: NDArray[np.float64], fold: Fold
    ) -> ItemBlock:
        """Join what is scored by what is known without the held-out events."""
        return item_block(
            graph.T.tocsr(),
            learned.source,
            learned.target,
            self._attributes,
            roles,
            np.asarray(fold.kept.getnnz(axis=0)),
        )
