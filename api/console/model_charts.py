"""Pictures of a model, as options for ECharts: how it learned, what counts when, how good it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.console.texts import Texts

Card = Mapping[str, Any]
Options = dict[str, Any]

_FONT = 'Roboto, "Noto Sans SC", "Noto Sans CJK SC", system-ui, sans-serif'

# Four long names take two rows in half a page, and three on a phone.
_ROOM_FOR_NAMES: tuple[Options, ...] = (
    {"query": {"maxWidth": 640}, "option": {"grid": {"top": 76}}},
    {"query": {"maxWidth": 420}, "option": {"grid": {"top": 104}}},
)


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours of a chart.

    Attributes
    ----------
    text, line : str
        Of words, and of axes.
    series : tuple of str
        Of what is drawn, in turn; they differ in lightness too.
    """

    text: str
    line: str
    series: tuple[str, ...]

    @classmethod
    def of(cls, *, dark: bool) -> "Ink":
        """Return the colours that can be read on a dark or a light page."""
        if dark:
            return cls("#a3abb9", "#2d333f", ("#93b4ff", "#f2b45c", "#7fd69b", "#e58fb1"))
        return cls("#59616f", "#e1e4ea", ("#2f5fd0", "#b06a00", "#1b7a3d", "#a83268"))


def curve(card: Card, texts: Texts, ink: Ink) -> Options | None:
    """Draw what each epoch of the graph network reached on validation, and its loss.

    Parameters
    ----------
    card : Mapping[str, Any]
        Card of a model.
    texts : Texts
        Names of the axes.
    ink : Ink
        Colours.

    Returns
    -------
    dict or None
        Options for ECharts; None for a model without a graph network.
    """
    points = card.get("graph_network", {}).get("curve") or []
    if not points:
        return None
    names = {key: texts(f"model.curve.{key}") for key in ("recall", "ndcg", "loss")}
    lines = [
        _line(names[key], [[p["epoch"], p.get(key)] for p in points], axis=int(key == "loss"))
        for key in names
    ]
    best = card["graph_network"].get("best_epoch")
    if best is not None:
        lines[0]["markLine"] = {
            "symbol": "none",
            "silent": True,
            "lineStyle": {"color": ink.text, "type": "dashed"},
            "label": {"formatter": texts("model.curve.best", epoch=best), "color": ink.text},
            "data": [{"xAxis": best}],
        }
    return _chart(
        ink,
        xAxis=_below(ink, texts("model.curve.epoch"), type="value", minInterval=1, max="dataMax"),
        yAxis=[
            _axis(ink, type="value", name=texts("model.curve.quality"), scale=True),
            _axis(ink, type="value", name=names["loss"], scale=True, splitLine={"show": False}),
        ],
        series=lines,
    )


def gate(card: Card, texts: Texts, ink: Ink, *, new: bool = False) -> Options:
    """Draw how much each component counts by the number of events of the user.

    Parameters
    ----------
    card : Mapping[str, Any]
        Card of a model.
    texts : Texts
        Names of axes and components.
    ink : Ink
        Colours.
    new : bool
        For items without events.

    Returns
    -------
    dict
        Options for ECharts.
    """
    knots, weights = gate_weights(card, new=new)
    names = [texts(f"component.{name}") for name in card["gate"]["components"]]
    lines = [
        _line(name, list(column), symbol="circle")
        for name, column in zip(names, zip(*weights, strict=True), strict=True)
    ]
    return _chart(
        ink,
        xAxis=_below(
            ink,
            texts("model.gate.events"),
            type="category",
            data=[f"{knot:g}" for knot in knots],
            boundaryGap=False,
        ),
        yAxis=_axis(ink, type="value"),
        series=lines,
        media=list(_ROOM_FOR_NAMES),
    )


def gate_weights(card: Card, *, new: bool = False) -> tuple[list[float], list[list[float]]]:
    """Return numbers of events, and the weight of each component at each of them.

    Parameters
    ----------
    card : Mapping[str, Any]
        Card of a model.
    new : bool
        For items without events; the same as for others where a model makes no difference.

    Returns
    -------
    knots : list of float
        Numbers of events, ascending.
    weights : list of list of float
        One list for each knot, in the order of the card's components.
    """
    fields = card["gate"]
    weights = fields["new_weights"] if new and fields["new_weights"] else fields["weights"]
    return list(fields["knots"]), [list(row) for row in weights]


def quality(card: Card, texts: Texts, ink: Ink) -> Options | None:
    """Draw how good each component is alone, and all together, on validation.

    Parameters
    ----------
    card : Mapping[str, Any]
        Card of a model.
    texts : Texts
        Names of components and measures.
    ink : Ink
        Colours.

    Returns
    -------
    dict or None
        Options for ECharts; None for a model that was not measured.
    """
    rows = quality_rows(card)
    if not rows:
        return None
    bars = [
        {
            "type": "bar",
            "name": measure,
            "data": figures,
            "label": {"show": True, "position": "right", "color": ink.text, "formatter": "{c}"},
            "barMaxWidth": 14,
        }
        for measure, figures in (
            ("Recall@20", [round(recall, 4) for _, recall, _ in rows]),
            ("NDCG@20", [round(ndcg, 4) for _, _, ndcg in rows]),
        )
    ]
    names = [texts(f"component.{name}") for name, *_ in rows]
    options = _chart(
        ink,
        xAxis=_axis(ink, type="value", splitNumber=4),
        yAxis=_axis(
            ink,
            type="category",
            data=names,
            inverse=True,
            axisLabel={"color": ink.text, "width": 104, "overflow": "break"},
        ),
        series=bars,
    )
    options["grid"] |= {"right": 56, "top": 36, "bottom": 8}
    return options


def quality_rows(card: Card) -> list[tuple[str, float, float]]:
    """Return component, Recall@20 and NDCG@20 on validation; the sum of all comes last."""
    return [
        (name, float(recall), float(ndcg))
        for name, (recall, ndcg) in (card.get("validation") or {}).items()
    ]


def _line(name: str, data: Sequence[Any], *, axis: int = 0, symbol: str = "none") -> Options:
    return {
        "type": "line",
        "name": name,
        "data": data,
        "yAxisIndex": axis,
        "symbol": symbol,
        "symbolSize": 7,
        "lineStyle": {"width": 2.5, "type": "dotted" if axis else "solid"},
    }


def _axis(ink: Ink, **options: Any) -> Options:
    return {
        "nameTextStyle": {"color": ink.text},
        "axisLabel": {"color": ink.text},
        "axisLine": {"lineStyle": {"color": ink.line}},
        "splitLine": {"lineStyle": {"color": ink.line}},
        **options,
    }


def _below(ink: Ink, name: str, **options: Any) -> Options:
    return _axis(ink, name=name, nameLocation="middle", nameGap=28, **options)


def _chart(ink: Ink, **options: Any) -> Options:
    return {
        "animation": False,
        "color": list(ink.series),
        "textStyle": {"fontFamily": _FONT, "color": ink.text},
        "grid": {"left": 8, "right": 16, "top": 56, "bottom": 28, "containLabel": True},
        "legend": {
            "top": 0,
            "left": 0,
            "icon": "roundRect",
            "textStyle": {"color": ink.text},
        },
        "tooltip": {"trigger": "axis", "confine": True},
        **options,
    }
