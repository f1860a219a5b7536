"""An explanation as a picture: options of ECharts, from a drawing.

All lines are straight. One that passes a column is led through a label in the place that the
drawing keeps free for it: what two items have in common stands in the same column, whether that is
an entity or the people who like both.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.console.path_words import PathWords
from api.console.tags import block, text
from api.console.texts import Texts
from api.drawing import Drawing, DrawnEdge, DrawnNode
from api.picture_text import lines
from graph.domain import PathEdge

Options = dict[str, Any]

# Colour and shape both tell the kind, for those who see colours differently.
LOOKS: Mapping[str, tuple[str, str, str, int]] = {
    "User": ("#5470c6", "#3a54a4", "circle", 40),
    "Request": ("#9a60b4", "#6f3f88", "triangle", 34),
    "Item": ("#91cc75", "#5c9a3f", "roundRect", 28),
    "Entity": ("#fac858", "#b98a1c", "diamond", 34),
    "Target": ("#ee6666", "#c03d3d", "circle", 46),
}
_LINES = {False: "#858d9b", True: "#8a93a3"}
_TEXTS = {False: "#1a1e26", True: "#e9ecf1"}
_QUIET = {False: "#59616f", True: "#a3abb9"}
_GROUND = {False: "#ffffff", True: "#191d25"}
_RAISED = {False: "#f0f2f6", True: "#222732"}
_GONE = {False: "#b3261e", True: "#ffb4ab"}
_POINTED = {False: "#2f5fd0", True: "#93b4ff"}
_FADED = 0.25
_FONT = 'Roboto, "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'
_ROW_HEIGHT, _LEAST_HEIGHT, _MOST_HEIGHT = 84, 130, 640
_GRID = {"left": 56, "right": 76, "top": 4, "bottom": 16}
_NARROW_GRID = {**_GRID, "left": 34, "right": 44}
_NARROW = 560


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is drawn.

    Attributes
    ----------
    dark : bool
        Whether the page is dark.
    removed : Collection of PathEdge
        Edges that were taken away; they are dashed.
    idle : Collection of PathEdge
        Edges over which no path is left; they are pale.
    is_narrow : bool
        Whether there is room for the names of nodes only.
    """

    dark: bool = False
    removed: Collection[PathEdge] = ()
    idle: Collection[PathEdge] = field(default=())
    is_narrow: bool = False

    def pale(self, edge: PathEdge) -> bool:
        """Return whether nothing runs over an edge that is still there."""
        return edge in self.idle and edge not in self.removed


def height_of(drawing: Drawing) -> int:
    """Return how high a drawing wants to be, in pixels."""
    wanted = _GRID["top"] + _GRID["bottom"] + _ROW_HEIGHT * drawing.rows
    return min(max(wanted, _LEAST_HEIGHT), _MOST_HEIGHT)


def graph_options(
    drawing: Drawing,
    words: PathWords,
    *,
    dark: bool,
    removed: Collection[PathEdge] = (),
    idle: Collection[PathEdge] = (),
) -> Options:
    """Return the options of the picture.

    Parameters
    ----------
    drawing : Drawing
        Places and widths.
    words : PathWords
        What nodes and edges are called.
    dark, removed, idle : bool, Collection of PathEdge
        As in :class:`Look`.

    Returns
    -------
    Options
        For ``ui.echart``; the ``at`` of an edge is its place among ``drawing.edges``. Names are
        drawn on a canvas as they are: no formatter ever sees them.
    """
    wide, narrow = (
        _series(drawing, words, Look(dark, removed, idle, is_narrow)) for is_narrow in (False, True)
    )
    axis = {"show": False, "min": 0, "max": 1, "type": "value"}
    return {
        "baseOption": {
            "textStyle": {"fontFamily": _FONT},
            "animationDuration": 250,
            "animationDurationUpdate": 250,
            "xAxis": axis,
            "yAxis": axis | {"inverse": True},
            "tooltip": _tooltip(dark=dark),
        },
        "media": [
            {
                "query": {"maxWidth": _NARROW},
                "option": {"grid": _NARROW_GRID, "series": [narrow]},
            },
            {"option": {"grid": _GRID, "series": [wide]}},
        ],
    }


def _tooltip(*, dark: bool) -> Options:
    """Return a box that is drawn on the canvas: what it says is never HTML."""
    return {
        "renderMode": "richText",
        "confine": True,
        "backgroundColor": _RAISED[dark],
        "borderColor": _LINES[dark],
        "textStyle": {"color": _TEXTS[dark], "fontSize": 12},
        "formatter": "",
    }


def _series(drawing: Drawing, words: PathWords, look: Look) -> Options:
    ways = {at for at, edge in enumerate(drawing.edges) if _leads_by(edge, drawing)}
    nodes = [_node(node, words, look) for node in drawing.nodes]
    return {
        "type": "graph",
        "coordinateSystem": "cartesian2d",
        "layout": "none",
        "cursor": "pointer",
        "label": {
            "show": True,
            "position": "bottom",
            "distance": 5,
            "color": _TEXTS[look.dark],
            "fontSize": _font_size(look),
            "lineHeight": 15,
            **_halo(look),
        },
        "edgeLabel": {
            "show": not look.is_narrow,
            "color": _QUIET[look.dark],
            "fontSize": 11,
            **_halo(look),
        },
        "emphasis": {"scale": False, "lineStyle": {"color": _POINTED[look.dark]}},
        "data": nodes + [_way(at, drawing, words, look) for at in sorted(ways)],
        "edges": [
            line
            for at, edge in enumerate(drawing.edges)
            for line in _lines(at, edge, words, look, leads_by=at in ways)
        ],
    }


