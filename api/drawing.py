"""The shown paths of an explanation as a drawing from left to right.

Who asks stands left, then the items that the user chose, then what items have in common, and the
explained item last. Places and widths are numbers between 0 and 1, so that SVG, PNG and the console
draw the same picture; the same explanation always gives the same one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from api.layers import heights, ordered
from graph.domain import Path, PathEdge, PathNode
from ranking.domain import Explanation, ScoredPath
from ranking.phrasing import plain

NodeKind = Literal["User", "Request", "Item", "Entity", "Target"]

_COLUMNS: Mapping[NodeKind, int] = {"User": 0, "Request": 0, "Item": 1, "Entity": 2, "Target": 3}
_APART = 0.3


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """A node with its place.

    Attributes
    ----------
    key : str
        Unique in the drawing: the kind and the id.
    kind : NodeKind
        ``"Item"`` for what the user chose, ``"Target"`` for the explained item.
    label : str
        What it is (``"Person"``).
    name : str
        One line without control characters, at most 80 characters.
    x, y : float
        Middle of the node in [0, 1], from left to right and from top to bottom.
    """

    key: str
    kind: NodeKind
    label: str
    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """An edge, drawn once however many paths run over it.

    Attributes
    ----------
    source, target : str
        Keys of its nodes, the left one first.
    type : str
        Relation type.
    value : float
        What the drawn paths over it add to the score.
    width : float
        ``value`` relative to the largest one of the drawing, in (0, 1].
    edge : PathEdge
        The edge as it is stored.
    bend : float
        How far its middle lies below the straight line, in units of ``y``, so that it passes
        between nodes and beside other edges; 0 for a straight one.
    share : float
        Part of all positive summands of the score that runs over it, in [0, 1].
    """

    source: str
    target: str
    type: str
    value: float
    width: float
    edge: PathEdge
    bend: float = 0.0
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn of an explanation.

    Attributes
    ----------
    nodes : tuple of DrawnNode
        Column by column, each from top to bottom; the explained item is the last one.
    edges : tuple of DrawnEdge
        In the order of the paths.
    rows : int
        How many nodes and passing edges stand below each other in the fullest column: tells how
        high the picture has to be.
    """

    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]
    rows: int = 1


def draw(explanation: Explanation, *, max_nodes: int = 12) -> Drawing:
    """Lay out the shown paths of an explanation.

    Parameters
    ----------
    explanation : Explanation
        Why an item has its score.
    max_nodes : int
        How many nodes at most, the item included; the weakest paths are left out as a whole until
        the others fit.

    Returns
    -------
    Drawing
        Only the item where no path is shown.
    """
    paths = fitting(explanation, max_nodes)
    named = {_target(explanation): PathNode(explanation.item_id, "Item", "Item", explanation.title)}
    carried: dict[tuple[str, str, PathEdge], list[ScoredPath]] = {}
    for scored in paths:
        keys = _keys(scored.path)
        named |= dict(zip(keys, scored.path.nodes, strict=True))
        for edge, (left, right) in zip(scored.path.edges, pairwise(keys), strict=True):
            carried.setdefault((left, right, edge), []).append(scored)
    lines = list(dict.fromkeys((left, right) for left, right, _ in carried))
    columns = _columns(named)
    ways = {line: list(_way(line, columns)) for line in lines}
    levels = ordered(
        _with_passing(columns, ways), [step for way in ways.values() for step in pairwise(way)]
    )
    height = heights(levels)
    bends = _bends(list(carried), ways, height, n_rows := max(map(len, levels)))
    return Drawing(
        tuple(
            _node(key, named[key], _across(at, len(levels)), height[key])
            for at, level in enumerate(levels)
            for key in level
            if key in named
        ),
        tuple(_edges(carried, bends)),
        n_rows,
    )


