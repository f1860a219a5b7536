"""Train the graph network and keep what the score needs of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path as FilePath
from typing import Any, Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from gnn.messages import Messages
from graph.progress import ProgressCallback

Device = Literal["auto", "cpu", "cuda"]


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """What the pipeline decides; the rest the graph network decides from the data.

    Attributes
    ----------
    epochs : int or None
        Most epochs; without held-out events exactly so many.
    time_budget_s : float
        Seconds after which training stops.
    device : Device
        Where to compute.
    seed : int
        Start of every random stream.
    """

    epochs: int | None
    time_budget_s: float
    device: Device
    seed: int


@dataclass(frozen=True, slots=True)
class Learned:
    """Learned vectors of items and entities.

    Attributes
    ----------
    source, target : NDArray[np.float32]
        Both of shape (n_items, n_dims).
    entities : NDArray[np.float32]
        Shape (n_entities, n_dims).
    report : dict
        Course of the training: JSON-able.
    best_epoch : int
        Epoch that was kept, at least 1.
    state : object
        What a later training of the same rows can go on from.
    messages : Messages or None
        What of the target vectors came from entities.
    """

    source: NDArray[np.float32]
    target: NDArray[np.float32]
    entities: NDArray[np.float32]
    report: dict[str, Any] = field(default_factory=dict)
    best_epoch: int = 1
    state: Any = None
    messages: Messages | None = None


def averaged(several: Sequence[Learned]) -> Learned:
    """Join trainings side by side, so that scores are the mean of theirs.

    Parameters
    ----------
    several : Sequence of Learned
        Of the same items, one or more.

    Returns
    -------
    Learned
        Vectors as long as all of them together; the report and the state are those of the first.
    """
    if len(several) == 1:
        return several[0]
    share = np.float32(1 / len(several))
    messages = [each.messages for each in several if each.messages]
    return Learned(
        np.concatenate([each.source for each in several], axis=1) * share,
        np.concatenate([each.target for each in several], axis=1),
        np.concatenate([each.entities for each in several], axis=1),
        several[0].report,
        several[0].best_epoch,
        several[0].state,
        Messages.beside(messages) if len(messages) == len(several) else None,
    )


def no_network(n_items: int, n_entities: int) -> Learned:
    """Return vectors that add nothing to any score."""
    zeros = np.zeros((n_items, 1), dtype=np.float32)
    return Learned(zeros, zeros.copy(), np.zeros((n_entities, 1), dtype=np.float32))


def train_network(
    X: sp.csr_matrix,
    attributes: Sequence[tuple[str, sp.csr_matrix]],
    held_out: sp.csr_matrix | None,
    *,
    settings: NetworkSettings,
    progress: ProgressCallback,
    folder: FilePath | None,
    start: Learned | None = None,
) -> Learned:
    """Train the graph network.

    Parameters
    ----------
    X : csr_matrix
        Strengths; shape (n_users, n_items).
    attributes : Sequence of (str, csr_matrix)
        Edges per role; each matrix of shape (n_items, n_entities).
    held_out : csr_matrix or None
        Events for early stopping; None trains for a fixed number of epochs.
    settings : NetworkSettings
        What the pipeline decides.
    progress : ProgressCallback
        Told of every epoch.
    folder : pathlib.Path or None
        For checkpoints and curves.
    start : Learned or None
        Go on from there instead of from scratch.

    Returns
    -------
    Learned
        The vectors, writable.
    """
    # Commands that do not train must not wait for torch.
    from gnn.config import GraphTrainingConfig
    from gnn.trainer import GraphTrainer
    from gnn.training_graph import TrainingGraph

    trained = GraphTrainer(
        GraphTrainingConfig(
            epochs=settings.epochs,
            time_budget_s=settings.time_budget_s,
            device=settings.device,
            seed=settings.seed,
        )
    ).fit(
        TrainingGraph(X, attributes),
        validation=held_out,
        progress=progress,
        checkpoint=folder and folder / "checkpoint",
        log_dir=folder and folder / "curves",
        start=start.state if start else None,
    )
    return Learned(
        trained.source.copy(),
        trained.target.copy(),
        trained.entities,
        _plain(asdict(trained.report)),
        max(trained.report.best_epoch, 1),
        trained.state,
        trained.messages,
    )


def _plain(value: Any) -> Any:
    """Turn NaN, which JSON does not know, into None, all the way down."""
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value
