"""An explanation as a picture: options of ECharts, from a drawing."""

from collections.abc import Collection, Mapping
from typing import Any

from api.console.path_words import PathWords
from api.console.tags import block, text
from api.console.texts import Texts
from api.drawing import Drawing, DrawnEdge, DrawnNode
from graph.domain import PathEdge

Options = dict[str, Any]

# Colour and shape both tell the kind, for those who see colours differently.
LOOKS: Mapping[str, tuple[str, str, str, int]] = {
    "User": ("#5470c6", "#3a54a4", "circle", 40),
    "Request": ("#9a60b4", "#6f3f88", "triangle", 34),
    "Item": ("#91cc75", "#5c9a3f", "roundRect", 30),
    "Entity": ("#fac858", "#b98a1c", "diamond", 36),
    "Target": ("#ee6666", "#c03d3d", "circle", 46),
}
_LINES = {False: "#6b7280", True: "#9aa3b2"}
_TEXTS = {False: "#1a1e26", True: "#e9ecf1"}
_QUIET = {False: "#59616f", True: "#a3abb9"}
_GROUND = {False: "#ffffff", True: "#191d25"}
_GONE = {False: "#b3261e", True: "#ffb4ab"}
_FONT = 'Roboto, "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'
_ROW_HEIGHT, _LEAST_HEIGHT, _MOST_HEIGHT = 84, 130, 640
_GRID = {"left": 56, "right": 76, "top": 4, "bottom": 16}
_NARROW_GRID = {**_GRID, "left": 34, "right": 44}
_NARROW, _WIDE_PLOT, _NARROW_PLOT = 560, 600, 250


def height_of(drawing: Drawing) -> int:
    """Return how high a drawing wants to be, in pixels."""
    wanted = _GRID["top"] + _GRID["bottom"] + _ROW_HEIGHT * drawing.rows
    return min(max(wanted, _LEAST_HEIGHT), _MOST_HEIGHT)


def graph_options(
    drawing: Drawing, words: PathWords, *, dark: bool, removed: Collection[PathEdge] = ()
) -> Options:
    """Return the options of the picture.

    Parameters
    ----------
    drawing : Drawing
        Places and widths.
    words : PathWords
        What nodes and edges are called.
    dark : bool
        Whether the page is dark.
    removed : Collection of PathEdge
        Edges that were taken away; they are dashed.

    Returns
    -------
    Options
        For ``ui.echart``; the ``at`` of an edge is its place among ``drawing.edges``. Names are
        drawn on a canvas as they are: no formatter ever sees them.
    """
    height = height_of(drawing) - _GRID["top"] - _GRID["bottom"]
    wide = _series(drawing, words, dark=dark, removed=removed, aspect=height / _WIDE_PLOT)
    narrow = _series(drawing, words, dark=dark, removed=removed, aspect=height / _NARROW_PLOT)
    narrow["label"] |= {"width": 82, "fontSize": 11}
    narrow["edgeLabel"] = {"show": False}
    axis = {"show": False, "min": 0, "max": 1, "type": "value"}
    return {
        "baseOption": {
            "textStyle": {"fontFamily": _FONT},
            "animationDuration": 250,
            "animationDurationUpdate": 250,
            "xAxis": axis,
            "yAxis": axis | {"inverse": True},
        },
        "media": [
            {
                "query": {"maxWidth": _NARROW},
                "option": {"grid": _NARROW_GRID, "series": [narrow]},
            },
            {"option": {"grid": _GRID, "series": [wide]}},
        ],
    }


def _series(
    drawing: Drawing,
    words: PathWords,
    *,
    dark: bool,
    removed: Collection[PathEdge],
    aspect: float,
) -> Options:
    return {
        "type": "graph",
        "coordinateSystem": "cartesian2d",
        "layout": "none",
        "edgeSymbol": ["none", "arrow"],
        "label": {
            "show": True,
            "position": "bottom",
            "distance": 6,
            "color": _TEXTS[dark],
            "fontSize": 12.5,
            "width": 150,
            "overflow": "truncate",
        },
        "edgeLabel": {
            "show": True,
            "color": _QUIET[dark],
            "fontSize": 11,
            "textBorderColor": _GROUND[dark],
            "textBorderWidth": 3,
        },
        "emphasis": {"focus": "adjacency", "scale": False},
        "data": [_node(node, words) for node in drawing.nodes],
        "edges": [
            _edge(at, edge, drawing, words, dark=dark, gone=edge.edge in removed, aspect=aspect)
            for at, edge in enumerate(drawing.edges)
        ],
    }


def _node(node: DrawnNode, words: PathWords) -> Options:
    colour, rim, symbol, size = LOOKS[node.kind]
    return {
        "id": node.key,
        "name": words.name(node.kind, node.name),
        "value": [node.x, node.y],
        "symbol": symbol,
        "symbolSize": size,
        "itemStyle": {"color": colour, "borderColor": rim, "borderWidth": 1.5},
    }


def _edge(
    at: int,
    edge: DrawnEdge,
    drawing: Drawing,
    words: PathWords,
    *,
    dark: bool,
    gone: bool,
    aspect: float,
) -> Options:
    line: Options = {
        "width": round(1.5 + 5.5 * edge.width, 2),
        "color": _LINES[dark],
        "opacity": round(0.65 + 0.25 * edge.width, 2),
        "curveness": _curve(edge, drawing, aspect),
    }
    if gone:
        line |= {"width": 2, "color": _GONE[dark], "opacity": 0.9, "type": "dashed"}
    return {
        "source": edge.source,
        "target": edge.target,
        "at": at,
        "value": edge.value,  # clicks are told only of what has one
        "symbolSize": [0, 8 + line["width"]],
        "lineStyle": line,
        "label": {"formatter": words.edge(edge.edge).replace("{", "(").replace("}", ")")},
    }


def _curve(edge: DrawnEdge, drawing: Drawing, aspect: float) -> float:
    """Return the bend of an edge as ECharts measures it: across the line, by its length."""
    x = {node.key: node.x for node in drawing.nodes}
    across = abs(x[edge.target] - x[edge.source]) or 1.0
    return round(-2 * edge.bend * aspect / across, 3)


def draw_legend(drawing: Drawing, texts: Texts) -> None:
    """Name the shapes of a picture."""
    used = {node.kind for node in drawing.nodes}
    with block("ul", "legend small quiet", aria_hidden="true"):
        for kind in LOOKS:
            if kind in used:
                with block("li"):
                    block("span", f"shape shape-{kind}")
                    text("span", texts(f"legend.{kind}"))
