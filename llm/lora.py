"""LoRA adapters of any ``transformers`` model: attach, train, merge.

The same path serves a text encoder (task ``"feature-extraction"``) and a causal language model
(``"causal-lm"``); what differs is the loss that :func:`fit` is given. :mod:`llm.lora_files` saves
and finds adapters.

References
----------
.. [1] Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", ICLR 2022.
"""

import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from graph.errors import InvalidError
from graph.progress import Progress, ProgressCallback, silent
from llm.encoding import sha256_of
from llm.lora_files import read_adapter

Task = Literal["feature-extraction", "causal-lm"]
Batch = TypeVar("Batch")

_WARM_UP_STEPS = 10
_MAX_NORM = 1.0
_HURRY = 0.1


@dataclass(frozen=True, slots=True)
class Fit:
    """How a training went.

    Attributes
    ----------
    scores : tuple of float
        On validation, before the first epoch and after each.
    best : int
        Which of them is highest; 0 means that training did not help. The model has these weights.
    steps : int
        Batches learned from.
    loss : float
        Mean loss of the last epoch.
    """

    scores: tuple[float, ...]
    best: int
    steps: int
    loss: float

    @property
    def helped(self) -> bool:
        """Whether validation rose."""
        return self.best > 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long a training goes, and how fast.

    Attributes
    ----------
    epochs : int
        Most epochs.
    minutes : float
        Most minutes of training; the step that is at work, and validation, come on top.
    learning_rate : float
        Highest step of AdamW; it falls to zero over the epochs or the minutes.
    """

    epochs: int = 3
    minutes: float = 5.0
    learning_rate: float = 1e-3


def attach(model: Any, *, task: Task, rank: int = 16, seed: int = 0) -> Any:
    """Freeze a model and give all its linear layers trainable low-rank weights.

    Parameters
    ----------
    model : transformers.PreTrainedModel
        Any model; it is changed in place.
    task : {"feature-extraction", "causal-lm"}
        What it is used for.
    rank : int
        Rank of the weights that are added, from 1.
    seed : int
        Of their first values. What they add is zero until they are trained.

    Returns
    -------
    peft.PeftModel
        The model with its adapter.
    """
    import torch
    from peft import LoraConfig, TaskType, get_peft_model

    kinds = {
        "feature-extraction": TaskType.FEATURE_EXTRACTION,
        "causal-lm": TaskType.CAUSAL_LM,
    }
    config = LoraConfig(
        task_type=kinds[task],
        r=rank,
        lora_alpha=2 * rank,
        target_modules="all-linear",
    )
    with torch.random.fork_rng(devices=[]), _old_names_of_peft():
        torch.manual_seed(seed)
        return get_peft_model(model, config)


def fit(
    model: Any,
    *,
    batches: Callable[[int], Sequence[Batch]],
    loss_of: Callable[[Batch], Any],
    score: Callable[[], float],
    schedule: Schedule | None = None,
    progress: ProgressCallback = silent,
) -> Fit:
    """Train what is trainable of a model and leave it with the weights that validate best.

    Parameters
    ----------
    model : torch.nn.Module
        As :func:`attach` returns it.
    batches : Callable
        Gives the batches of an epoch, which are counted from 0.
    loss_of : Callable
        Gives the loss of a batch, a tensor of no dimension.
    score : Callable
        Measures the model on validation data; more is better.
    schedule : Schedule or None
        How long, and how fast.
    progress : ProgressCallback
        Told of every step.

    Returns
    -------
    Fit
        The scores. Where none is above the first, the weights are those from before.
    """
    import torch

    plan = schedule or Schedule()
    weights = [one for one in model.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=plan.learning_rate, weight_decay=0.01)
    clock = _Clock(plan.epochs, 60.0 * plan.minutes)
    scores, kept, steps, mean = [score()], _copied(weights), 0, float("nan")
    for epoch in range(plan.epochs):
        losses = []
        model.train()
        for batch in clock.within(batches(epoch), epoch):
            optimizer.param_groups[0]["lr"] = plan.learning_rate * clock.rate(steps)
            optimizer.zero_grad()
            loss = loss_of(batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, _MAX_NORM)
            optimizer.step()
            steps += 1
            losses.append(loss.item())
            told = {"loss": losses[-1]}
            progress(Progress("adapting", 100 * clock.share, 100, "percent", told))
        model.eval()
        if losses:
            mean = sum(losses) / len(losses)
            scores.append(score())
            kept = _copied(weights) if scores[-1] > max(scores[:-1]) else kept
        if clock.is_over:
            break
    with torch.no_grad():
        for one, best in zip(weights, kept, strict=True):
            one.copy_(best)
    return Fit(tuple(scores), scores.index(max(scores)), steps, mean)


def merged(model: Any, folder: Path, *, base: Path | None = None) -> Any:
    """Add an adapter to the weights of a model, after which it is a plain model again.

    Parameters
    ----------
    model : transformers.PreTrainedModel
        The model it was trained on.
    folder : pathlib.Path
        As :func:`save` wrote it.
    base : pathlib.Path or None
        File of the model's weights: is it the one that the adapter was trained on?

    Returns
    -------
    transformers.PreTrainedModel
        The model, changed.

    Raises
    ------
    InvalidError
        The adapter belongs to other weights, or cannot be read.
    """
    from peft import PeftModel
    from safetensors import SafetensorError

    trained_on = read_adapter(folder).card.get("base")
    if base is not None and trained_on != sha256_of(base):
        raise InvalidError(
            f"The adapter {folder.name} was trained on other weights.", fix="Train it again."
        )
    try:
        with _old_names_of_peft():
            return PeftModel.from_pretrained(model, str(folder)).merge_and_unload()
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        raise InvalidError(
            f"The adapter {folder.name} cannot be used: {error}.", fix="Train it again."
        ) from error


@contextmanager
def _old_names_of_peft() -> Iterator[None]:
    """Keep quiet about names that peft still uses and transformers has changed."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*gradient_checkpointing.*", FutureWarning)
        yield


class _Clock:
    """How much of the epochs, or of the time, whichever ends first, is gone."""

    def __init__(self, epochs: int, limit_s: float) -> None:
        self._epochs = epochs
        self._limit_s = limit_s
        self._start = time.monotonic()
        self._done = 0.0

    @property
    def share(self) -> float:
        """Follow the epochs, so that a seed means the same each time, until time is short."""
        spent = (time.monotonic() - self._start) / self._limit_s
        return min(1.0, spent if spent > self._done + _HURRY else self._done)

    @property
    def is_over(self) -> bool:
        return time.monotonic() - self._start >= self._limit_s

    def within(self, batches: Sequence[Batch], epoch: int) -> Iterator[Batch]:
        for number, batch in enumerate(batches):
            if self.is_over:
                return
            yield batch
            self._done = (epoch + (number + 1) / len(batches)) / self._epochs

    def rate(self, step: int) -> float:
        return min(1.0, (step + 1) / _WARM_UP_STEPS) * (1.0 - self.share)


def _copied(weights: Sequence[Any]) -> list[Any]:
    return [one.detach().clone() for one in weights]
