"""A figure of explanations beside its goal and the best that is known of others."""

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Attributes
    ----------
    figure : str
        What was measured.
    value : float
        What came out; NaN where it could not be measured.
    goal : float or None
        None where there is no goal.
    side : {"least", "most"}
        Whether the goal is the least or the most it may be.
    unit : str
        Shown after numbers.
    elsewhere : str
        The best that is known of others.
    note : str
        How it was measured, or what else came out.
    """

    figure: str
    value: float
    goal: float | None = None
    side: Literal["least", "most"] = "least"
    unit: str = ""
    elsewhere: str = ""
    note: str = ""

    @property
    def verdict(self) -> str:
        """``met``, ``missed``, or nothing where there is no goal."""
        if self.goal is None:
            return ""
        below = self.goal - self.value if self.side == "least" else self.value - self.goal
        return "met" if below <= 1e-9 else "missed"

    @property
    def value_text(self) -> str:
        """The figure as people read it."""
        return _number(self.value) + self.unit

    @property
    def goal_text(self) -> str:
        """The goal as people read it."""
        if self.goal is None:
            return ""
        return f"{'>=' if self.side == 'least' else '<='} {self.goal:g}{self.unit}"

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of a table, in the order of :data:`COLUMNS`."""
        return (
            self.figure,
            self.goal_text,
            self.value_text,
            self.verdict,
            self.elsewhere,
            self.note,
        )


COLUMNS = ("figure", "goal", "measured", "", "best known elsewhere", "")


def _number(value: float) -> str:
    if math.isnan(value):
        return "not measured"
    if value and abs(value) < 1e-3:
        return f"{value:.1e}"
    return f"{value:.3f}" if abs(value) < 100 else f"{value:,.0f}"
