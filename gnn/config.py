"""How the graph network is trained, and what is chosen from the size of the data."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch

from gnn.training_graph import TrainingGraph
from graph.errors import InvalidError, UnavailableError

DeviceName = Literal["auto", "cpu", "cuda"]

_ALL_ITEM_LIMIT = 8_192
_FULL_BATCH_EDGES = 30_000_000
_STEPS_PER_EPOCH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphTrainingConfig:
    """Settings of :class:`gnn.trainer.GraphTrainer`; None lets the size of the data decide.

    Attributes
    ----------
    dim : int
        Length of every vector.
    epochs : int or None
        Most epochs; without a validation matrix exactly so many.
    learning_rate : float or None
        Step of Adam: 0.005 with all items in the loss, 0.003 with shared negatives.
    edge_drop : float or None
        Share of the events hidden in each step, in [0, 1): 0.2 with all items in the loss, 0 with
        shared negatives.
    batch_users : int or None
        Users in a step: an eighth of all, between 32 and 512.
    negatives : int or None
        Items drawn for the loss of a step; 0 takes all items, the choice for up to 8,192 items.
        Otherwise 4,096.
    propagation : {"auto", "full", "sampled"}
        Over the whole graph in each step, or over sampled neighbourhoods (from 30 million events
        on, where the whole graph no longer fits).
    patience : int
        Epochs without a better validation result after which training stops.
    time_budget_s : float
        Seconds after which training stops and keeps the best epoch.
    validation_users : int
        Most users in the validation of an epoch; a fixed random sample of them all.
    device : {"auto", "cpu", "cuda"}
        Where to compute; auto takes a GPU when there is one.
    seed : int
        Start of every random stream.
    """

    dim: int = 64
    epochs: int | None = None
    learning_rate: float | None = None
    edge_drop: float | None = None
    batch_users: int | None = None
    negatives: int | None = None
    propagation: Literal["auto", "full", "sampled"] = "auto"
    patience: int = 10
    time_budget_s: float = 240.0
    validation_users: int = 3_000
    device: DeviceName = "auto"
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPlan:
    """A configuration with every choice made; see :class:`GraphTrainingConfig`."""

    dim: int
    epochs: int
    learning_rate: float
    edge_drop: float
    batch_users: int
    negatives: int
    sampled: bool
    patience: int
    time_budget_s: float
    validation_users: int
    seed: int


def plan_training(
    config: GraphTrainingConfig, graph: TrainingGraph, *, has_validation: bool
) -> TrainingPlan:
    """Make every choice that the configuration leaves open.

    Parameters
    ----------
    config : GraphTrainingConfig
        Settings.
    graph : TrainingGraph
        The data.
    has_validation : bool
        Whether epochs can be compared on a validation matrix.

    Returns
    -------
    TrainingPlan
        What to do.

    Raises
    ------
    InvalidError
        If a setting is out of range, or if neither a validation matrix nor a number of epochs says
        when to stop.
    """
    if config.epochs is None and not has_validation:
        raise InvalidError(
            "Nothing says when to stop training.",
            fix="Give a validation matrix, or set the number of epochs.",
        )
    _check(config)
    n_warm = int(np.count_nonzero(np.bincount(graph.interactions.indices)))
    automatic = 0 if n_warm <= _ALL_ITEM_LIMIT else 4_096
    negatives = automatic if config.negatives is None else min(config.negatives, n_warm)
    step_users = min(max(graph.n_users // _STEPS_PER_EPOCH, 32), 512)
    large = negatives > 0
    return TrainingPlan(
        dim=config.dim,
        epochs=100 if config.epochs is None else config.epochs,
        learning_rate=config.learning_rate or (0.003 if large else 0.005),
        edge_drop=(0.0 if large else 0.2) if config.edge_drop is None else config.edge_drop,
        batch_users=config.batch_users or step_users,
        negatives=negatives,
        sampled=config.propagation == "sampled"
        or (config.propagation == "auto" and graph.interactions.nnz > _FULL_BATCH_EDGES),
        patience=config.patience,
        time_budget_s=config.time_budget_s,
        validation_users=config.validation_users,
        seed=config.seed,
    )


def choose_device(name: DeviceName) -> torch.device:
    """Find the device to compute on.

    Parameters
    ----------
    name : {"auto", "cpu", "cuda"}
        What the configuration asks for.

    Returns
    -------
    torch.device
        A device that exists.

    Raises
    ------
    UnavailableError
        If a GPU is asked for and there is none.
    """
    available = torch.cuda.is_available()
    if name == "cuda" and not available:
        raise UnavailableError(
            "There is no CUDA device on this machine.", fix="Use the device 'auto' or 'cpu'."
        )
    return torch.device("cuda" if available and name != "cpu" else "cpu")


def _check(config: GraphTrainingConfig) -> None:
    """Refuse settings that are out of range."""
    positive = {
        "learning_rate": 1.0 if config.learning_rate is None else config.learning_rate,
        "dim": config.dim,
        "batch_users": config.batch_users or 1,
        "patience": config.patience,
        "validation_users": config.validation_users,
        "time_budget_s": config.time_budget_s,
    }
    for name, value in positive.items():
        if value <= 0:
            raise InvalidError(f"{name} is {value}.", fix=f"Set {name} to more than 0.")
    for name, number in (("epochs", config.epochs), ("negatives", config.negatives)):
        if number is not None and number < 0:
            raise InvalidError(f"{name} is {number}.", fix=f"Set {name} to 0 or more.")
    if config.edge_drop is not None and not 0 <= config.edge_drop < 1:
        raise InvalidError(
            f"edge_drop is {config.edge_drop}.", fix="Set edge_drop to at least 0 and below 1."
        )
