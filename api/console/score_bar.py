"""A score as a small bar, split by what it is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.console.tags import block, text
from api.console.texts import Texts
from ranking.domain import (
    ASKED_ALIKE,
    PATHS,
    PEOPLE_LIKE_YOU,
    POPULARITY,
    SEMANTIC,
    Recommendation,
)

PARTS = (PATHS, POPULARITY, PEOPLE_LIKE_YOU, SEMANTIC, ASKED_ALIKE)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a bar.

    Attributes
    ----------
    part : str
        Name of the part of the score.
    value : float
        What the part adds.
    width : float
        Share of the whole width, in [0, 1].
    """

    part: str
    value: float
    width: float


def longest(lists_of_parts: Sequence[Mapping[str, float]]) -> float:
    """Return how much a full bar stands for: the largest sum of what adds, or of what takes away.

    Parameters
    ----------
    lists_of_parts : Sequence of Mapping[str, float]
        The parts of each score that is shown side by side.

    Returns
    -------
    float
        Above zero.
    """
    sums = [sum(abs(value) for value in parts.values()) for parts in lists_of_parts]
    return max(sums, default=0.0) or 1.0


def segments(parts: Mapping[str, float], full: float) -> list[Segment]:
    """Split a bar.

    Parameters
    ----------
    parts : Mapping[str, float]
        What a score is made of.
    full : float
        What a full bar stands for.

    Returns
    -------
    list of Segment
        What adds first, in a fixed order; then what takes away.
    """
    order = {name: place for place, name in enumerate(PARTS)}
    named = sorted(parts.items(), key=lambda one: (one[1] < 0, order.get(one[0], len(order))))
    return [Segment(name, value, abs(value) / full) for name, value in named if value]


def part_name(part: str, texts: Texts) -> str:
    """Return the name of a part of the score for people."""
    return texts(f"part.{part}") if f"part.{part}" in texts else part.replace("_", " ")


def part_hint(part: str, texts: Texts) -> str | None:
    """Return what a part of the score is, in a sentence; None where nothing is known of it."""
    return texts(f"part.{part}.what") if f"part.{part}.what" in texts else None


def parts_text(parts: Mapping[str, float], texts: Texts) -> str:
    """Write the parts of a score on one line: ``"paths +3.20, popularity +0.41"``."""
    return ", ".join(
        f"{part_name(one.part, texts)} {one.value:+.2f}" for one in segments(parts, 1.0)
    )


def draw_bar(parts: Mapping[str, float], full: float, texts: Texts) -> None:
    """Draw a bar; what it shows is told to screen readers in words."""
    told = parts_text(parts, texts)
    with block("div", "bar", role="img", aria_label=told, title=told):
        for one in segments(parts, full):
            sign = " is-minus" if one.value < 0 else ""
            block("span", f"bar-{one.part}{sign}").style(f"width:{100 * one.width:.2f}%")


def draw_figures(parts: Mapping[str, float], texts: Texts) -> None:
    """Tell what each part of one score adds; the colours are those of its bar."""
    with block("ul", "legend small"):
        for one in segments(parts, 1.0):
            with block("li", title=part_hint(one.part, texts)):
                block("span", f"swatch bar-{one.part}").props("aria-hidden=true")
                text("span", part_name(one.part, texts), "quiet")
                text("span", f"{one.value:+.2f}", "figure")


def draw_legend(items: Sequence[Recommendation], texts: Texts) -> None:
    """Name the colours of the bars of a list."""
    used = {part for item in items for part, value in item.parts.items() if value}
    with block("ul", "legend small quiet", aria_hidden="true"):
        for part in PARTS:
            if part in used:
                with block("li", title=part_hint(part, texts)):
                    block("span", f"swatch bar-{part}")
                    text("span", part_name(part, texts))
