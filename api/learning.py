"""Training a model, and the text encoders that models need."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock

import structlog

from api.encoders import NO_ENCODER, EncoderShelf
from api.setting_groups import TrainingSettings
from api.state import CatalogPreset
from graph.errors import AppError
from graph.formats.lines import Problem
from graph.progress import ProgressCallback, silent
from graph.snapshot import Snapshot
from llm.encoder import TextEncoder
from llm.personal_data import masked
from ranking.model import Model
from ranking.written_edges import WrittenEdges

log = structlog.get_logger(__name__)


class Learning:
    """Trains models as the settings say.

    Parameters
    ----------
    settings : TrainingSettings
        What a call does not say otherwise.
    domain : CatalogPreset
        Tells the preset of the catalog.
    work : pathlib.Path
        Folder of checkpoints and training curves.
    encoders : EncoderShelf
        The text encoders.
    """

    def __init__(
        self,
        settings: TrainingSettings,
        domain: CatalogPreset,
        work: Path,
        encoders: EncoderShelf,
    ) -> None:
        self.settings = settings
        self._domain = domain
        self._work = work
        self._shelf = encoders
        self._encoders: dict[str, TextEncoder] = {}
        self._loading = Lock()

    def encoder(self, name: str) -> TextEncoder | None:
        """Return an encoder by name, loaded once; None for ``"none"``."""
        if name == NO_ENCODER:
            return None
        with self._loading:
            if name not in self._encoders:
                encoder = self._shelf.load(name)
                encoder.encode(["ready"])  # some read their weights with the first text only
                self._encoders[name] = encoder
            return self._encoders[name]

    def warm_up(self) -> None:
        """Read now what the first request in words would wait for: weights, patterns."""
        masked("ready@example.org")
        for encoder in list(self._encoders.values()):
            encoder.encode(["."])

    def encoder_of(self, model: Model) -> TextEncoder | None:
        """Return the encoder that made the text vectors of a model; others do not mix with it.

        Parameters
        ----------
        model : Model
            The model.

        Returns
        -------
        TextEncoder or None
            None where the model has no vectors, or their encoder is gone: then requests match by
            names only until the next training.
        """
        if model.text is None:
            return None
        name = model.text.encoder
        if not self._shelf.made(name):
            log.warning(
                "encoder.training_needed", model=model.id, made_by=name, chosen=self._shelf.name()
            )
        try:
            return self.encoder(name)
        except AppError as error:
            log.warning("encoder.gone", model=model.id, made_by=name, reason=error.detail)
            return None

    def train(
        self, snapshot: Snapshot, settings: TrainingSettings, *, progress: ProgressCallback = silent
    ) -> Model:
        """Train a model; takes seconds to hours, so call it in a thread or process of its own.

        Parameters
        ----------
        snapshot : Snapshot
            What to learn from.
        settings : TrainingSettings
            Device, epochs, seed, time budget and encoder.
        progress : ProgressCallback
            Told how far it is.

        Returns
        -------
        Model
            The model, not saved yet.

        Raises
        ------
        InvalidError
            If the file of logged requests cannot be used.
        """
        from graph.logged_requests import read_requests
        from ranking.training import TrainingConfig, train

        requests, problems = read_requests(settings.requests) if settings.requests else ([], [])
        config = TrainingConfig(
            device=settings.device,
            epochs=settings.epochs,
            seed=settings.seed,
            reasons=settings.reasons,
        )
        if settings.time_budget_s is not None:
            config = replace(config, time_budget_s=settings.time_budget_s)
        model = train(
            snapshot,
            encoder=self.encoder(settings.encoder or self._shelf.name()),
            requests=requests,
            preset=self._domain.current(),
            config=config,
            progress=progress,
            work=self._work,
        )
        return with_written(_with_problems(model, problems), settings)


def _with_problems(model: Model, problems: Sequence[Problem]) -> Model:
    """Note on the card which logged requests could not be read."""
    if not problems:
        return model
    first = problems[0]
    told = f"{len(problems)} rows of {first.file} were left out; line {first.line}: {first.reason}"
    notes = [*model.description.get("notes", ()), told]
    return replace(model, description={**model.description, "notes": notes})


def with_written(model: Model, settings: TrainingSettings) -> Model:
    """Choose the learned edges that are written to the store for everybody to see.

    Parameters
    ----------
    model : Model
        Owner of the edges.
    settings : TrainingSettings
        How many an item.

    Returns
    -------
    Model
        The same model, which knows what it writes.
    """
    written = WrittenEdges.of(
        model, n_similar=settings.neighbours_written, n_close=settings.close_written
    )
    return replace(model, written=written)
