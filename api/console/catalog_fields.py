"""The attributes of the catalog that a list can be filtered by."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph.domain import AttributeValue
from graph.snapshot import Snapshot

_LOOKED_AT = 4000
_MOST_FIELDS = 8
_MOST_VALUES = 60
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class NumberField:
    """An attribute that is a number, with the lowest and the highest one seen."""

    name: str
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class ValueField:
    """An attribute that many items share values of, the most frequent value first."""

    name: str
    values: tuple[str, ...]


@dataclass(slots=True)
class _Column:
    n_items: int = 0
    numbers: list[float] = field(default_factory=list)
    values: Counter[str] = field(default_factory=Counter)


def fields_of(snapshot: Snapshot) -> list[NumberField | ValueField]:
    """Find what a list can be filtered by; looks at some thousand items at most.

    Parameters
    ----------
    snapshot : Snapshot
        The graph.

    Returns
    -------
    list of NumberField or ValueField
        Numbers first, then attributes with shared values; those that most items have first.
    """
    step = max(1, math.ceil(len(snapshot.items) / _LOOKED_AT))
    rows = range(0, len(snapshot.items), step)
    return fields_in(snapshot.item(row).attributes for row in rows)


def fields_in(records: Iterable[Mapping[str, AttributeValue]]) -> list[NumberField | ValueField]:
    """Find what items with some attributes can be filtered by; see :func:`fields_of`."""
    columns: defaultdict[str, _Column] = defaultdict(_Column)
    n_items = 0
    for record in records:
        n_items += 1
        for name, value in record.items():
            _add(columns[name], value)
    by_use = sorted(columns.items(), key=lambda one: -one[1].n_items)
    numbers = [_number_field(name, column) for name, column in by_use]
    values = [_value_field(name, column, n_items) for name, column in by_use]
    return [found for found in (*numbers, *values) if found is not None][:_MOST_FIELDS]


def _add(column: _Column, value: AttributeValue) -> None:
    column.n_items += 1
    for one in value if isinstance(value, tuple) else (value,):
        if isinstance(one, int | float) and not isinstance(one, bool):
            column.numbers.append(float(one))
        else:
            column.values[str(one)] += 1


def _number_field(name: str, column: _Column) -> NumberField | None:
    numbers = [number for number in column.numbers if math.isfinite(number)]
    if column.values or not numbers or min(numbers) == max(numbers):
        return None
    return NumberField(name, min(numbers), max(numbers))


def _value_field(name: str, column: _Column, n_items: int) -> ValueField | None:
    """Return a field whose values are short and shared: five items for each of them at least."""
    if column.numbers or column.n_items < 0.1 * n_items:
        return None
    shared = [value for value, n in column.values.most_common(_MOST_VALUES) if n > 1]
    short = [value for value in shared if 0 < len(value) <= _LONGEST]
    is_shared = len(column.values) * 5 <= sum(column.values.values())
    return ValueField(name, tuple(short)) if is_shared and len(short) > 1 else None
