"""An explanation as a picture, SVG: the drawn paths, what they add, and what the score is made of.

The picture stands on its own: it loads nothing, runs nothing, names no font that has to be there,
and has a ground of its own, so that it reads the same in a light and in a dark page. Screen readers
find the question as its title and the paragraph as its description; every node and edge says in a
tooltip what it is in full.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.drawing import Drawing, DrawnEdge, DrawnNode, NodeKind, draw
from api.picture_score import score_svg, summands
from api.picture_text import FONTS, GROUND, RIM, SOFT, lines, text_svg, width, xml
from graph.presets import Preset
from ranking.captions import edge_caption
from ranking.chinese import quoted
from ranking.domain import Explanation, Language
from ranking.phrasing import plain

WIDTH = 960.0

_MARGIN, _LEFT, _RIGHT = 32.0, 90.0, 130.0
_ROW, _DENSE_ROW, _DENSE = 104.0, 84.0, 6
_FLOW = "#9aa5b8"
_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Look:
    """How nodes of a kind look: colour, radius, room for the name, and what the legend says."""

    fill: str
    radius: float
    room: float
    words: tuple[str, str]


_LOOKS: Mapping[NodeKind, _Look] = {
    "User": _Look("#4f6bd0", 22, 130, ("you", "你")),
    "Request": _Look("#8b5fbf", 22, 130, ("your request", "你的要求")),
    "Item": _Look("#6fb356", 17, 180, ("items you chose", "你选过的")),
    "Entity": _Look("#f2b63c", 15, 170, ("what they have in common", "共同点")),
    "Target": _Look("#e4595f", 26, 190, ("this item", "推荐的")),
}


@dataclass(frozen=True, slots=True)
class _Page:
    """A picture in the making: what is drawn, in which words, and the lines below the title."""

    explanation: Explanation
    drawing: Drawing
    preset: Preset
    language: Language
    paragraph: Sequence[str]

    def say(self, words: tuple[str, str]) -> str:
        """Choose the words of the language."""
        return words[1] if self.language == "zh" else words[0]

    @property
    def title(self) -> str:
        """The question that the picture answers."""
        name = plain(self.explanation.title)
        return self.say((f"Why {name}?", f"为什么是{quoted(name)}？"))

    @property
    def top(self) -> float:
        """Where the graph begins."""
        return 64 + 21.0 * len(self.paragraph)

    @property
    def graph_height(self) -> float:
        """Height of the graph."""
        row = _DENSE_ROW if self.drawing.rows >= _DENSE else _ROW
        return row * max(self.drawing.rows, 2 if self.drawing.edges else 1)

    def place(self, node: DrawnNode) -> _Point:
        """Return the middle of a node in pixels; its name stands below it."""
        across = _LEFT + node.x * (WIDTH - _LEFT - _RIGHT)
        return across, self.top + node.y * self.graph_height - 10


def as_svg(
    explanation: Explanation, *, preset: Preset, language: Language = "en", max_nodes: int = 12
) -> str:
    """Draw an explanation.

    Parameters
    ----------
    explanation : Explanation
        Why an item has its score.
    preset : Preset
        Phrases of the domain.
    language : Language
        Language of the words in the picture.
    max_nodes : int
        As in :func:`api.drawing.draw`.

    Returns
    -------
    str
        An SVG document, 960 pixels wide.
    """
    room = WIDTH - 2 * _MARGIN
    paragraph = lines(" ".join(explanation.text.split()), 14, room, 3)
    drawing = draw(explanation, max_nodes=max_nodes)
    page = _Page(explanation, drawing, preset, language, paragraph)
    below = page.top + page.graph_height + 12
    height = below + 112
    return "\n".join([
        *_head(page, height),
        text_svg(_MARGIN, 44, lines(page.title, 22, room, 1)[0], 22, weight=600),
        *(
            text_svg(_MARGIN, 72 + 21 * at, line, 14, colour=SOFT)
            for at, line in enumerate(paragraph)
        ),
        *_edges(page),
        *_nodes(page),
        *_legend(page, below + 14),
        *score_svg(
            explanation.score, summands(explanation, language), language, _MARGIN, below + 42, room
        ),
        "</svg>\n",
    ])


def _head(page: _Page, height: float) -> Iterator[str]:
    yield (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH:.0f}' height='{height:.0f}' "
        f"viewBox='0 0 {WIDTH:.0f} {height:.0f}' role='img' lang='{page.say(('en', 'zh-Hans'))}' "
        f"aria-label='{xml(page.title)}' font-family=\"{FONTS}\">"
    )
    yield f"<title>{xml(page.title)}</title><desc>{xml(page.explanation.text)}</desc>"
    yield (
        f"<rect x='.5' y='.5' width='{WIDTH - 1:.0f}' height='{height - 1:.0f}' rx='14' "
        f"fill='{GROUND}' stroke='{RIM}'/>"
    )


def _nodes(page: _Page) -> Iterator[str]:
    for node in page.drawing.nodes:
        (x, y), look, is_target = page.place(node), _LOOKS[node.kind], node.kind == "Target"
        asks = node.kind in {"User", "Request"}
        name, size = page.say(look.words) if asks else node.name, 14.0 if is_target else 13.0
        label = [
            text_svg(x, y + look.radius + 19 + 16 * at, line, size, anchor="middle",
                     weight=600 if is_target else 400)
            for at, line in enumerate(lines(name, size, look.room, 2))
        ]  # fmt: skip
        yield (
            f"<g><title>{xml(name)}</title><circle cx='{x:.1f}' cy='{y:.1f}' r='{look.radius}' "
            f"fill='{look.fill}' stroke='{GROUND}' stroke-width='3'/>{''.join(label)}</g>"
        )


def _edges(page: _Page) -> Iterator[str]:
    """Draw the weak edges first, so that the strong ones lie on top, and the captions last."""
    nodes = {node.key: node for node in page.drawing.nodes}
    beside: dict[tuple[str, str], list[DrawnEdge]] = {}
    for edge in sorted(page.drawing.edges, key=lambda edge: edge.width):
        yield _line(page, edge, nodes)
        beside.setdefault((edge.source, edge.target), []).insert(0, edge)
    said = set[tuple[str, str]]()
    for (_, target), edges in reversed(beside.items()):
        words = page.say((", ", "、")).join(dict.fromkeys(_words(page, edge) for edge in edges))
        if (target, words) not in said or nodes[target].kind == "Target":
            said.add((target, words))
            yield _caption(page, edges, words, nodes)


def _line(page: _Page, edge: DrawnEdge, nodes: Mapping[str, DrawnNode]) -> str:
    source = nodes[edge.source]
    start, end = page.place(source), page.place(nodes[edge.target])
    bend = edge.bend * page.graph_height
    if _passes(page, edge, nodes):
        middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + bend
        way = f"{_curve(start, middle, 0)} {_curve(middle, end, 0)}"
    else:
        way = _curve(start, end, bend)
    colour = _FLOW if source.kind in {"User", "Request"} else _LOOKS[source.kind].fill
    return (
        f"<path d='M{start[0]:.1f},{start[1]:.1f} {way}' fill='none' stroke='{colour}' "
        f"stroke-width='{_thickness(edge):.1f}' stroke-opacity='.55'>"
        f"<title>{xml(_words(page, edge))} {edge.value:+.4f}</title></path>"
    )


def _curve(start: _Point, end: _Point, bend: float) -> str:
    """Lead from a point to another, level at both; its middle lies lower by the bend."""
    reach, lower = (end[0] - start[0]) * 0.45, bend * 4 / 3
    return (
        f"C{start[0] + reach:.1f},{start[1] + lower:.1f} {end[0] - reach:.1f},{end[1] + lower:.1f} "
        f"{end[0]:.1f},{end[1]:.1f}"
    )


def _passes(page: _Page, edge: DrawnEdge, nodes: Mapping[str, DrawnNode]) -> bool:
    """Tell whether an edge passes a column on its way."""
    left, right = nodes[edge.source].x, nodes[edge.target].x
    return any(left < node.x < right for node in page.drawing.nodes)


def _thickness(edge: DrawnEdge) -> float:
    return 1.5 + 7.5 * edge.width


def _caption(
    page: _Page, edges: Sequence[DrawnEdge], words: str, nodes: Mapping[str, DrawnNode]
) -> str:
    """Name the edges between two nodes where they run level, on the side that they turn from."""
    source, target = nodes[edges[0].source], nodes[edges[0].target]
    (x1, y1), (x2, y2) = page.place(source), page.place(target)
    aside = max(abs(edge.bend) for edge in edges) * page.graph_height
    share = _percent(sum(edge.share for edge in edges)) if target.kind == "Target" else ""
    if _passes(page, edges[0], nodes):
        x, anchor, turns = (x1 + x2) / 2, "middle", y2
        y = (y1 + y2) / 2 + edges[0].bend * page.graph_height
        aside = max(abs(edge.bend - edges[0].bend) for edge in edges) * page.graph_height
    elif target.kind == "Target":
        x, y, anchor, turns = x1 + _LOOKS[source.kind].radius + 12, y1, "start", y2
    else:
        x, y, anchor, turns = x2 - _LOOKS[target.kind].radius - 12, y2, "end", y1
    clear = aside + max(map(_thickness, edges)) / 2
    y += clear + 14 if turns < y - 1 else -clear - 6
    return text_svg(x, y, words, 12, bold=share, colour=SOFT, anchor=anchor)


def _words(page: _Page, edge: DrawnEdge) -> str:
    types = page.explanation.event_types
    return edge_caption(
        edge.edge,
        preset=page.preset,
        language=page.language,
        event_type=types.get(edge.edge.target, ""),
    )


def _legend(page: _Page, y: float) -> Iterator[str]:
    """Name the colours of the nodes that are there, centred."""
    there = {node.kind for node in page.drawing.nodes}
    looks = [look for kind, look in _LOOKS.items() if kind in there]
    x = (WIDTH - sum(width(page.say(look.words), 12) + 42 for look in looks) + 24) / 2
    for look in looks:
        words = page.say(look.words)
        yield f"<circle cx='{x + 6:.1f}' cy='{y - 4:.1f}' r='6' fill='{look.fill}'/>"
        yield text_svg(x + 18, y, words, 12, colour=SOFT)
        x += width(words, 12) + 42


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.095 else f"{share:.1%}"
