"""Train in epochs: find the best number on validation, then train anew on all events."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import scipy.sparse as sp

from graph.progress import Progress, ProgressCallback
from ranking.components.component import Figures, Fitted, Scores
from ranking.components.data import ComponentData
from ranking.components.tuning import quality, too_few

_VALIDATION_USERS = 1000


class Learner(Protocol):
    """Something that gets better with every epoch."""

    def epoch(self, number: int) -> None:
        """Go through the training events once; the number seeds what is drawn."""

    def scores(self) -> Scores:
        """Return the scorer of what is known so far; later epochs do not change it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How long to train.

    Attributes
    ----------
    most : int
        Most epochs, unless the settings say otherwise.
    default : int
        Epochs where there is nothing to validate on.
    patience : int
        Epochs without a better figure after which to stop.
    """

    most: int
    default: int
    patience: int


def trained(
    data: ComponentData,
    learner: Callable[[sp.csr_matrix], Learner],
    schedule: Schedule,
    *,
    fixed: dict[str, Any],
    progress: ProgressCallback,
) -> Fitted:
    """Stop early on validation, then train on all events for as many epochs.

    Each of the two gets half of the time budget; the second ends early where an epoch takes longer.

    Parameters
    ----------
    data : ComponentData
        What there is to learn from.
    learner : callable
        Makes a new learner of strengths; shape (n_users, n_items).
    schedule : Schedule
        How long to train.
    fixed : dict
        Settings that are not chosen, to be told.
    progress : ProgressCallback
        Told of every epoch.

    Returns
    -------
    Fitted
        The scorer, the number of epochs, and the figures of the best one.
    """
    config = data.config
    most = config.epochs or schedule.most
    course = _Course(time.perf_counter() + config.time_budget_s / 2, progress)
    figures: dict[str, Figures] = {}
    notes: tuple[str, ...] = ()
    epochs = min(config.epochs or schedule.default, most)
    if data.enough:
        epochs, best = course.best_epoch(learner(data.kept), data, most, schedule.patience)
        figures = {f"epochs {epochs}": best}
    else:
        notes = (too_few(data),)
    again = _Course(time.perf_counter() + config.time_budget_s / 2, progress)
    final = learner(data.X)
    done = again.run(final, epochs)
    if done < epochs or course.cut:
        notes += (f"stopped on the time budget of {config.time_budget_s:g} s",)
    return Fitted(final.scores(), {**fixed, "epochs": done}, figures, notes)


class _Course:
    """Epochs until a deadline."""

    def __init__(self, deadline: float, progress: ProgressCallback) -> None:
        self._deadline = deadline
        self._progress = progress
        self.cut = False

    def best_epoch(
        self, learner: Learner, data: ComponentData, most: int, patience: int
    ) -> tuple[int, Figures]:
        """Train until nothing gets better; return the best epoch and its figures."""
        best, at = (0.0, 0.0), 1
        for number in range(1, most + 1):
            learner.epoch(number)
            figures = quality(learner.scores(), data, max_users=_VALIDATION_USERS)
            self._progress(Progress("choosing epochs", number, most, "epochs"))
            if sum(figures) > sum(best):
                best, at = figures, number
            self.cut = self._late()
            if self.cut or number - at >= patience:
                break
        return at, best

    def run(self, learner: Learner, epochs: int) -> int:
        """Train for a number of epochs; return how many there was time for."""
        for number in range(1, epochs + 1):
            learner.epoch(number)
            self._progress(Progress("learning from all events", number, epochs, "epochs"))
            if self._late():
                return number
        return epochs

    def _late(self) -> bool:
        return time.perf_counter() > self._deadline
