"""All paths of an explanation as JSON, written from the arrays that they are made of.

An explanation may have thousands of paths that hardly anybody reads, yet whoever checks the sum
needs them. What they share (the user, the items, the entities) is written once and put together.
"""

from collections.abc import Sequence
from typing import Literal

import orjson

from api.answers import Json, edge_json, explanation_json, node_json, path_json
from graph.domain import PathEdge, PathNode
from ranking.domain import PATHS, Explanation, ScoredPath
from ranking.path_list import OtherPaths, PathList
from ranking.summands import ATTRIBUTE, COLLABORATIVE, KINDS, LEARNED

Listed = Literal["all", "shown"]


def listed_json(explanation: Explanation, listed: Listed, *, stale: bool) -> Json:
    """Describe an explanation with all its paths, or with those only that are shown.

    Parameters
    ----------
    explanation : Explanation
        Why an item has its score.
    listed : Listed
        Which paths are listed; the others are counted and summed up as ``unlisted``.
    stale : bool
        Whether the store holds, or may hold, something newer.

    Returns
    -------
    dict
        As :func:`api.answers.explanation_json`, the paths ready to be put into a document.
    """
    paths, n_shown = explanation.paths, explanation.n_shown
    if listed == "all":
        return explanation_json(explanation, stale=stale, paths=paths_json(paths, n_shown))
    shown = paths[:n_shown]
    value = explanation.parts[PATHS] - sum(path.value for path in shown)
    return explanation_json(
        explanation,
        stale=stale,
        paths=paths_json(shown, n_shown),
        unlisted={"n": len(paths) - n_shown, "value": value},
    )


def paths_json(paths: Sequence[ScoredPath], n_shown: int) -> orjson.Fragment:
    """Write the paths of an explanation.

    Parameters
    ----------
    paths : Sequence of ScoredPath
        All paths, the shown ones first.
    n_shown : int
        How many are shown.

    Returns
    -------
    orjson.Fragment
        A JSON array to be put into a document: what :func:`api.answers.path_json` says of each.
    """
    if not isinstance(paths, PathList):
        told = [path_json(path, shown=at < n_shown) for at, path in enumerate(paths)]
        return orjson.Fragment(orjson.dumps(told))
    shown = [_text(path_json(path, shown=True)) for path in paths.shown]
    return orjson.Fragment(f"[{','.join([*shown, *_others(paths.others)])}]")


def _others(others: OtherPaths) -> list[str]:
    """Write each path that is not shown."""
    return [
        f'{{"value":{value!r},"share":{share!r},"kind":"{KINDS[kind]}","shown":false,'
        f'"text":"","people":null,{way}}}'
        for (kind, _, _, value, share), way in zip(others.lines(), _ways(others), strict=True)
    ]


def _ways(others: OtherPaths) -> list[str]:
    """Write the edges and nodes of each path that is not shown."""
    writer = _Writer(others)
    return [writer.way(kind, source, through) for kind, source, through, _, _ in others.lines()]


class _Writer:
    """Writes paths to one item; what several of them share is written once."""

    def __init__(self, others: OtherPaths) -> None:
        self._explainer, self._row = others.explainer, others.row
        self._target = _node(self._explainer.item(self._row))
        self._user = _node(self._explainer.user)
        self._seeds: dict[int, tuple[str, str, str]] = {}
        self._links: dict[int, tuple[str, str, str]] = {}

    def way(self, kind: int, source: int, through: int) -> str:
        """Write the edges and nodes of a path."""
        if kind == ATTRIBUTE:
            item_id, event, item = self._seed(source)
            link, entity, back = self._link(through)
            edges = f"{event},{link.replace(_ITEM, item_id)},{back}"
            return f'"edges":[{edges}],"nodes":[{self._user},{item},{entity},{self._target}]'
        if kind in {COLLABORATIVE, LEARNED}:
            _, event, item = self._seed(source)
            edge = _edge(self._explainer.learned_edge(kind, source, self._row))
            return f'"edges":[{event},{edge}],"nodes":[{self._user},{item},{self._target}]'
        path = self._explainer.path(kind, source, through, self._row)
        edges, nodes = ",".join(map(_edge, path.edges)), ",".join(map(_node, path.nodes))
        return f'"edges":[{edges}],"nodes":[{nodes}]'

    def _seed(self, source: int) -> tuple[str, str, str]:
        """Write the id of an item of the user, the event, and the item."""
        if source not in self._seeds:
            item = self._explainer.item(source)
            event = _edge(self._explainer.event(source))
            self._seeds[source] = _text(item.id), event, _node(item)
        return self._seeds[source]

    def _link(self, through: int) -> tuple[str, str, str]:
        """Write a feature: the edge to it with a gap for the item, it, and the edge from it."""
        if through not in self._links:
            first, entity, back = self._explainer.linked(through, _GAP, self._row)
            self._links[through] = _edge(first), _node(entity), _edge(back)
        return self._links[through]


_GAP = "\x00item\x00"


def _text(value: object) -> str:
    return orjson.dumps(value).decode()


def _node(node: PathNode) -> str:
    return _text(node_json(node))


def _edge(edge: PathEdge) -> str:
    return _text(edge_json(edge))


_ITEM = _text(_GAP)
