"""All paths of an explanation as JSON, written from the arrays that they are made of.

An explanation may have thousands of paths that hardly anybody reads, yet whoever checks the sum
needs them: about a megabyte, written without a look at any single path.
"""

import re
from collections.abc import Sequence
from typing import Literal

import numpy as np
import orjson
from numpy.typing import NDArray

from api.answers import Json, explanation_json, path_json
from graph.domain import PathNode
from ranking.domain import PATHS, Explanation, ScoredPath
from ranking.explain import Explainer
from ranking.path_list import OtherPaths, PathList
from ranking.summands import KINDS, THROUGH_ITEMS

Listed = Literal["all", "shown"]

# Stand-ins, which nothing in a catalog is called.
_VALUE, _SHARE = "\0value", "\0share"
_SOME_ITEM = PathNode("\0id", "Item", "Item", "\0name")
_GAP = re.compile(rb'"\\u0000(?:value|share|id|name)"')


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
    written = [orjson.dumps(path_json(path, shown=True)) for path in paths.shown]
    if len(paths.others):
        written.append(_others(paths.others))
    return orjson.Fragment(b"[" + b",".join(written) + b"]")


def _others(others: OtherPaths) -> bytes:
    """Write the paths that are not shown."""
    # Two paths of a kind, and through the same entity if any, differ in figures and in the item of
    # the user only. So what they share is written once, with gaps that are filled column by column.
    summands = others.summands
    ids, names = _items(others.explainer, summands.sources)
    columns = (_figures(summands.values), _figures(others.shares), ids, ids, ids, names)
    pieces = np.empty((len(summands), 2 * len(columns) + 2), dtype=object)
    pieces[:, 0] = b","
    pieces[:, 1::2] = _around_gaps(others)
    for number, column in enumerate(columns, start=1):
        pieces[:, 2 * number] = column
    return b"".join(pieces.ravel()[1:].tolist())


def _around_gaps(others: OtherPaths) -> NDArray[np.object_]:
    """Write what stands before, between and behind the six gaps of each path; shape (n, 7)."""
    summands = others.summands
    alike = summands.through * len(KINDS) + summands.kinds
    _, first, which = np.unique(alike, return_index=True, return_inverse=True)
    forms = np.full((len(first), 7), b"", dtype=object)
    for number, place in enumerate(first.tolist()):
        path = _with_gaps(others, int(summands.kinds[place]), int(summands.through[place]))
        texts = _GAP.split(orjson.dumps(path))
        forms[number, : len(texts)] = texts
    return forms[which]


def _with_gaps(others: OtherPaths, kind: int, through: int) -> Json:
    """Describe all paths that differ in figures and in the item of the user only."""
    explainer, row = others.explainer, others.row
    path = (
        explainer.path_from(_SOME_ITEM, kind, through, row)
        if kind in THROUGH_ITEMS
        else explainer.path(kind, -1, through, row)
    )
    told = path_json(ScoredPath(path, KINDS[kind], 0.0, 0.0, ""), shown=False)
    return told | {"value": _VALUE, "share": _SHARE}


def _items(
    explainer: Explainer, sources: NDArray[np.int64]
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Write id and name of the item of the user on each path; nothing where there is none."""
    rows, which = np.unique(sources, return_inverse=True)
    there = rows >= 0
    texts = np.full((2, len(rows)), b"", dtype=object)
    for column, words in zip(texts, explainer.names(rows[there].tolist()), strict=True):
        column[there] = _strings(words)
    ids, names = texts[:, which]
    return ids, names


def _figures(values: NDArray[np.float64]) -> list[bytes]:
    return orjson.dumps(values, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].split(b",")


def _strings(words: list[str]) -> list[bytes]:
    """Write many strings at once: no string of JSON holds the line breaks that stand between."""
    if not words:
        return []
    return orjson.dumps(words, option=orjson.OPT_INDENT_2)[4:-2].split(b",\n  ")
