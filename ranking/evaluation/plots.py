"""Plots of an evaluation as SVG, to stand inside a page.

Text stays text and lines of the frame take the colour of the page, so that the plots follow a dark
mode. Systems are told apart by colour and by the shape of their marks; the page holds the legend.
"""

import html
import io
import re
import warnings
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FloatArray = NDArray[np.float64]

# Each has a contrast of at least 3 to 1 with white and with the dark page.
COLOURS = ("#2b7bba", "#cc5630", "#2c9567", "#a45fb5", "#9a7b16", "#c2446e", "#5f7f8c", "#7a6fd0")
MARKS = (("o", "●"), ("s", "■"), ("^", "▲"), ("D", "◆"), ("v", "▼"))
_INK = "#010203"
_SIZE = (5.6, 3.3)
_LINE_LETTERS = 48


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a plot.

    Attributes
    ----------
    name : str
        Begins the ids within the SVG; differs from plot to plot of a page.
    title : str
        What is shown, for those who do not see it.
    x, y : str
        What the axes show.
    """

    name: str
    title: str
    x: str = ""
    y: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """What one system adds to a plot.

    Attributes
    ----------
    style : int
        Number of the system; gives it its colour and its mark.
    values, low, high : FloatArray
        Points with the ends of their intervals; NaN where there is none; all of shape (n,).
    """

    style: int
    values: FloatArray
    low: FloatArray
    high: FloatArray


def colour(style: int) -> str:
    """Return the colour of a system."""
    return COLOURS[style % len(COLOURS)]


def mark(style: int) -> str:
    """Return the mark of a system, as a character."""
    return MARKS[style % len(MARKS)][1]


def by_group(frame: Frame, labels: Sequence[str], series: Sequence[Series]) -> str:
    """Draw points with intervals over groups, joined by lines.

    Parameters
    ----------
    frame : Frame
        Name, title and axes.
    labels : Sequence of str
        One per group.
    series : Sequence of Series
        One per system; arrays of shape (len(labels),).

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    with _axes(frame) as (figure, axes):
        places = np.arange(len(labels), dtype=np.float64)
        shifts = (np.arange(len(series)) - (len(series) - 1) / 2) * min(0.12, 0.6 / len(series))
        for one, shift in zip(series, shifts, strict=True):
            _errors(axes, places + shift, one, line="-")
        axes.set_xticks(places, [label.replace(" to ", "\nto ") for label in labels])
        widest = max(len(line) for label in labels for line in label.split(" to "))
        if widest * len(labels) > _LINE_LETTERS:
            axes.tick_params(axis="x", labelsize=7.5)
        axes.set_xlim(-0.5, len(labels) - 0.5)
        axes.set_ylim(bottom=0)
        return _svg(figure, frame)


def over_places(frame: Frame, series: Sequence[Series]) -> str:
    """Draw curves over the number of places that count, from 1.

    Parameters
    ----------
    frame : Frame
        Name, title and axes.
    series : Sequence of Series
        One per system; arrays of shape (k,).

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    with _axes(frame) as (figure, axes):
        for one in series:
            places = np.arange(1, len(one.values) + 1)
            shape = MARKS[one.style % len(MARKS)][0]
            every = max(len(places) // 8, 1)
            axes.plot(
                places, one.values, color=colour(one.style), marker=shape, markevery=every, ms=4
            )
            axes.fill_between(places, one.low, one.high, color=colour(one.style), alpha=0.15, lw=0)
        axes.set_ylim(bottom=0)
        axes.locator_params(axis="x", integer=True)
        return _svg(figure, frame)


def side_by_side(frame: Frame, panels: Sequence[tuple[str, Sequence[Series]]]) -> str:
    """Draw one value per system with its interval, in one panel per metric.

    Parameters
    ----------
    frame : Frame
        Name and title.
    panels : sequence of (str, Sequence of Series)
        Name of the metric, and one series per system with arrays of shape (1,).

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    n_systems = max(len(series) for _, series in panels)
    height = 0.7 + 0.28 * n_systems
    with _figure((_SIZE[0], height)) as figure:
        for number, (title, series) in enumerate(panels, start=1):
            axes = figure.add_subplot(1, len(panels), number)
            for row, one in enumerate(series):
                _points(axes, one, -row)
            axes.set_title(title, fontsize=10)
            axes.set_yticks([])
            axes.locator_params(axis="x", nbins=4)
            axes.set_ylim(-n_systems + 0.5, 0.5)
        return _svg(figure, frame)


