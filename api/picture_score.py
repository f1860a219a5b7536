"""What a score is made of, as one bar with its numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.picture_text import RIM, text_svg, width
from ranking.captions import part_caption
from ranking.domain import (
    ASKED_ALIKE,
    PATHS,
    PEOPLE_LIKE_YOU,
    POPULARITY,
    SEMANTIC,
    Explanation,
    Language,
)

_SHOWN, _OTHERS = "#4f6bd0", "#b9c4ea"
_PARTS = {
    POPULARITY: "#e4595f",
    PEOPLE_LIKE_YOU: "#f2b63c",
    SEMANTIC: "#6fb356",
    ASKED_ALIKE: "#8b5fbf",
}
_OTHER_PART = "#5b6472"
_WORTH_NAMING = 5e-4


@dataclass(frozen=True, slots=True)
class Summand:
    """A part of the score: what it is called, what it adds, and its colour."""

    name: str
    value: float
    fill: str


def summands(explanation: Explanation, language: Language) -> list[Summand]:
    """Return what a score is made of, in words.

    Parameters
    ----------
    explanation : Explanation
        Why an item has its score.
    language : Language
        Language of the words.

    Returns
    -------
    list of Summand
        The shown paths, all others, and the named parts; they sum to the score but for parts too
        small to be named.
    """
    n_shown, parts = explanation.n_shown, explanation.parts
    n_others = len(explanation.paths) - n_shown
    shown = sum(path.value for path in explanation.paths[:n_shown])
    found = []
    if n_shown:
        many = "path" if n_shown == 1 else "paths"
        words = f"所示 {n_shown} 条路径" if language == "zh" else f"{n_shown} shown {many}"
        found.append(Summand(words, shown, _SHOWN))
    if n_others:
        many = "path" if n_others == 1 else "paths"
        words = f"其余 {n_others:,} 条路径" if language == "zh" else f"{n_others:,} other {many}"
        found.append(Summand(words, parts[PATHS] - shown, _OTHERS))
    return found + [
        Summand(part_caption(name, language), value, _PARTS.get(name, _OTHER_PART))
        for name, value in parts.items()
        if name != PATHS and abs(value) >= _WORTH_NAMING
    ]


def score_svg(
    score: float, parts: Sequence[Summand], language: Language, x: float, y: float, room: float
) -> Iterator[str]:
    """Draw what speaks for an item as one bar, and below it the score as the sum that it is.

    Parameters
    ----------
    score : float
        Sum of the parts.
    parts : Sequence of Summand
        As :func:`summands` returns them.
    language : Language
        Language of the words.
    x, y, room : float
        Left upper corner and width in pixels; the drawing is 42 pixels high.

    Yields
    ------
    str
        SVG elements.
    """
    whole = sum(max(part.value, 0.0) for part in parts) or 1.0
    yield f"<rect x='{x:g}' y='{y:g}' width='{room:g}' height='10' rx='3' fill='{RIM}'/>"
    left = x
    for part in parts:
        long = room * max(part.value, 0.0) / whole
        if long >= 0.5:
            yield (
                f"<rect x='{left:.1f}' y='{y:g}' width='{long:.1f}' height='10' rx='3' "
                f"fill='{part.fill}'/>"
            )
        left += long
    told = ("得分" if language == "zh" else "score") + f" {score:.3f} ="
    yield text_svg(x, y + 34, told, 13, weight=600)
    left = x + width(told, 13) + 14
    for part in parts:
        yield f"<circle cx='{left + 5:.1f}' cy='{y + 29.5:g}' r='5' fill='{part.fill}'/>"
        yield text_svg(left + 15, y + 34, part.name, 13, bold=f"{part.value:+.3f}")
        left += width(f"{part.name} {part.value:+.3f}", 13) + 34
