"""The stages of a training: told while they run, timed for the record."""

import time
from collections.abc import Callable
from typing import TypeVar

from graph.progress import Progress, ProgressCallback

Result = TypeVar("Result")


class Stages:
    """Tells of stages and keeps their times.

    Parameters
    ----------
    progress : ProgressCallback
        Told when a stage starts and ends.

    Attributes
    ----------
    seconds : dict of str to float
        How long each stage took.
    """

    def __init__(self, progress: ProgressCallback) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}

    def timed(self, stage: str, work: Callable[[], Result]) -> Result:
        """Do the work of a stage and return its result."""
        self.progress(Progress(stage, 0, 1, "stages"))
        start = time.perf_counter()
        result = work()
        self.seconds[stage] = round(time.perf_counter() - start, 3)
        self.progress(Progress(stage, 1, 1, "stages"))
        return result
