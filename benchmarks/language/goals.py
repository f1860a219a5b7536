"""A figure beside its goal."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Attributes
    ----------
    figure : str
        What was measured, and on what.
    value : float
        What came out.
    goal : float or None
        None where there is no goal.
    side : {"least", "most"}
        Whether the goal is the least or the most it may be.
    unit : str
        Shown after numbers.
    """

    figure: str
    value: float
    goal: float | None = None
    side: Literal["least", "most"] = "least"
    unit: str = ""

    @property
    def verdict(self) -> str:
        """``met``, ``missed``, or nothing where there is no goal."""
        if self.goal is None:
            return ""
        met = self.value >= self.goal if self.side == "least" else self.value <= self.goal
        return "met" if met else "missed"

    @property
    def value_text(self) -> str:
        """The figure as people read it."""
        return _number(self.value) + self.unit

    @property
    def goal_text(self) -> str:
        """The goal as people read it."""
        if self.goal is None:
            return ""
        return f"{'>=' if self.side == 'least' else '<='} {_number(self.goal)}{self.unit}"


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"
