"""What the shown paths of one list are worth: the measures of :mod:`ranking.evaluation.explaining`.

Peers show one path an item, so LIR, SEP, ETD, LID and SED are measured on the path that is shown
first; the names that end in ``_all`` are the same over all shown paths.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.domain import Path
from ranking.evaluation import explaining
from ranking.evaluation.explained import (
    EdgeKey,
    Entities,
    ExplainedList,
    edges_of,
    entity_of,
    linking_of,
    type_of,
)
from ranking.text_check import flaw

FloatArray = NDArray[np.float64]

ALL = "_all"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the shown paths of one list are worth.

    Attributes
    ----------
    figures : Mapping[str, float]
        One number per measure; NaN where the list has nothing to measure.
    types : Mapping[str, frozenset of str]
        Types of the paths shown first (``"type_diversity"``), of all shown
        (``"type_diversity_all"``), and of all that speak for an item (``"possible"``).
    edges : tuple of EdgeKey
        All edges that are shown, as often as they are.
    additivity : float
        The largest additivity error of the list.
    """

    figures: Mapping[str, float]
    types: Mapping[str, frozenset[str]]
    edges: tuple[EdgeKey, ...]
    additivity: float


def shown_figures(listed: ExplainedList, entities: Entities, n_items: int) -> Shown:
    """Measure what is shown beside a list.

    Parameters
    ----------
    listed : ExplainedList
        The list of one user.
    entities : Entities
        How known entities are.
    n_items : int
        Size of the catalog.

    Returns
    -------
    Shown
        Its measures.
    """
    items = listed.items
    first = [item.shown[0].path for item in items if item.shown]
    every = [path.path for item in items for path in item.shown]
    shares = [explaining.share_carried(i.values, range(len(i.shown))) for i in items]
    told = [*(path for item in items for path in item.shown), *listed.chinese]
    kept = [explaining.value_kept(item.values, 0) for item in items if item.shown]
    figures = {
        "coverage": explaining.coverage([int((item.values > 0).sum()) for item in items]),
        "coverage_entities": _mean([float(item.is_told) for item in items]),
        "coverage_shared": _mean([float(item.is_shared) for item in items]),
        "share_carried": _mean(shares),
        "value_kept": _mean(kept),
        "generic": explaining.generic_share(_degrees(first, entities), n_items),
        "text": _mean([float(not flaw(path.text, [path])) for path in told]),
        "consistent": _mean([float(item.is_same) for item in items]),
        "paths_shown": _mean([float(len(item.shown)) for item in items]),
        **_of(first, listed.times, entities),
        **{f"{name}{ALL}": value for name, value in _of(every, listed.times, entities).items()},
    }
    return Shown(
        figures,
        {
            "type_diversity": frozenset(map(type_of, first)),
            f"type_diversity{ALL}": frozenset(map(type_of, every)),
            "possible": frozenset[str]().union(*(item.types for item in items)),
        },
        tuple(edge for path in every for edge in edges_of(path)),
        max((item.error for item in items), default=float("nan")),
    )


def _of(paths: Sequence[Path], times: Mapping[str, float], entities: Entities) -> dict[str, float]:
    """Measure what peers measure, on some paths of a list."""
    places = {item_id: place for place, item_id in enumerate(times)}
    linking = [item for path in paths if (item := linking_of(path)) is not None]
    through = [entity for path in paths if (entity := entity_of(path)) is not None]
    known = [places[item] for item in linking if item in places]
    return {
        "recency": explaining.recency(np.array(list(times.values())), known),
        "entity_popularity": explaining.entity_popularity([entities.place(e) for e in through]),
        "linking_diversity": explaining.distinct_share(linking),
        "entity_diversity": explaining.distinct_share(through),
    }


def _degrees(paths: Sequence[Path], entities: Entities) -> list[int | None]:
    through = map(entity_of, paths)
    return [None if entity is None else entities.degree(entity) for entity in through]


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")