def _halo(look: Look) -> Options:
    """Keep words readable where a line runs under them."""
    return {"textBorderColor": _GROUND[look.dark], "textBorderWidth": 3}


def _node(node: DrawnNode, words: PathWords, look: Look) -> Options:
    colour, rim, symbol, size = LOOKS[node.kind]
    return {
        "id": node.key,
        "name": _in_two(words.name(node.kind, node.name), look, 90 if look.is_narrow else 136),
        "value": [node.x, node.y],
        "symbol": symbol,
        "symbolSize": size,
        "itemStyle": {"color": colour, "borderColor": rim, "borderWidth": 1.5},
        "tooltip": {"show": False},
        "cursor": "default",
    }


def _leads_by(edge: DrawnEdge, drawing: Drawing) -> bool:
    """Tell whether an edge passes a column, or another edge with the same ends."""
    x = {node.key: node.x for node in drawing.nodes}
    step = 1 / max(len(set(x.values())) - 1, 1)
    return bool(edge.bend) or abs(x[edge.target] - x[edge.source]) > 1.5 * step


def _way(at: int, drawing: Drawing, words: PathWords, look: Look) -> Options:
    """Return the label that an edge is led through; it is pressed like the edge."""
    edge = drawing.edges[at]
    name = words.edge_with_people(edge.edge)
    ends = [node for node in drawing.nodes if node.key in {edge.source, edge.target}]
    x, y = (sum(getattr(node, axis) for node in ends) / len(ends) for axis in "xy")
    return {
        "id": _way_id(at),
        "name": _in_two(name, look, 76 if look.is_narrow else 150),
        "value": [x, y + edge.bend],
        "at": at,
        "symbol": "circle",
        "symbolSize": 1,
        "label": {
            "position": "inside",
            "color": _QUIET[look.dark],
            "fontSize": 11,
            "backgroundColor": _RAISED[look.dark],
            "borderColor": _LINES[look.dark],
            "borderWidth": 0.5,
            "borderRadius": 9,
            "padding": [2, 7],
            "textBorderWidth": 0,
            "opacity": _FADED if look.pale(edge.edge) else 1,
        },
        "tooltip": _told(edge, words, look),
    }


def _way_id(at: int) -> str:
    return f"way {at}"


def _lines(
    at: int, edge: DrawnEdge, words: PathWords, look: Look, *, leads_by: bool
) -> Iterator[Options]:
    line: Options = {
        "width": round(1 + 5 * edge.width, 2),
        "color": _LINES[look.dark],
        "opacity": _FADED if look.pale(edge.edge) else 1,
    }
    if edge.edge in look.removed:
        line |= {"width": 2, "color": _GONE[look.dark], "type": "dashed"}
    shared = {
        "at": at,
        "value": edge.value,  # clicks are told only of what has one
        "symbolSize": [0, 7 + line["width"]],
        "lineStyle": line,
        "tooltip": _told(edge, words, look),
    }
    arrow = {"symbol": ["none", "arrow"]}
    if leads_by:
        no_label = {"label": {"show": False}}
        yield {"source": edge.source, "target": _way_id(at), "symbol": "none"} | shared | no_label
        yield {"source": _way_id(at), "target": edge.target} | arrow | shared | no_label
    else:
        label = {"label": {"formatter": _plain(words.edge_with_people(edge.edge))}}
        yield {"source": edge.source, "target": edge.target} | arrow | shared | label


def _told(edge: DrawnEdge, words: PathWords, look: Look) -> Options:
    """Say what an edge adds, and what a click does."""
    if edge.edge in look.removed:
        return {"formatter": words.texts("edge.gone")}
    share = f"{100 * edge.share:.1f}"
    return {"formatter": words.texts("edge.adds", value=f"{edge.value:+.3f}", share=share)}


def _in_two(name: str, look: Look, room: float) -> str:
    """Break a name into two lines at most, with an ellipsis where something is missing."""
    return "\n".join(lines(name, _font_size(look), room, 2))


def _font_size(look: Look) -> float:
    return 11 if look.is_narrow else 12.5


def _plain(words: str) -> str:
    """Return words in which ECharts finds no place to put something else."""
    return words.replace("{", "(").replace("}", ")")


def draw_legend(drawing: Drawing, texts: Texts) -> None:
    """Name the shapes of a picture."""
    used = {node.kind for node in drawing.nodes}
    with block("ul", "legend small quiet", aria_hidden="true"):
        for kind in LOOKS:
            if kind in used:
                with block("li"):
                    block("span", f"shape shape-{kind}")
                    text("span", texts(f"legend.{kind}"))
