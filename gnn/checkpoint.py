"""The state of a training on disk, from which an interrupted run goes on."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gnn.config import TrainingPlan
from gnn.embeddings import EpochReport
from gnn.prepared import PreparedGraph
from graph.errors import InvalidError


@dataclass(slots=True)
class TrainingState:
    """What changes while training.

    Attributes
    ----------
    curve : list of EpochReport
        One entry for each finished epoch, that of epoch 0 included.
    best : dict of str to Tensor
        Parameters of the best epoch; empty before the first.
    best_epoch : int
        Which one that is.
    seconds : float
        Time spent.
    stopped : str
        Why training ended; empty while it has not.
    """

    curve: list[EpochReport]
    best: dict[str, Tensor]
    best_epoch: int
    seconds: float
    stopped: str

    @classmethod
    def fresh(cls) -> "TrainingState":
        """Return the state before anything happened."""
        return cls([], {}, 0, 0.0, "")


def fingerprint(plan: TrainingPlan, graph: PreparedGraph, *, extra: str) -> str:
    """Identify a run: two runs with the same fingerprint do exactly the same.

    Parameters
    ----------
    plan : TrainingPlan
        What is done; the time budget does not count.
    graph : PreparedGraph
        On which data.
    extra : str
        Anything else that matters.

    Returns
    -------
    str
        A hash.
    """
    settings = {**asdict(plan), "time_budget_s": 0, "extra": extra}
    digest = hashlib.blake2b(json.dumps(settings, sort_keys=True).encode(), digest_size=16)
    for matrix in (graph.strengths, graph.membership):
        for part in (matrix.indptr, matrix.indices, matrix.data):
            digest.update(part.tobytes())
    return digest.hexdigest()


def save_checkpoint(
    path: Path,
    state: TrainingState,
    *,
    mark: str,
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
) -> None:
    """Write the state of a run; the file is replaced whole or not at all.

    Parameters
    ----------
    path : pathlib.Path
        The file; its folder is made when missing.
    state : TrainingState
        Progress so far.
    mark : str
        Fingerprint of the run.
    model, optimizer
        Where the parameters and moments are.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "mark": mark,
        "curve": [asdict(entry) for entry in state.curve],
        "best": state.best,
        "best_epoch": state.best_epoch,
        "seconds": state.seconds,
        "stopped": state.stopped,
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
    }
    partial = path.with_name(f".{path.name}.partial")
    torch.save(content, partial)
    partial.replace(path)


def load_checkpoint(
    path: Path, *, mark: str, model: torch.nn.Module, optimizer: torch.optim.Optimizer
) -> TrainingState:
    """Go back to the state that was written last.

    Parameters
    ----------
    path : pathlib.Path
        The file; may be missing.
    mark : str
        Fingerprint of the run. A checkpoint of another run is ignored.
    model, optimizer
        Where parameters and moments are put.

    Returns
    -------
    TrainingState
        Progress so far; fresh when there is none.

    Raises
    ------
    InvalidError
        If the file cannot be read.
    """
    if not path.exists():
        return TrainingState.fresh()
    content = _read(path)
    if content.get("mark") != mark:
        return TrainingState.fresh()
    model.load_state_dict(content["model"])
    optimizer.load_state_dict(content["optimizer"])
    curve = [EpochReport(**entry) for entry in content["curve"]]
    return TrainingState(
        curve, content["best"], content["best_epoch"], content["seconds"], content["stopped"]
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise InvalidError(
            f"The checkpoint {path} cannot be read.", fix="Remove the file and train again."
        ) from error
    return content
