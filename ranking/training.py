"""Learn a model from a snapshot: choose on validation, refit on everything.

Nothing here is set by hand for a data set: exponents, ridge, epochs and weights are chosen on a
validation split taken from the training events.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.columns import Csr
from graph.presets import Preset
from graph.progress import Progress, ProgressCallback, silent
from graph.snapshot import Snapshot
from llm.encoder import TextEncoder
from ranking.attributes import Attributes
from ranking.content import ContentMap
from ranking.features import content_features, item_block
from ranking.fusion import Gate
from ranking.gating import fit_gate
from ranking.model import Model, TextVectors
from ranking.network import Device, Learned, NetworkSettings, no_network, train_network
from ranking.placing import ContentChoice, choose_content, place_cold_items
from ranking.profile import Histories, ProfileRule
from ranking.roles import fit_role_weights
from ranking.scoring import Scorer
from ranking.selection import ItemGraphRecipe, choose_item_graph
from ranking.texts import encode_texts
from ranking.validation import hold_out

_MIN_USERS = 20
_REFIT_TIME = 1.5
_LARGE_CATALOG = 8192
_MORE_EPOCHS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingConfig:
    """Settings of :func:`train`.

    Attributes
    ----------
    seed : int
        Start of every random stream.
    validation_share : float
        Share of each user's relevant events held out while choosing, in (0, 1).
    max_validation_users : int
        Most users on whom the item graph is chosen.
    graph_network : bool
        Whether to train the graph network.
    epochs : int or None
        Most epochs of the graph network; None lets it decide.
    time_budget_s : float
        Seconds for the graph network while choosing; on a catalog of up to 8,192 warm items the
        refit takes about as long.
    device : {"auto", "cpu", "cuda"}
        Where the graph network computes.
    text_weight : float
        Weight of text beside attributes in the content map.
    """

    seed: int = 0
    validation_share: float = 0.125
    max_validation_users: int = 8000
    graph_network: bool = True
    epochs: int | None = None
    time_budget_s: float = 240.0
    device: Device = "auto"
    text_weight: float = 0.3


@dataclass(frozen=True, slots=True)
class _Choice:
    """What was chosen on validation."""

    recipe: ItemGraphRecipe
    roles: NDArray[np.float64]
    gate: Gate
    figures: dict[str, Any]
    network: dict[str, Any]


def train(
    snapshot: Snapshot,
    *,
    preset: Preset,
    encoder: TextEncoder | None = None,
    config: TrainingConfig | None = None,
    progress: ProgressCallback = silent,
    work: FilePath | None = None,
) -> Model:
    """Learn a model.

    Parameters
    ----------
    snapshot : Snapshot
        The graph to learn from.
    preset : Preset
        Gives events their strengths.
    encoder : TextEncoder or None
        Encodes item texts and entity names; None leaves text out.
    config : TrainingConfig or None
        Settings.
    progress : ProgressCallback
        Told of every stage.
    work : pathlib.Path or None
        Folder for checkpoints and curves of the graph network.

    Returns
    -------
    Model
        The model, described by its card. Without events it knows texts and attributes only.
    """
    return _Training(snapshot, preset, config or TrainingConfig(), progress, work).run(encoder)


class _Training:
    """One training run; each method is one stage."""

    def __init__(
        self,
        snapshot: Snapshot,
        preset: Preset,
        config: TrainingConfig,
        progress: ProgressCallback,
        work: FilePath | None,
    ) -> None:
        self.snapshot = snapshot
        self.config = config
        self.progress = progress
        self.work = work
        self.rng = np.random.default_rng(config.seed)
        self.attributes = Attributes.of(snapshot)
        self.rule = ProfileRule.fit(
            snapshot.events, preset.event_strengths, half_life_s=preset.half_life_s
        )
        self.seconds: dict[str, float] = {}
        self.notes: list[str] = []
        self.base = Model.untrained(snapshot, preset)

    def run(self, encoder: TextEncoder | None) -> Model:
        X = Histories(self.snapshot.events, self.rule).matrix(len(self.snapshot.items))
        text = self._timed("texts", lambda: encode_texts(self.snapshot, encoder, self.progress))
        fit, held_out = self._split(X)
        users = np.flatnonzero(held_out.getnnz(axis=1))
        enough = len(users) >= _MIN_USERS
        if not enough:
            self.notes.append(
                f"{len(users)} users can be validated on, {_MIN_USERS} are needed: defaults hold."
            )
        recipe = self._item_graph(fit, held_out, users) if enough else ItemGraphRecipe()
        learned = self._network(fit, held_out, wanted=enough)
        report = learned.report
        roles = fit_role_weights(self.attributes, fit, held_out, rng=self.rng)
        gate, figures = self._gate(fit, held_out, users, recipe, learned, roles)
        if enough:
            learned = self._refitted(X, learned)
        similar = self._timed("item graph of all events", lambda: recipe.build(X))
        return self._assemble(
            X, similar, learned, _Choice(recipe, roles, gate, figures, report), text
        )

    def _timed(self, stage: str, work: Callable[[], Any]) -> Any:
        """Tell of a stage, do it, and note how long it took."""
        self.progress(Progress(stage, 0, 1, "stages"))
        start = time.perf_counter()
        result = work()
        self.seconds[stage] = round(time.perf_counter() - start, 3)
        self.progress(Progress(stage, 1, 1, "stages"))
        return result

    def _split(self, X: sp.csr_matrix) -> tuple[sp.csr_matrix, sp.csr_matrix]:
        """Hold out a share of each user's relevant events."""
        return hold_out(X, self.rule, share=self.config.validation_share, rng=self.rng)

    def _item_graph(
        self, fit: sp.csr_matrix, held_out: sp.csr_matrix, users: NDArray[np.integer]
    ) -> ItemGraphRecipe:
        sample = np.sort(self.rng.permutation(users)[: self.config.max_validation_users])
        return self._timed(
            "choosing the item graph", lambda: choose_item_graph(fit, held_out, sample)
        )

    def _refitted(self, X: sp.csr_matrix, first: Learned) -> Learned:
        """Train on all events: from scratch, or where that is long, on from the first training."""
        if np.count_nonzero(X.getnnz(axis=0)) > _LARGE_CATALOG:
            return self._network(X, None, epochs=_MORE_EPOCHS, start=first)
        return self._network(X, None, epochs=first.best_epoch)

    def _network(
        self,
        X: sp.csr_matrix,
        held_out: sp.csr_matrix | None,
        *,
        epochs: int | None = None,
        start: Learned | None = None,
        wanted: bool = True,
    ) -> Learned:
        """Train the graph network: with early stopping, or for a number of epochs."""
        n_entities = len(self.snapshot.entities)
        if not (self.config.graph_network and wanted):
            return no_network(len(self.snapshot.items), n_entities)
        name = "choosing the graph network" if held_out is not None else "graph network"
        share = 1.0 if held_out is not None else _REFIT_TIME
        return self._timed(
            name,
            lambda: train_network(
                X,
                self.attributes.by_role(n_entities),
                held_out,
                settings=NetworkSettings(
                    epochs or self.config.epochs,
                    self.config.time_budget_s * share,
                    self.config.device,
                    self.config.seed,
                ),
                progress=self.progress,
                folder=self.work and self.work / name.replace(" ", "-"),
                start=start,
            ),
        )

    def _gate(
        self,
        fit: sp.csr_matrix,
        held_out: sp.csr_matrix,
        users: NDArray[np.integer],
        recipe: ItemGraphRecipe,
        learned: Learned,
        roles: NDArray[np.float64],
    ) -> tuple[Gate, dict[str, Any]]:
        """Weigh the components on what they are without the held-out events."""
        if not len(users):
            return Gate.default(), {}
        popularity = np.asarray(fit.getnnz(axis=0))
        block = item_block(
            recipe.build(fit).T.tocsr(),
            learned.source,
            learned.target,
            self.attributes,
            roles,
            popularity,
        )
        fitted = self._timed(
            "weighing the components",
            lambda: fit_gate(Scorer(block), fit, held_out, users, rng=self.rng),
        )
        return fitted.gate, fitted.figures

    def _assemble(
        self,
        X: sp.csr_matrix,
        similar: sp.csr_matrix,
        learned: Learned,
        choice: _Choice,
        text: TextVectors | None,
    ) -> Model:
        """Place the cold items and put everything into a model."""
        popularity = np.asarray(X.getnnz(axis=0))
        vectors = text.items if text else None
        content = self._content(X, similar, choice.roles, vectors)
        features = content_features(self.attributes, choice.roles, vectors, content.recipe)
        owned = self._timed(
            "placing cold items",
            lambda: place_cold_items(
                similar,
                learned,
                popularity,
                features,
                ContentMap.fit(features, popularity, ridge=content.recipe.ridge),
            ),
        )
        stamp = datetime.now(UTC)
        return Model(
            id=f"m{stamp:%Y%m%d-%H%M%S-%f}-{self.snapshot.version}",
            snapshot_version=self.snapshot.version,
            item_ids=self.base.item_ids,
            entity_ids=self.base.entity_ids,
            similar=_csr(owned),
            owner_is_cold=popularity == 0,
            source=learned.source,
            target=learned.target,
            entities=learned.entities,
            role_weights=self.attributes.named(choice.roles),
            gate=choice.gate,
            rule=self.rule,
            content=content.recipe,
            text=text,
            description={
                "trained_at": stamp.isoformat(timespec="seconds"),
                "n_events": int(X.nnz),
                "n_cold_items": int(np.count_nonzero(popularity == 0)),
                "content_map": {**asdict(content.recipe), "figures": content.figures},
                **self._told(choice),
            },
        )

    def _content(
        self,
        X: sp.csr_matrix,
        similar: sp.csr_matrix,
        roles: NDArray[np.float64],
        text: NDArray[np.float32] | None,
    ) -> ContentChoice:
        known, weight = (self.attributes, roles, text, X, similar), self.config.text_weight
        return self._timed(
            "choosing the content map",
            lambda: choose_content(*known, text_weight=weight, rng=self.rng),
        )

    def _told(self, choice: _Choice) -> dict[str, Any]:
        """Describe what was chosen, how good it was on validation, and how long it took."""
        return {
            "item_graph": choice.recipe.to_json(),
            "graph_network": choice.network,
            "validation": choice.figures,
            "seconds": self.seconds,
            "notes": self.notes,
            "config": asdict(self.config),
        }


def _csr(matrix: sp.csr_matrix) -> Csr:
    return Csr(
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data.astype(np.float32),
        matrix.shape[1],
    )
