"""The quality report of explanations as one page: it needs no network and no script."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup

from ranking.evaluation import page, plots
from ranking.evaluation.explanation_goals import MEASURES
from ranking.evaluation.plots import Frame, Series
from ranking.evaluation.sections import Plot, Section, Table

PAGE = "explanations.html"
_LOST = ("without the events of the first k paths", "without k random events")
_KEPT = ("from parts and the first k paths alone",)
# What Balloccu et al. 2022 report for PGPR, and for PGPR with its list ordered for that measure.
_PEERS = ("Whyrec", "PGPR", "PGPR, ordered for it")
_REPORTED = {
    "recency": ("LIR", (0.43, 0.67)),
    "type_diversity": ("ETD", (0.12, 0.20)),
    "entity_popularity": ("SEP", (0.26, 0.41)),
}


def write_explanation_page(folder: Path, report: Mapping[str, Any]) -> Path:
    """Write a quality report as a page.

    Parameters
    ----------
    folder : pathlib.Path
        Where; made when missing.
    report : Mapping
        As :func:`ranking.evaluation.explanation_report.report` returns it.

    Returns
    -------
    pathlib.Path
        The page.
    """
    path = folder / PAGE
    page.write(path, render(report))
    return path


def render(report: Mapping[str, Any]) -> str:
    """Return the page as text.

    Parameters
    ----------
    report : Mapping
        As in :func:`write_explanation_page`.

    Returns
    -------
    str
        HTML. Names are escaped wherever they stand.
    """
    found = [_measures(report), _losses(report), _beside(report), _types(report)]
    if report["missing_edges"]:
        found.append(_missing(report))
    return page.filled(
        title="Quality of explanations",
        summary=f"{report['explanations']:,} explanations in the lists of {report['users']:,} "
        f"users, {report['path_types']} types of paths.",
        parts=found,
        words=[(measure.title, measure.tells) for measure in MEASURES],
    )


def number(value: float) -> str:
    """Write a figure as people read it; rounding errors with their power of ten."""
    if math.isnan(value):
        return "none"
    if math.isinf(value):
        return "infinite"
    if value and abs(value) < 1e-3:
        return f"{value:.1e}"
    return f"{value:.3f}" if abs(value) < 100 else f"{value:,.0f}"


def spread(figure: Mapping[str, Any]) -> str:
    """Write a figure with its interval, if it has one."""
    if figure["low"] == figure["high"] or math.isnan(figure["low"]):
        return number(figure["mean"])
    return f"{number(figure['mean'])} ({number(figure['low'])} to {number(figure['high'])})"


def verdict(figure: Mapping[str, Any]) -> str:
    """Say whether a goal is met; empty without one."""
    return {None: "", True: "met", False: "missed"}[figure["met"]]


def goal(figure: Mapping[str, Any]) -> str:
    """Write a goal; empty without one."""
    if figure["goal"] is None:
        return ""
    return f"{'≥' if figure['side'] == 'least' else '≤'} {figure['goal']:g}"


def _measures(report: Mapping[str, Any]) -> Section:
    rows = [
        [one["title"], spread(one), goal(one), verdict(one), one["elsewhere"]]
        for one in report["measures"].values()
    ]
    table = Table("Measures", ["", "value", "goal", "", "best known elsewhere"], rows)
    return Section(
        "Measures",
        "In brackets the 95 % interval of the mean over users. What is known elsewhere comes from "
        "other data and other graphs: compare the order of size, not the third digit.",
        [],
        [table],
    )


def _losses(report: Mapping[str, Any]) -> Section:
    """Show the score without the events of the shown paths, and from these alone."""
    curves, bins = report["curves"], report["bins"]
    found = []
    for name, title, names in (
        ("lost", "Share of the score that is lost when events are left out.", _LOST),
        ("kept", "Share of the score that few paths make.", _KEPT),
    ):
        keys = ("shown", "random") if name == "lost" else ("alone",)
        series = [_series(style, curves[key]) for style, key in enumerate(keys)]
        frame = Frame(name, title, "k", "share of the score")
        rows = [
            [str(k), *(spread(curves[key][place]) for key in keys)] for place, k in enumerate(bins)
        ]
        svg = Markup(plots.by_group(frame, [str(k) for k in bins], series))  # noqa: S704
        table = Table(title, ["k", *names], rows)
        found.append(Plot(title, svg, table, page.legend(names)))
    return Section(
        "Leaving events out",
        "An explanation is true if the score falls without what it names. Every score is asked for "
        "again after the events are gone, as if they had never happened.",
        found,
        [],
    )


def _beside(report: Mapping[str, Any]) -> Section:
    """Show what others report as well."""
    panels = []
    for name, (title, others) in _REPORTED.items():
        mine = [report["measures"].get(name, {"mean": np.nan, "low": np.nan, "high": np.nan})]
        theirs = [[{"mean": value, "low": value, "high": value}] for value in others]
        panels.append((title, [_series(n, one) for n, one in enumerate([mine, *theirs])]))
    title = "Recency, types and popularity of the paths shown first."
    svg = Markup(plots.side_by_side(Frame("beside", title), panels))  # noqa: S704
    return Section(
        "Beside what others report",
        "PGPR as Balloccu et al. (SIGIR 2022) report it on another data set, as it is and with its "
        "list ordered for the measure.",
        [Plot(title, svg, None, page.legend(_PEERS))],
        [],
    )


def _types(report: Mapping[str, Any]) -> Section:
    first, shown = (report["types_shown"][key] for key in ("first", "shown"))
    rows = [[kind, f"{first.get(kind, 0.0):.0%}", f"{share:.0%}"] for kind, share in shown.items()]
    return Section(
        "Types of paths",
        "Share of the users in whose list a path of this type comes first for some item, or is "
        "shown at all.",
        [],
        [Table("Users who see each type", ["type", "first", "shown"], rows)],
    )


def _missing(report: Mapping[str, Any]) -> Section:
    table = Table("Edges", ["from", "type", "to"], report["missing_edges"])
    return Section(
        "Edges that the store does not have", "Examples of what should not be.", [], [table]
    )


def _series(style: int, figures: list[Any]) -> Series:
    mean, low, high = (
        np.array([figure[part] for figure in figures], dtype=np.float64)
        for part in ("mean", "low", "high")
    )
    return Series(style, mean, low, high)
