"""What one is asked about a new item: the columns that the items of the catalog have."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from graph.domain import AttributeValue, Scalar
from graph.presets import Preset
from graph.rules import AttributeRule, default_rule
from ranking.domain import Language
from ranking.state import ServingState

Kind = Literal["names", "number", "flag"]

_LOOKED_AT = 1000
_MOST_FIELDS = 12
_SELDOM = 0.02


@dataclass(frozen=True, slots=True)
class ItemField:
    """A column that a new item can have a value in.

    Attributes
    ----------
    column : str
        Its name in the catalog.
    kind : Kind
        ``"names"`` become entities, several of them in one column; ``"number"``; ``"flag"`` is
        true or false.
    english, chinese : str
        What people call it.
    label : str
        Label of the entities that its names become; empty for others.
    """

    column: str
    kind: Kind
    english: str
    chinese: str
    label: str = ""

    def title(self, language: Language) -> str:
        """Return what people call it in a language."""
        return self.chinese if language == "zh" else self.english


def fields_of(state: ServingState) -> list[ItemField]:
    """Find what to ask; looks at a thousand items at most.

    Parameters
    ----------
    state : ServingState
        What is served; its preset says which columns become entities, and what they are called.

    Returns
    -------
    list of ItemField
        Those that most items have first. For an empty catalog, one for each relation of the
        preset.
    """
    rows = range(0, state.n_items, max(1, math.ceil(state.n_items / _LOOKED_AT)))
    return fields_in((state.item(row).attributes for row in rows), state.preset)


def fields_in(records: Iterable[Mapping[str, AttributeValue]], preset: Preset) -> list[ItemField]:
    """Find what to ask about items like some; see :func:`fields_of`.

    Parameters
    ----------
    records : Iterable of Mapping[str, AttributeValue]
        Attributes of items.
    preset : Preset
        Which columns become entities, and what they are called.

    Returns
    -------
    list of ItemField
        As there.
    """
    seen: defaultdict[str, Counter[Scalar]] = defaultdict(Counter)
    users: Counter[str] = Counter()
    n_items = 0
    for record in records:
        n_items += 1
        for column, value in record.items():
            users[column] += 1
            seen[column].update(value if isinstance(value, tuple) else (value,))
    if not n_items:
        return list(_by_relation(preset))
    columns = [column for column, n in users.most_common() if n >= _SELDOM * n_items]
    found = (_field(column, seen[column], preset) for column in columns)
    return [field for field in found if field is not None][:_MOST_FIELDS]


def column_name(column: str, preset: Preset, language: Language) -> str:
    """Return what people call a column of the catalog.

    Parameters
    ----------
    column : str
        Its name in the catalog.
    preset : Preset
        What columns are called in its domain.
    language : Language
        Language of the name.

    Returns
    -------
    str
        Its own name, made readable, where nobody knows another.

    Examples
    --------
    >>> from graph.presets import preset
    >>> column_name("release_year", preset("films"), "en")
    'Release year'
    >>> column_name("year", preset("films"), "zh")
    '年份'
    """
    if language == "en":
        return _english(column)
    rules = [rule for rule in preset.attribute_rules if rule.column == column.casefold()]
    return _chinese(column, rules, preset)


def _field(column: str, values: Counter[Scalar], preset: Preset) -> ItemField | None:
    """Return the field of a column; None for prose, links and ids, which say nothing to a graph."""
    rules = [rule for rule in preset.attribute_rules if rule.column == column.casefold()]
    names = _english(column), _chinese(column, rules, preset)
    if all(isinstance(value, bool) for value in values):
        return ItemField(column, "flag", *names)
    is_numeric = all(isinstance(value, int | float) for value in values)
    if is_numeric or any(rule.transform for rule in rules):
        return ItemField(column, "number", *names)
    rule = rules[0] if rules else default_rule(column)
    return None if rule is None else ItemField(column, "names", *names, rule.label)


def _by_relation(preset: Preset) -> Iterator[ItemField]:
    """Yield a field for each relation, by its second name: ``genres`` rather than ``genre``."""
    groups: dict[tuple[str, str], list[AttributeRule]] = {}
    for rule in preset.attribute_rules:
        groups.setdefault((rule.relation, rule.label), []).append(rule)
    for rules in groups.values():
        second = rules[min(1, len(rules) - 1)].column
        is_plural = second.isascii() and not rules[0].transform
        chosen = second if is_plural else rules[0].column
        kind: Kind = "number" if rules[0].transform else "names"
        names = _english(chosen), _chinese(chosen, rules, preset)
        yield ItemField(chosen, kind, *names, "" if rules[0].transform else rules[0].label)


def _english(column: str) -> str:
    words = column.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _chinese(column: str, rules: Iterable[AttributeRule], preset: Preset) -> str:
    """Return what Chinese catalogs call a column; its own name where nobody knows."""
    rules = list(rules) or [rule for rule in [default_rule(column)] if rule is not None]
    relations = {rule.relation for rule in rules if not rule.transform}
    labels = [rule.label for rule in rules if not rule.transform]
    for other in preset.attribute_rules:
        if other.relation in relations and not other.column.isascii():
            return other.column
    kinds = {
        measure.kind for measure in preset.measure_rules if measure.column == column.casefold()
    }
    for measure in preset.measure_rules:
        if measure.kind in kinds and not measure.column.isascii():
            return measure.column
    known = [preset.label_names[label][1] for label in labels if label in preset.label_names]
    return known[0] if known else _english(column)
