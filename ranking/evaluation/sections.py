"""What an evaluation's page shows: tables, and plots with their figures beside them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from ranking.evaluation import plots
from ranking.evaluation.breakdown import Group, by_activity, by_age, by_popularity
from ranking.evaluation.metrics import Interval, intervals
from ranking.evaluation.plots import Frame, Series
from ranking.evaluation.systems import Known, System, Trial
from ranking.evaluation.table import FloatArray

_N_SHOWN_MOST = 10
_PANELS = ("recall", "ndcg", "mrr")
_COLUMNS = ("recall", "ndcg", "mrr", "map", "hit", "precision")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; the first cell of a row names it.

    Attributes
    ----------
    caption : str
        What it shows.
    header : list of str
        Headings.
    rows : list of list of str
        Cells.
    """

    caption: str
    header: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot and its figures.

    Attributes
    ----------
    title : str
        What it shows.
    svg : Markup
        The plot.
    table : Table or None
        Its figures, where no other table of the section holds them.
    legend : Sequence of Mapping[str, str]
        Name, colour and mark of what it tells apart, where that is not the systems of the page.
    """

    title: str
    svg: Markup
    table: Table | None = None
    legend: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page.

    Attributes
    ----------
    heading, text : str
        What it is about, and how to read it.
    plots : list of Plot
        Come first.
    tables : list of Table
        Come last.
    """

    heading: str
    text: str
    plots: list[Plot]
    tables: list[Table]


def of(
    trial: Trial, figures: Mapping[str, Any], *, titles: Mapping[str, str], seed: int
) -> list[Section]:
    """Return everything that can be said of a trial.

    Parameters
    ----------
    trial : Trial
        Judged lists.
    figures : Mapping
        What :func:`ranking.evaluation.report.figures` found of them.
    titles : Mapping of str to str
        Names of items by id.
    seed : int
        Start of the draws for the intervals.

    Returns
    -------
    list of Section
        Without a train file there is nothing on activity, age and novelty.
    """
    by_name = {figures["name"]: figures, **figures.get("against", {})}
    found = [_metrics(by_name, trial.k)]
    if figures.get("against"):
        found.append(_differences(figures))
    found.append(_curve(trial, seed))
    if trial.known is not None:
        found += _grouped(trial, trial.known, seed)
        found.append(_novelty(by_name))
    found.append(_shown_most(trial, titles))
    return found


def _metrics(by_name: Mapping[str, Any], k: int) -> Section:
    """Show all systems side by side."""
    rows = [
        [name, *(_mean(one["metrics"][metric]) for metric in _COLUMNS)]
        for name, one in by_name.items()
    ]
    panels = [
        (
            f"{metric}@{k}",
            [
                _one(style, Interval(**one["metrics"][metric]))
                for style, one in enumerate(by_name.values())
            ],
        )
        for metric in _PANELS
    ]
    title = f"{', '.join(_PANELS)} at {k}: mean over users with its 95 % interval."
    svg = Markup(plots.side_by_side(Frame("metrics", title), panels))  # noqa: S704
    return Section(
        "Metrics",
        "Mean over all users of the test file, with its 95 % interval; a user without a list "
        "counts as 0.",
        [Plot(title, svg)],
        [
            Table(f"Metrics at {k} by system", ["system", *_COLUMNS], rows),
            Table(
                "Counts by system",
                ["system", "coverage", "users without a list", "already known"],
                [[name, *_counted(one)] for name, one in by_name.items()],
            ),
        ],
    )


def _counted(one: Mapping[str, Any]) -> list[str]:
    known = one.get("already_known")
    return [
        f"{one['coverage']:.4f}",
        f"{one['users_without_list']:,}",
        "unknown" if known is None else f"{known:,}",
    ]


def _differences(figures: Mapping[str, Any]) -> Section:
    """Show what the first system has more or less than each other one."""
    header = ["metric", "difference (95 % interval)", "p, t-test", "p, exchange", "p, Holm"]
    tables = [
        Table(
            f"{figures['name']} minus {name}",
            header,
            [
                [
                    metric,
                    _mean(test, sign="+"),
                    *(_p(test[key]) for key in ("p_t", "p_permutation", "p_holm")),
                ]
                for metric, test in other["difference"].items()
            ],
        )
        for name, other in figures["against"].items()
    ]
    return Section(
        "Differences",
        "Both systems are compared user by user. An interval that does not hold 0, with a small p, "
        "speaks for a real difference; it does not say that it matters.",
        [],
        tables,
    )


def _curve(trial: Trial, seed: int) -> Section:
    """Show recall for shorter lists."""
    series = []
    for style, system in enumerate(trial.systems):
        shares = _recall_by_place(system)
        found = intervals(shares, rng=np.random.default_rng(seed), n_resamples=200)
        series.append(_series(style, found))
    title = "Recall by the number of places that count; bands are 95 % intervals."
    frame = Frame("recall", title, "places", "recall")
    places = sorted({1, *range(5, trial.k + 1, 5), trial.k})
    table = Table(
        "Recall by places",
        ["places", *(system.name for system in trial.systems)],
        [[f"{p}", *(f"{one.values[p - 1]:.4f}" for one in series)] for p in places],
    )
    svg = Markup(plots.over_places(frame, series))  # noqa: S704
    return Section(
        "Recall by length", "How much a longer list adds.", [Plot(title, svg, table)], []
    )


