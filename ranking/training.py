"""Learn a model from a snapshot: choose on validation, refit on everything.

Nothing here is set by hand for a data set: exponents, ridge, epochs and weights are chosen on a
validation split taken from the training events.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph.columns import Csr
from graph.logged_requests import LoggedRequest
from graph.presets import Preset
from graph.progress import ProgressCallback, silent
from graph.snapshot import Snapshot
from llm.encoder import TextEncoder
from llm.learned_names import LearnedNames, learn_names
from ranking.attributes import Attributes
from ranking.choosing import Choice, Chooser
from ranking.content import ContentMap
from ranking.features import content_features, item_block
from ranking.hiding import N_DRAWS, Hidden, hide, is_quick
from ranking.item_block import ItemBlock
from ranking.model import Model, TextVectors
from ranking.naming import named_things
from ranking.network import Learned
from ranking.networks import Networks
from ranking.newness import Newness, Place, Stage, fit_newness
from ranking.placing import ContentChoice, ContentChooser, place_cold_items, placed_block
from ranking.profile import Histories, ProfileRule
from ranking.request_training import learn_requests
from ranking.stages import Stages
from ranking.texts import encode_texts
from ranking.training_config import TrainingConfig
from ranking.validation import Fold

__all__ = ["TrainingConfig", "train"]


def train(
    snapshot: Snapshot,
    *,
    preset: Preset,
    encoder: TextEncoder | None = None,
    requests: Sequence[LoggedRequest] = (),
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
    requests : Sequence of LoggedRequest
        Requests of before and what was taken; from them follows how much a request weighs.
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
    training = _Training(snapshot, preset, config or TrainingConfig(), progress, work)
    return training.run(encoder, requests)


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
        self.preset = preset
        self.config = config
        self.work = work
        self.stages = Stages(progress)
        self.attributes = Attributes.of(snapshot)
        self.rule = ProfileRule.fit(
            snapshot.events, preset.event_strengths, half_life_s=preset.half_life_s
        )
        self.base = Model.untrained(snapshot, preset)
        self.networks = Networks(
            self.attributes.by_role(len(snapshot.entities)),
            len(snapshot.items),
            len(snapshot.entities),
            config=config,
            stages=self.stages,
            work=work,
        )

    def run(self, encoder: TextEncoder | None, requests: Sequence[LoggedRequest]) -> Model:
        X = Histories(self.snapshot.events, self.rule).matrix(len(self.snapshot.items))
        progress = self.stages.progress
        text = self.stages.timed("texts", lambda: encode_texts(self.snapshot, encoder, progress))
        chooser = Chooser(X, self.attributes, self.rule, config=self.config, stages=self.stages)
        choice = chooser.choose(self.networks)
        learned = self.networks.refit(X, choice.networks)
        similar = self.stages.timed("item graph of all events", lambda: choice.recipe.build(X))
        model = self._assemble(X, similar, learned, choice, text)
        model = replace(model, names=self._names(X, encoder))
        return self._with_requests(model, X, choice, encoder, requests) if requests else model

    def _with_requests(
        self,
        model: Model,
        X: sp.csr_matrix,
        choice: Choice,
        encoder: TextEncoder | None,
        requests: Sequence[LoggedRequest],
    ) -> Model:
        """Learn what logged requests teach; to judge it, learn anew without some who asked."""

        def relearn(gone: NDArray[np.bool_]) -> Model:
            return self._relearned(model, choice, sp.diags((~gone).astype(np.float32)) @ X)

        found = self.stages.timed(
            "learning from requests",
            lambda: learn_requests(
                requests,
                self.snapshot,
                relearn,
                preset=self.preset,
                encoder=encoder,
                rng=np.random.default_rng(self.config.seed),
                progress=self.stages.progress,
            ),
        )
        described = {**model.description, "requests": found.figures}
        return replace(
            model, request_weights=found.weights, asked=found.asked, description=described
        )

    def _relearned(self, model: Model, choice: Choice, left: sp.csr_matrix) -> Model:
        """Learn edges and vectors from fewer events, with the settings that were chosen."""
        left = sp.csr_matrix(left)
        left.eliminate_zeros()
        learned = self.networks.again(left, choice.networks[0] if choice.networks else None)
        popularity = np.asarray(left.getnnz(axis=0))
        features = content_features(
            self.attributes, choice.roles, model.text.items if model.text else None, model.content
        )
        fitted = ContentMap.fit(features, popularity, ridge=model.content.ridge)
        owned = place_cold_items(choice.recipe.build(left), learned, popularity, features, fitted)
        return replace(
            model,
            similar=_csr(owned),
            owner_is_cold=popularity == 0,
            **_vectors(learned),
        )

    def _names(self, X: sp.csr_matrix, encoder: TextEncoder | None) -> LearnedNames | None:
        """Learn how the things of the catalog are asked for."""
        if encoder is None:
            return None
        things = named_things(self.snapshot, self.attributes, np.asarray(X.getnnz(axis=0)))
        return self.stages.timed(
            "names",
            lambda: learn_names(
                things, encoder, seed=self.config.seed, progress=self.stages.progress
            ),
        )

    def _assemble(
        self,
        X: sp.csr_matrix,
        similar: sp.csr_matrix,
        learned: Learned,
        choice: Choice,
        text: TextVectors | None,
    ) -> Model:
        """Place the cold items and put everything into a model."""
        popularity = np.asarray(X.getnnz(axis=0))
        vectors = text.items if text else None
        chooser = ContentChooser(
            self.attributes, choice.roles, vectors, self.config.text_weight, choice.gate
        )
        whole = self._block(similar, learned, choice, X)
        draws = self._hidden(choice, text)
        content = self._content(chooser, draws, whole)
        features = chooser.content(content.recipe)
        place = partial(Hidden.placed, features=features, ridge=content.recipe.ridge)
        last = self._last(choice, X, whole, content.placed, place)
        fitted = ContentMap.fit(features, popularity, ridge=content.recipe.ridge)
        owned = self.stages.timed(
            "placing cold items",
            lambda: place_cold_items(similar, learned, popularity, features, fitted),
        )
        served = placed_block(
            self.attributes, choice.roles, learned, (similar, owned), popularity, (features, fitted)
        )
        newness = self._newness(choice, (draws, content.placed), last, served, place)
        stamp = datetime.now(UTC)
        return replace(
            self.base,
            id=f"m{stamp:%Y%m%d-%H%M%S-%f}-{self.snapshot.version}",
            similar=_csr(owned),
            owner_is_cold=popularity == 0,
            **_vectors(learned),
            role_weights=self.attributes.named(choice.roles),
            gate=newness.gate,
            rule=self.rule,
            content=content.recipe,
            text=text,
            description={
                "trained_at": stamp.isoformat(timespec="seconds"),
                **_counts(X),
                "content_map": {**asdict(content.recipe), "figures": content.figures},
                "new_items": newness.figures,
                **self._told(choice),
            },
        )

    def _block(
        self, similar: sp.csr_matrix, learned: Learned, choice: Choice, X: sp.csr_matrix
    ) -> ItemBlock:
        """Join what was learned from some events; items without any are not placed."""
        return item_block(
            similar.T.tocsr(),
            *(learned.source, learned.target, self.attributes, choice.roles),
            np.asarray(X.getnnz(axis=0)),
        )

    def _hidden(self, choice: Choice, text: TextVectors | None) -> list[Hidden]:
        """Treat some warm items as new."""
        described = self.attributes.n_features or self.attributes.descriptors.names or text
        if choice.fold is None or choice.block is None or not described:
            return []
        return self._drawn("treating items as new", choice, choice.fold, choice.block)

    def _drawn(
        self, stage: str, choice: Choice, fold: Fold, block: ItemBlock, *, n_draws: int = N_DRAWS
    ) -> list[Hidden]:
        """Hide items; where that is quick, learn anew without them."""

        def learn(left: sp.csr_matrix) -> ItemBlock:
            learned = self.networks.again(left, choice.networks[0])
            return self._block(choice.recipe.build(left), learned, choice, left)

        rng = np.random.default_rng(self.config.seed)
        anew = learn if is_quick(fold.kept) else None
        return self.stages.timed(stage, lambda: hide(fold, block, anew, rng=rng, n_draws=n_draws))

    def _content(
        self, chooser: ContentChooser, draws: Sequence[Hidden], whole: ItemBlock
    ) -> ContentChoice:
        rng = np.random.default_rng(self.config.seed)
        return self.stages.timed(
            "choosing the content map", lambda: chooser.choose(draws, whole, rng=rng)
        )

    def _last(
        self,
        choice: Choice,
        X: sp.csr_matrix,
        whole: ItemBlock,
        rehearsed: Sequence[ItemBlock],
        place: Place,
    ) -> Stage:
        """Treat some items as new once more, now with all events, where it can be rehearsed."""
        fold, draws = Fold.of_all(X), []
        if rehearsed:
            draws = self._drawn("treating items as new, all events", choice, fold, whole, n_draws=2)
        placed = [place(drawn) for drawn in draws]
        return Stage(whole, fold, draws, [block for block in placed if block is not None])

    def _newness(
        self,
        choice: Choice,
        rehearsed: tuple[Sequence[Hidden], Sequence[ItemBlock]],
        last: Stage,
        served: ItemBlock,
        place: Place,
    ) -> Newness:
        """Find what room new items get in the lists of all."""
        if choice.fold is None or choice.block is None or not last.placed:
            return Newness(choice.gate, {})
        rehearsal = Stage(choice.block, choice.fold, *rehearsed)
        rng = np.random.default_rng(self.config.seed)
        fit = partial(fit_newness, choice.gate, (rehearsal, last), served, place)
        return self.stages.timed(
            "calibrating new items", lambda: fit(worth=self.config.reasons, rng=rng)
        )

    def _told(self, choice: Choice) -> dict[str, Any]:
        """Describe what was chosen, how good it was on validation, and how long it took."""
        return {
            "item_graph": choice.recipe.to_json(),
            "graph_network": _networks_told(choice.networks),
            "validation": choice.figures,
            "seconds": self.stages.seconds,
            "notes": list(choice.notes),
            "config": asdict(self.config),
        }


def _vectors(learned: Learned) -> dict[str, Any]:
    """Return what a model keeps of the graph network."""
    return {name: getattr(learned, name) for name in ("source", "target", "entities", "messages")}


def _networks_told(networks: Sequence[Learned]) -> dict[str, Any]:
    """Describe the first of the trainings while choosing, and the best epochs of all."""
    if not networks:
        return {}
    return {**networks[0].report, "best_epochs": [each.best_epoch for each in networks]}


def _counts(X: sp.csr_matrix) -> dict[str, int]:
    """Count events, and items without any."""
    n_cold = int(np.count_nonzero(X.getnnz(axis=0) == 0))
    return {"n_events": int(X.nnz), "n_cold_items": n_cold}


def _csr(matrix: sp.csr_matrix) -> Csr:
    return Csr(
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data.astype(np.float32),
        matrix.shape[1],
    )