def fitting(explanation: Explanation, max_nodes: int) -> list[ScoredPath]:
    """Return the shown paths that fit into a drawing.

    Parameters
    ----------
    explanation : Explanation
        Why an item has its score.
    max_nodes : int
        As in :func:`draw`.

    Returns
    -------
    list of ScoredPath
        In the order in which they are shown; the weakest are missing first.
    """
    shown = explanation.paths[: explanation.n_shown]
    nodes, fit = {_target(explanation)}, set[int]()
    for place in sorted(range(len(shown)), key=lambda place: -shown[place].value):
        nodes |= set(_keys(shown[place].path))
        if len(nodes) > max_nodes:
            break
        fit.add(place)
    return [path for place, path in enumerate(shown) if place in fit]


def _keys(path: Path) -> list[str]:
    """Name the nodes of a path; where it ends is the explained item, even if the user has it."""
    before, last = path.nodes[:-1], path.nodes[-1]
    return [*(f"{node.kind}:{node.id}" for node in before), f"Target:{last.id}"]


def _target(explanation: Explanation) -> str:
    return f"Target:{explanation.item_id}"


def _kind(key: str) -> NodeKind:
    return next(kind for kind in _COLUMNS if key.startswith(f"{kind}:"))


def _columns(keys: Mapping[str, PathNode]) -> list[list[str]]:
    """Sort nodes into columns; one that stays empty is left out."""
    columns: list[list[str]] = [[], [], [], []]
    for key in keys:
        columns[_COLUMNS[_kind(key)]].append(key)
    return [column for column in columns if column]


def _way(line: tuple[str, str], columns: Sequence[Sequence[str]]) -> Iterator[str]:
    """Name what an edge touches in each column: its ends, and in between a place to pass."""
    at = {key: number for number, column in enumerate(columns) for key in column}
    left, right = line
    yield left
    for number in range(at[left] + 1, at[right]):
        yield f"{left} passes {number} to {right}"
    yield right


def _with_passing(
    columns: Sequence[Sequence[str]], ways: Mapping[tuple[str, str], Sequence[str]]
) -> list[list[str]]:
    """Keep places free in the columns that edges pass."""
    at = {key: number for number, column in enumerate(columns) for key in column}
    result = [list(column) for column in columns]
    for (left, _), way in ways.items():
        for number, passing in enumerate(way[1:-1], at[left] + 1):
            result[number].append(passing)
    return result


def _bends(
    edges: Sequence[tuple[str, str, PathEdge]],
    ways: Mapping[tuple[str, str], Sequence[str]],
    height: Mapping[str, float],
    n_rows: int,
) -> list[float]:
    """Lead edges through the places kept free for them, and those with the same ends apart."""
    bends = []
    for number, (left, right, _) in enumerate(edges):
        passed = ways[left, right][1:-1]
        middle = (height[left] + height[right]) / 2
        through = sum(height[place] for place in passed) / len(passed) if passed else middle
        beside = [at for at, edge in enumerate(edges) if edge[:2] == (left, right)]
        offset = beside.index(number) - (len(beside) - 1) / 2
        bends.append(through - middle + offset * _APART / n_rows)
    return bends


def _edges(
    carried: Mapping[tuple[str, str, PathEdge], Sequence[ScoredPath]], bends: Sequence[float]
) -> Iterator[DrawnEdge]:
    """Give every edge the width of what runs over it."""
    values = [sum(scored.value for scored in paths) for paths in carried.values()]
    largest = max(map(abs, values), default=1.0)
    for ((left, right, edge), paths), value, bend in zip(
        carried.items(), values, bends, strict=True
    ):
        share = sum(scored.share for scored in paths)
        yield DrawnEdge(left, right, edge.type, value, abs(value) / largest, edge, bend, share)


def _node(key: str, node: PathNode, x: float, y: float) -> DrawnNode:
    return DrawnNode(key, _kind(key), node.label, plain(node.name), x, y)


def _across(column: int, n_columns: int) -> float:
    """Return how far right a column stands; a single one stands in the middle."""
    return column / (n_columns - 1) if n_columns > 1 else 0.5
