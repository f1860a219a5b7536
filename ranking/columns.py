"""The attributes of all items as columns, so that a filter is one comparison over an array."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from graph.domain import AttributeValue
from graph.rules import year_of
from llm.measures import Measure, Measures, measure
from llm.units import SIGN, UNIT, unit
from ranking.state import ServingState

_MOSTLY = 0.8
_HARDLY = 0.2
_ENOUGH = 500
_AMOUNT = re.compile(
    rf"\s*(?P<sign>{SIGN})?\s*(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>{UNIT})?\s*", re.IGNORECASE
)
_CURRENCIES = ("currency", "货币", "币种")


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """The numbers that items have in one attribute; an item may have several (its sizes).

    Attributes
    ----------
    rows : NDArray[np.int64]
        Item row of each number; shape (n,).
    values : NDArray[np.float64]
        The numbers; shape (n,).
    """

    rows: NDArray[np.int64]
    values: NDArray[np.float64]

    def passing(self, op: str, bound: float, n_items: int) -> NDArray[np.bool_]:
        """Tell which items have a number that compares with a bound; shape (n_items,)."""
        return self.having(compare(self.values, op, bound), n_items)

    def having(self, hits: NDArray[np.bool_], n_items: int) -> NDArray[np.bool_]:
        """Tell which items have one of some numbers; shape (n_items,)."""
        found = np.zeros(n_items, dtype=bool)
        found[self.rows[hits]] = True
        return found


def compare(values: NDArray[np.float64], op: str, bound: float) -> NDArray[np.bool_]:
    """Compare numbers with a bound; shape (n,)."""
    compared = {
        "<=": np.less_equal, ">=": np.greater_equal, "<": np.less, ">": np.greater,
        "==": np.equal,
    }  # fmt: skip
    return np.asarray(compared[op](values, bound))


class Columns:
    """The attributes of all items that are served, those that come in live included.

    Parameters
    ----------
    state : ServingState
        What is served. Its items are read once, when the first filter or limit comes.
    """

    def __init__(self, state: ServingState) -> None:
        self._state = state
        self._changed: set[int] = set()
        self._values: dict[str, dict[str, NDArray[np.int64]]] = {}
        self._fresh: dict[str, NumberColumn] = {}

    @cached_property
    def _numbers(self) -> dict[str, "_Gathered"]:
        gathered: defaultdict[str, _Gathered] = defaultdict(_Gathered)
        years = {rule.column for rule in self._state.preset.measure_rules if rule.kind == "year"}
        for row in range(len(self._state.snapshot.items)):
            for name, value in _attributes(self._state, row).items():
                column = gathered[name]
                if not column.is_text:
                    column.add(row, value, as_year=name.casefold() in years)
        return {name: one for name, one in gathered.items() if one.is_numeric}

    @cached_property
    def measures(self) -> Measures:
        """What limits can be about in this catalog."""
        rules = {rule.column: rule for rule in self._state.preset.measure_rules}
        found = []
        for name, one in sorted(self._numbers.items(), key=lambda item: -len(item[1].rows)):
            rule = rules.get(name.casefold())
            kind, told = (rule.kind, rule.unit) if rule else ("", "")
            if kind == "price":
                told = self._currency or told
            found.append(measure(name, kind, unit_name=one.unit or told, top=max(one.values)))
        return Measures(found)

    def measure(self, field: str) -> Measure | None:
        """Return what is known of a numeric attribute; None where there is none."""
        return next((one for one in self.measures if one.field == field), None)

    def numbers(self, field: str) -> NumberColumn | None:
        """Return the numbers of an attribute; None where the catalog has none."""
        gathered = self._numbers.get(field)
        if gathered is None:
            return None
        if field not in self._fresh:
            self._fresh[field] = self._with_changes(field, gathered)
        return self._fresh[field]

    def number(self, row: int, field: str) -> float | None:
        """Return the first number of an item in an attribute; None where it has none."""
        one = _Gathered()
        as_year = (known := self.measure(field)) is not None and known.kind == "year"
        value = self._state.item(row).attributes.get(field)
        if value is not None:
            one.add(row, value, as_year=as_year)
        return one.values[0] if one.values else None

    def put(self, row: int) -> None:
        """Note that an item came or changed."""
        self._changed.add(row)
        self._fresh.clear()

    def meeting(self, name: str, wanted: AttributeValue) -> NDArray[np.bool_]:
        """Tell which items meet a filter of the caller.

        Parameters
        ----------
        name : str
            An attribute, or ``min_`` or ``max_`` before one.
        wanted : AttributeValue
            A value that it must be or contain, or a tuple of alternatives; a bound.

        Returns
        -------
        NDArray[np.bool_]
            Shape (n_items,).
        """
        n_items = self._state.n_items
        for prefix, op in (("min_", ">="), ("max_", "<=")):
            if name.startswith(prefix) and isinstance(wanted, int | float):
                column = self.numbers(name.removeprefix(prefix))
                if column is None:
                    return np.zeros(n_items, dtype=bool)
                return column.passing(op, float(wanted), n_items)
        options = wanted if isinstance(wanted, tuple) else (wanted,)
        keys = {str(option).casefold() for option in options}
        found = np.zeros(n_items, dtype=bool)
        by_value = self._by_value(name)
        for key in keys:
            found[by_value.get(key, np.zeros(0, dtype=np.int64))] = True
        for row in self._changed:
            found[row] = not keys.isdisjoint(_texts(self._state.item(row).attributes.get(name)))
        return found

    @cached_property
    def _currency(self) -> str:
        """Return the currency that most items name, where the catalog has such a column."""
        for name in _CURRENCIES:
            texts = {value: len(rows) for value, rows in self._by_value(name).items()}
            if texts:
                return max(texts, key=lambda text: texts[text])
        return ""

    def _by_value(self, name: str) -> dict[str, NDArray[np.int64]]:
        if name not in self._values:
            found: defaultdict[str, list[int]] = defaultdict(list)
            for row in range(len(self._state.snapshot.items)):
                for text in _texts(_attributes(self._state, row).get(name)):
                    found[text].append(row)
            self._values[name] = {text: np.array(rows) for text, rows in found.items()}
        return self._values[name]

    def _with_changes(self, field: str, gathered: "_Gathered") -> NumberColumn:
        rows, values = np.array(gathered.rows, dtype=np.int64), np.array(gathered.values)
        if self._changed:
            stays = ~np.isin(rows, list(self._changed))
            fresh = _Gathered()
            known = self.measure(field)
            for row in self._changed:
                value = self._state.item(row).attributes.get(field)
                if value is not None:
                    fresh.add(row, value, as_year=known is not None and known.kind == "year")
            rows = np.concatenate([rows[stays], np.array(fresh.rows, dtype=np.int64)])
            values = np.concatenate([values[stays], np.array(fresh.values)])
        return NumberColumn(rows, values)


class _Gathered:
    """The numbers of one attribute while they are read."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.values: list[float] = []
        self.units: Counter[str] = Counter()
        self.n_values = 0

    def add(self, row: int, value: AttributeValue, *, as_year: bool) -> None:
        """Read a value, or the several that a tuple holds."""
        for one in value if isinstance(value, tuple | list) else (value,):
            self.n_values += 1
            number, told = (year_of(one), "") if as_year else _amount(one)
            if number is not None:
                self.rows.append(row)
                self.values.append(float(number))
                self.units[told] += 1

    @property
    def is_text(self) -> bool:
        """Whether so many values are no numbers that the rest need not be looked at."""
        return self.n_values >= _ENOUGH and len(self.values) < _HARDLY * self.n_values

    @property
    def is_numeric(self) -> bool:
        """Whether nearly all values are numbers."""
        return len(self.values) >= max(_MOSTLY * self.n_values, 1)

    @property
    def unit(self) -> str:
        """The unit that most values carry; empty when they carry none."""
        return self.units.most_common(1)[0][0]


def _amount(value: object) -> tuple[float | None, str]:
    """Read a number with the unit it may carry: ``"39.90 €"``, ``"120 min"``."""
    if isinstance(value, bool):
        return None, ""
    if isinstance(value, int | float):
        return float(value), ""
    match = _AMOUNT.fullmatch(str(value))
    if match is None:
        return None, ""
    told = unit(match["unit"] or match["sign"] or "")
    return float(match["number"].replace(",", "")), told.symbol.lower() if told else ""


def _attributes(state: ServingState, row: int) -> Mapping[str, AttributeValue]:
    found: Mapping[str, AttributeValue] = state.snapshot.items.record(row).get("attributes", {})
    return found


def _texts(value: AttributeValue | None) -> Iterator[str]:
    if value is not None:
        for one in value if isinstance(value, tuple | list) else (value,):
            yield str(one).casefold()
