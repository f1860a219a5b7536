"""Hard limits on a list: the caller's filters, what the request refuses, the limits it sets.

Everything here is a mask over all items. What each refusal and each limit takes away is counted,
and told with the answer. Where nothing is left, the items that come nearest to the limits are
shown, and the answer says so; filters of the caller and refusals are never given up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.domain import AttributeValue
from llm.intent import Constraint, LinkedEntity, Understanding
from ranking.columns import Columns
from ranking.domain import Outcome, Removal
from ranking.state import ServingState

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sifted:
    """The items that pass.

    Attributes
    ----------
    kept : NDArray[np.bool_]
        Which items may come; shape (n_items,).
    removals : tuple of Removal
        What was taken away, refusals first.
    """

    kept: Mask
    removals: tuple[Removal, ...] = ()


def sift(
    state: ServingState,
    columns: Columns,
    possible: Mask,
    *,
    filters: Mapping[str, AttributeValue],
    understood: Understanding | None,
    enough: int,
) -> Sifted:
    """Take away what filters, refusals and limits exclude.

    Parameters
    ----------
    state : ServingState
        What is served.
    columns : Columns
        The attributes of its items.
    possible : NDArray[np.bool_]
        Items that could come; shape (n_items,).
    filters : Mapping[str, AttributeValue]
        As in :class:`ranking.domain.Query`.
    understood : Understanding or None
        What the request was taken to mean.
    enough : int
        How many items are asked for: a soft wish that leaves less than half of them is given up,
        and that many are shown where nothing meets the limits.

    Returns
    -------
    Sifted
        The items that pass, and what was taken away.
    """
    kept = possible.copy()
    for name, wanted in filters.items():
        kept &= columns.meeting(name, wanted)
    if understood is None or not (understood.exclude or understood.constraints):
        return Sifted(kept)
    base = kept
    unwanted = [(one, ~_having(state, one)) for one in understood.exclude]
    limited = [(one, _within(columns, one, state.n_items)) for one in understood.constraints]
    kept = _all(base, [mask for one, mask in unwanted if not one.soft])
    near = _all(kept, [mask for one, mask in limited if mask is not None and not one.soft])
    widened = bool(kept.any()) and not near.any()
    if widened:
        hard = [one for one, mask in limited if mask is not None and not one.soft]
        near = _nearest(columns, kept, hard, enough)
    removals = []
    judged: list[tuple[LinkedEntity | Constraint, Mask | None]] = [*unwanted, *limited]
    for one, mask in judged:
        if mask is None:
            removals.append(Removal(one, 0, "not_applied"))
            continue
        outcome: Outcome = "applied"
        if one.soft:
            fewer = near & mask
            near, outcome = (near, "given_up") if 2 * fewer.sum() < enough else (fewer, outcome)
        elif widened and isinstance(one, Constraint) and not mask[near].all():
            outcome = "widened"
        removals.append(Removal(one, int((base & ~mask).sum()), outcome))
    return Sifted(near, tuple(removals))


def passes(state: ServingState, columns: Columns, by: LinkedEntity | Constraint, row: int) -> bool:
    """Tell whether an item is not what a request refuses, or meets a limit that it sets.

    Parameters
    ----------
    state : ServingState
        What is served.
    columns : Columns
        The attributes of its items.
    by : LinkedEntity or Constraint
        What is refused, or the limit; one that does not apply is met.
    row : int
        Row of the item.

    Returns
    -------
    bool
        Looked at by itself, whatever became of it in a list.
    """
    if isinstance(by, LinkedEntity):
        return not _having(state, by)[row]
    within = _within(columns, by, state.n_items)
    return within is None or bool(within[row])


def refused(state: ServingState, understood: Understanding) -> Mask:
    """Tell which items a request refuses, softly or not; shape (n_items,)."""
    masks = [_having(state, one) for one in understood.exclude]
    return np.logical_or.reduce([np.zeros(state.n_items, dtype=bool), *masks])


def _all(base: Mask, masks: Sequence[Mask]) -> Mask:
    return np.logical_and.reduce([base, *masks])


def _having(state: ServingState, unwanted: LinkedEntity) -> Mask:
    """Tell which items are, or are linked to, what is refused; shape (n_items,)."""
    found = np.zeros(state.n_items, dtype=bool)
    if unwanted.kind == "Entity":
        found[state.items_with(unwanted.entity_id)] = True
    elif (row := state.find_item(unwanted.entity_id)) is not None:
        found[row] = True
    return found


def _within(columns: Columns, limit: Constraint, n_items: int) -> Mask | None:
    """Tell which items meet a limit; one that lacks the attribute does not. None: no attribute."""
    column = columns.numbers(limit.field) if limit.applies else None
    return None if column is None else column.passing(limit.op, limit.value, n_items)


def _nearest(columns: Columns, possible: Mask, limits: Sequence[Constraint], n: int) -> Mask:
    """Return the items that miss the limits by least, those without the attribute left out."""
    # A miss is measured by the spread of the attribute over all items, and summed over the limits.
    missed = np.where(possible, 0.0, np.inf)
    for limit in limits:
        column = columns.numbers(limit.field)
        assert column is not None  # noqa: S101 (only limits that were applied come here)
        below = limit.op in {"<", "<="}
        miss = column.values - limit.value if below else limit.value - column.values
        miss = np.abs(miss) if limit.op == "==" else np.maximum(miss, 0.0)
        least = np.full(len(possible), np.inf)
        np.minimum.at(least, column.rows, miss / (float(column.values.std()) or 1.0))
        missed += least
    reachable = np.flatnonzero(np.isfinite(missed))
    if not len(reachable):
        return np.zeros(len(possible), dtype=bool)
    worst = np.sort(missed[reachable])[min(n, len(reachable)) - 1]
    return np.asarray(possible & (missed <= worst))