def _recall_by_place(system: System) -> FloatArray:
    """Return the recall of each list's first 1, 2 ... k places; shape (n_users, k)."""
    n_relevant = np.maximum(system.judged.n_relevant, 1)
    return np.asarray(system.judged.hits.cumsum(axis=1) / n_relevant[:, None])


def _grouped(trial: Trial, known: Known, seed: int) -> list[Section]:
    """Show for whom and with which items the systems are good."""
    users = by_activity(trial, known, seed=seed)
    popularity = by_popularity(trial, known, seed=seed)
    found = [
        Section(
            "By activity of the user",
            "Users by the number of their events in the train file.",
            [
                _groups_plot(trial, users, metric, f"{metric} by activity", "training events")
                for metric in ("ndcg", "recall")
            ],
            [_sizes("Users by activity", "training events", "users", users)],
        ),
        _items(trial, popularity, "popularity", "users in the train file"),
    ]
    if known.has_times:
        ages = by_age(trial, known, seed=seed)
        found.append(_items(trial, ages, "age", "first event in the train file"))
    return found


def _items(trial: Trial, groups: Sequence[Group], what: str, axis: str) -> Section:
    return Section(
        f"By {what} of the item",
        "Recall is the share of the test events with these items that the lists hold; exposure the "
        "share of all places on the lists that these items take.",
        [
            _groups_plot(trial, groups, metric, f"{metric} by {what} of the item", axis)
            for metric in ("recall", "exposure")
        ],
        [_sizes(f"Test events by {what} of the item", axis, "test events", groups)],
    )


def _groups_plot(trial: Trial, groups: Sequence[Group], metric: str, title: str, axis: str) -> Plot:
    series = [
        _series(style, [group.figures[system.name].get(metric) for group in groups])
        for style, system in enumerate(trial.systems)
    ]
    title = f"{title[0].upper()}{title[1:]}, with 95 % intervals"
    frame = Frame(title.split(",")[0].replace(" ", "-").lower(), title, axis, metric)
    svg = plots.by_group(frame, [group.label for group in groups], series)
    rows = [
        [group.label, *(_cell(group.figures[s.name].get(metric)) for s in trial.systems)]
        for group in groups
    ]
    table = Table(title, [axis, *(system.name for system in trial.systems)], rows)
    return Plot(f"{title}.", Markup(svg), table)  # noqa: S704


def _sizes(caption: str, axis: str, what: str, groups: Sequence[Group]) -> Table:
    rows = [[group.label, f"{group.size:,}", f"{group.share:.1%}"] for group in groups]
    return Table(caption, [axis, what, "share"], rows)


def _novelty(by_name: Mapping[str, Any]) -> Section:
    """Show whether systems dig beyond what everybody knows."""
    points = [
        (style, one["coverage"], one["metrics"]["novelty"]["mean"])
        for style, one in enumerate(by_name.values())
    ]
    title = "Coverage and novelty of each system."
    frame = Frame("novelty", title, "coverage: share of items shown to anybody", "novelty, bits")
    rows = [
        [name, f"{one['coverage']:.4f}", _mean(one["metrics"]["novelty"])]
        for name, one in by_name.items()
    ]
    table = Table("Coverage and novelty", ["system", "coverage", "novelty"], rows)
    svg = Markup(plots.scatter(frame, points))  # noqa: S704
    return Section(
        "Coverage and novelty",
        "Up and to the right: rarer items, and more of them. Good only along with good metrics.",
        [Plot(title, svg)],
        [table],
    )


def _shown_most(trial: Trial, titles: Mapping[str, str]) -> Section:
    """Show which items fill the lists."""
    tables = []
    for system in trial.systems:
        counts = np.bincount(system.top[system.top >= 0], minlength=len(trial.item_ids))
        rows = np.argsort(-counts, kind="stable")[:_N_SHOWN_MOST]
        cells = [
            [titles.get(item := trial.item_ids[row], item), f"{counts[row] / trial.n_users:.1%}"]
            for row in rows[counts[rows] > 0].tolist()
        ]
        tables.append(Table(f"Shown most by {system.name}", ["item", "share of lists"], cells))
    text = "A few items on nearly every list are a sign of mere popularity."
    return Section("Items shown most", text, [], tables)


def _one(style: int, interval: Interval) -> Series:
    return _series(style, [interval])


def _series(style: int, found: Sequence[Interval | None]) -> Series:
    """Put intervals side by side; None leaves a gap."""

    def column(part: Callable[[Interval], float]) -> FloatArray:
        return np.array([np.nan if one is None else part(one) for one in found])

    return Series(
        style,
        column(lambda one: one.mean),
        column(lambda one: one.low),
        column(lambda one: one.high),
    )


def _cell(found: Interval | None) -> str:
    return "none" if found is None else f"{found.mean:.4f} ({found.low:.4f} to {found.high:.4f})"


def _mean(figure: Mapping[str, float], *, sign: str = "") -> str:
    mean, low, high = (f"{figure[part]:{sign}.4f}" for part in ("mean", "low", "high"))
    return f"{mean} ({low} to {high})"


def _p(value: float) -> str:
    return "below 0.001" if value < 0.001 else f"{value:.3f}"
