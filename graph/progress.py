"""How long work tells how far it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a piece of work is.

    Attributes
    ----------
    stage : str
        What is being done, as shown to people (``"reading ratings.csv"``).
    done : float
        Units finished.
    total : float or None
        Units in all; None when unknown.
    unit : str
        What is counted: ``"rows"``, ``"bytes"``, ``"epochs"``.
    values : Mapping[str, float]
        Figures worth showing, such as ``{"loss": 0.31}``.
    """

    stage: str
    done: float
    total: float | None = None
    unit: str = "steps"
    values: Mapping[str, float] = field(default_factory=dict)


ProgressCallback = Callable[[Progress], None]


def silent(_progress: Progress) -> None:
    """Ignore progress."""
