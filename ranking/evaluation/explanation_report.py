"""The quality report of explanations: every measure over the lists of some users.

Where a measure is a mean, its interval comes from drawing users again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ranking.evaluation import causing
from ranking.evaluation.explained import EdgeKey
from ranking.evaluation.explaining import type_diversity
from ranking.evaluation.explanation_collecting import Collected, Scope, UserFigures
from ranking.evaluation.explanation_goals import MEASURES, Measure
from ranking.evaluation.metrics import Interval, ratio_intervals
from ranking.evaluation.showing import ALL

FloatArray = NDArray[np.float64]

VALIDITY = "validity"
_N_EXAMPLES = 20
_NOTHING = Interval(float("nan"), float("nan"), float("nan"))


def report(
    collected: Collected, scope: Scope, stored: Mapping[EdgeKey, bool] | None = None
) -> dict[str, Any]:
    """Bring the figures of all users together.

    Parameters
    ----------
    collected : Collected
        Figures by user; of at least one.
    scope : Scope
        What was measured.
    stored : Mapping of EdgeKey to bool or None
        Whether the store has each shown edge; None where it was not asked.

    Returns
    -------
    dict
        ``measures``: value, interval, goal and verdict by name; ``curves``: drops by number of
        paths; ``types_shown``: share of users who see each type; ``missing_edges``: examples;
        counts. JSON-able.
    """
    n_types = len(frozenset[str]().union(*(u.shown.types["possible"] for u in collected.users)))
    found = _means(collected.users, scope, n_types, stored)
    found |= _single(collected)
    told = [one for one in MEASURES if stored is not None or one.name != VALIDITY]
    missing = [edge for edge, there in (stored or {}).items() if not there]
    return {
        "users": len(collected.users),
        "users_without_list": list(collected.without_list),
        "explanations": sum(len(user.seconds) for user in collected.users),
        "scope": asdict(scope),
        "path_types": n_types,
        "unrelated_writes": collected.n_writes,
        "asked_again": collected.n_repeated,
        "measures": {one.name: _figure(one, found.get(one.name, _NOTHING)) for one in told},
        "bins": list(causing.BINS),
        "curves": _curves(collected.users, scope.seed),
        "types_shown": _types(collected.users),
        "missing_edges": [list(edge) for edge in missing[:_N_EXAMPLES]],
    }


def _figure(measure: Measure, found: Interval) -> dict[str, Any]:
    """Put a value beside its goal; NaN where there was nothing to measure."""
    return {
        "title": measure.title,
        **asdict(found),
        "goal": measure.goal,
        "side": measure.side,
        "met": measure.is_met(found.mean),
        "elsewhere": measure.elsewhere,
    }


def _means(
    users: Sequence[UserFigures],
    scope: Scope,
    n_types: int,
    stored: Mapping[EdgeKey, bool] | None,
) -> dict[str, Interval]:
    """Return the means over users with intervals."""
    columns = {
        name: np.array([user.shown.figures[name] for user in users])
        for name in users[0].shown.figures
    }
    for name in ("type_diversity", f"type_diversity{ALL}"):
        columns[name] = np.array([
            type_diversity(list(u.shown.types[name]), n_types) for u in users
        ])
    columns |= _loss_columns(users)
    for name, part in (
        ("agreement", "own"),
        ("agreement_event", "event"),
        ("agreement_whole", "whole"),
    ):
        columns[name] = np.array([
            _nanmean([getattr(a, part) for a in u.agreements]) for u in users
        ])
    above, below = _totals(columns)
    both = ~np.isnan(columns["comprehensiveness_random"])
    above["ratio"] = np.where(both, above["comprehensiveness"], 0.0)
    below["ratio"] = above["comprehensiveness_random"]
    if stored is not None:
        above[VALIDITY] = np.array([sum(stored[e] for e in u.shown.edges) for u in users], float)
        below[VALIDITY] = np.array([len(u.shown.edges) for u in users], float)
    return _intervals(above, below, np.random.default_rng(scope.seed))


def _loss_columns(users: Sequence[UserFigures]) -> dict[str, FloatArray]:
    """Return what leaving events out does, by user."""
    at = causing.BINS.index(causing.SHOWN_BIN)
    losses = [user.losses for user in users]
    return {
        "comprehensiveness": _by_user([one.shown[at] for one in losses]),
        "comprehensiveness_random": _by_user([one.random[at] for one in losses]),
        "win_rate": np.array([causing.win_rate(one.shown[at], one.random[at]) for one in losses]),
        "flips": np.array([causing.flip_rate(one.left_shown) for one in losses]),
        "flips_random": np.array([causing.flip_rate(one.left_random) for one in losses]),
        "sufficiency": _by_user([one.alone[at] for one in losses]),
        "aopc_comprehensiveness": _by_user([one.shown for one in losses]),
        "aopc_random": _by_user([one.random for one in losses]),
        "aopc_sufficiency": _by_user([one.alone for one in losses]),
    }


def _intervals(
    above: Mapping[str, FloatArray], below: Mapping[str, FloatArray], rng: np.random.Generator
) -> dict[str, Interval]:
    """Return ratios of totals with intervals; those without a denominator are left out."""
    names = [name for name in above if below[name].sum() > 0]
    if not names:
        return {}
    found = ratio_intervals(
        np.stack([above[name] for name in names], axis=1),
        np.stack([below[name] for name in names], axis=1),
        rng=rng,
    )
    return dict(zip(names, found, strict=True))


def _single(collected: Collected) -> dict[str, Interval]:
    """Return what is no mean over users."""
    times = 1000.0 * np.array([second for user in collected.users for second in user.seconds])
    values = {
        "additivity": max(user.shown.additivity for user in collected.users),
        "stable": collected.stable,
        "latency_p50_ms": float(np.quantile(times, 0.5)),
        "latency_p99_ms": float(np.quantile(times, 0.99)),
    }
    return {name: Interval(value, value, value) for name, value in values.items()}


def _curves(users: Sequence[UserFigures], seed: int) -> dict[str, list[dict[str, float]]]:
    """Return what is lost and kept by the number of paths, for each k of the bins."""
    found = {}
    for name in ("shown", "random", "alone"):
        columns = {
            str(k): _by_user([getattr(user.losses, name)[place] for user in users])
            for place, k in enumerate(causing.BINS)
        }
        above, below = _totals(columns)
        intervals = _intervals(above, below, np.random.default_rng(seed))
        found[name] = [asdict(intervals.get(str(k), _NOTHING)) for k in causing.BINS]
    return found


def _totals(
    columns: Mapping[str, FloatArray],
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Return what each user adds to the sum of a measure, and to its count."""
    below = {name: (~np.isnan(column)).astype(np.float64) for name, column in columns.items()}
    return {name: np.nan_to_num(column) for name, column in columns.items()}, below


def _types(users: Sequence[UserFigures]) -> dict[str, dict[str, float]]:
    """Return the share of users to whom each type of path is shown: first, and at all."""
    found = {}
    for name, part in (("first", "type_diversity"), ("shown", f"type_diversity{ALL}")):
        counts = Counter(kind for user in users for kind in user.shown.types[part])
        found[name] = {kind: n / len(users) for kind, n in counts.most_common()}
    return found


def _by_user(values: Sequence[FloatArray]) -> FloatArray:
    return np.array([_nanmean(value) for value in values])


def _nanmean(values: Any) -> float:
    array = np.asarray(values, dtype=np.float64)
    known = array[~np.isnan(array)]
    return float(known.mean()) if known.size else float("nan")