def scatter(frame: Frame, points: Sequence[tuple[int, float, float]]) -> str:
    """Draw one point per system.

    Parameters
    ----------
    frame : Frame
        Name, title and axes.
    points : sequence of (int, float, float)
        Style, x and y of each system.

    Returns
    -------
    str
        An ``<svg>`` element.
    """
    with _axes(frame) as (figure, axes):
        for style, across, up in points:
            axes.plot(
                [across], [up], color=colour(style), marker=MARKS[style % len(MARKS)][0], ms=9, lw=0
            )
        axes.margins(0.15)
        return _svg(figure, frame)


def _errors(axes: "Axes", places: FloatArray, one: Series, *, line: str) -> None:
    """Draw points with vertical intervals."""
    axes.errorbar(
        places,
        one.values,
        yerr=_reach(one),
        color=colour(one.style),
        marker=MARKS[one.style % len(MARKS)][0],
        ms=5,
        ls=line,
        lw=1.2,
        capsize=2,
    )


def _points(axes: "Axes", one: Series, row: float) -> None:
    """Draw points with horizontal intervals."""
    axes.errorbar(
        one.values,
        np.full(len(one.values), row),
        xerr=_reach(one),
        color=colour(one.style),
        marker=MARKS[one.style % len(MARKS)][0],
        ms=5,
        ls="",
        capsize=2,
    )


def _reach(one: Series) -> FloatArray:
    """Return how far intervals reach to both sides; shape (2, n)."""
    return np.maximum(np.stack([one.values - one.low, one.high - one.values]), 0.0)


@contextmanager
def _axes(frame: Frame) -> "Iterator[tuple[Figure, Axes]]":
    """Give a figure with one pair of axes."""
    with _figure(_SIZE) as figure:
        axes = figure.add_subplot()
        axes.set_xlabel(frame.x)
        axes.set_ylabel(frame.y)
        axes.grid(axis="y", alpha=0.2)
        yield figure, axes


@contextmanager
def _figure(size: tuple[float, float]) -> "Iterator[Figure]":
    """Give a figure whose settings are those of this module, not those of the user."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style: Any = {
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.edgecolor": _INK,
        "axes.labelcolor": _INK,
        "axes.titlecolor": _INK,
        "xtick.color": _INK,
        "ytick.color": _INK,
        "text.color": _INK,
        "grid.color": _INK,
        "font.size": 10,
        "svg.fonttype": "none",
        "svg.hashsalt": "whyrec",
        "text.parse_math": False,
    }
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update(style)
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield Figure(figsize=size, layout="constrained")


def _svg(figure: "Figure", frame: Frame) -> str:
    """Write a figure as an element for a page that has several."""
    text = io.StringIO()
    figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: [^;\"]*", "font-family: inherit", svg)
    svg = re.sub(r'\bid="', f'id="{frame.name}-', svg)
    svg = svg.replace('xlink:href="#', f'href="#{frame.name}-')
    svg = svg.replace("url(#", f"url(#{frame.name}-").replace(_INK, "currentColor")
    width, height = (float(size) for size in figure.get_size_inches() * 72)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" '
        f'aria-labelledby="{frame.name}-title" viewBox="0 0 {width:g} {height:g}">'
        f'<title id="{frame.name}-title">{html.escape(frame.title)}</title>'
    )
    return re.sub(r"<svg[^>]*>", lambda _: opening, svg, count=1)
