"""Limits that a request sets: ``under two hours``, ``500元以内``, ``from the 80s``, ``size 42``.

Read by rules, because small language models get numbers wrong. A number becomes a limit only when
it has something to be about (a unit, or the name of an attribute beside it) and words that compare;
any other number is left alone, and so is every number in a name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from llm.comparing import Comparison, comparison, inverted, is_soft, negation
from llm.measures import Measure, Measures, is_capped
from llm.quantities import Quantity, quantities
from llm.units import unit
from llm.years import Op, Region, periods

__all__ = ["NO_MEASURES", "Constraint", "limits"]

NO_MEASURES = Measures()
"""For requests to nothing in particular: everything is understood, nothing can be applied."""

_ABOUT = 0.2
_EXACT = frozenset({"mass", "length", "data", "volume", "power", "charge"})
_RANGE = re.compile(r"\s*(?:and|to|-|–|—|~|～|到|至)\s*(?:the\s)?\s*", re.IGNORECASE)
_RANGE_BEFORE = re.compile(r"(?:\bbetween|\bfrom|介于|在|从)\s*$", re.IGNORECASE)
_RANGE_AFTER = re.compile(r"之间")


@dataclass(frozen=True, slots=True)
class Constraint:
    """A limit on an attribute: ``field op value``, taken from ``span`` of the request.

    Attributes
    ----------
    field : str
        Attribute of the catalog; where it has none, what the limit is about (``"price"``).
    op : {"<=", ">=", "==", "<", ">"}
        How the attribute is to compare with the value.
    value : float
        In the unit of the attribute; where the catalog tells none, as it was said.
    span : (int, int)
        First character and end of the part of the request that says so.
    unit : str
        The unit of the value, where it is known.
    soft : bool
        Whether the limit holds only as long as enough is left: ``preferably under $50``.
    applies : bool
        False where the catalog has no such attribute, or has it in another currency.
    turn : int
        How many turns of the dialogue ago it was said; 0 for the request itself.
    """

    field: str
    op: Op
    value: float
    span: Region
    unit: str = ""
    soft: bool = False
    applies: bool = True
    turn: int = 0


def limits(
    text: str, names: Sequence[Region] = (), measures: Measures = NO_MEASURES
) -> list[Constraint]:
    """Read the limits out of a request.

    Parameters
    ----------
    text : str
        A request.
    names : Sequence of (int, int)
        Parts that name things; a number in a name is no limit.
    measures : Measures
        What the catalog has numbers of.

    Returns
    -------
    list of Constraint
        In the order of the text; a decade and a range make two.

    Examples
    --------
    >>> [(one.field, one.op, one.value) for one in limits("comedies of the 80s under two hours")]
    [('year', '>=', 1980.0), ('year', '<=', 1989.0), ('runtime', '<', 120.0)]
    >>> limits("2001: A Space Odyssey")
    []
    """
    found: list[Constraint] = []
    taken = list(names)
    for reading in (*_amounts(text, measures), *_years(text, measures)):
        span = reading[0].span
        if all(span[1] <= start or end <= span[0] for start, end in taken):
            taken.append(span)
            found += reading
    return sorted(found, key=lambda limit: limit.span)


def _years(text: str, measures: Measures) -> Iterator[list[Constraint]]:
    measure = measures.of_kind("year")
    for period in periods(text):
        span, ops = period.span, period.limits
        refused = negation(text, span)
        if refused is not None:
            if len(ops) > 1 or ops[0][0] == "==":
                continue  # everything but a period is no pair of bounds
            span, ops = refused, ((inverted(ops[0][0]), ops[0][1]),)
        yield [
            _limit(text, measure, op, Quantity(float(year), None, span), span) for op, year in ops
        ]


def _amounts(text: str, measures: Measures) -> Iterator[list[Constraint]]:
    found = quantities(text)
    at = 0
    while at < len(found):
        pair = found[at : at + 2]
        ranged = _range(text, pair, measures) if len(pair) == 2 else None
        if ranged:
            yield ranged
            at += 2
            continue
        compared = _compared(text, found[at], measures)
        if compared:
            yield compared
        at += 1


def _range(text: str, pair: list[Quantity], measures: Measures) -> list[Constraint]:
    """Read ``between 20 and 30 euros``."""
    first, last = pair
    joint = text[first.span[1] : last.span[0]]
    before = _RANGE_BEFORE.search(text[: first.span[0]])
    if not _RANGE.fullmatch(joint):
        return []
    if "and" in joint.lower() and before is None:
        return []
    shared = last.unit or first.unit
    start = before.start() if before else first.span[0]
    after = _RANGE_AFTER.match(text, last.span[1])
    whole = Quantity(last.value, shared, (start, after.end() if after else last.span[1]))
    said = comparison(text, whole.span, measures)
    measure = _measure(whole, said, measures)
    if measure is None or negation(text, said.span) is not None:
        return []
    start_of = Quantity(first.value, first.unit or shared, first.span)
    low = _limit(text, measure, ">=", start_of, said.span)
    high = _limit(text, measure, "<=", whole, said.span)
    return [low, high] if low.value <= high.value else []


def _compared(text: str, quantity: Quantity, measures: Measures) -> list[Constraint]:
    """Read an amount with what compares it."""
    said = comparison(text, quantity.span, measures)
    measure = _measure(quantity, said, measures)
    if measure is None and quantity.unit is not None and quantity.unit.symbol == "lb":
        return _compared(text, replace(quantity, unit=unit("gbp")), measures)
    if measure is None:
        return []
    if said.op == "about":
        ends: tuple[tuple[Op, float], ...] = ((">=", 1 - _ABOUT), ("<=", 1 + _ABOUT))
        parts = [(op, replace(quantity, value=share * quantity.value)) for op, share in ends]
        found = [_limit(text, measure, op, part, said.span) for op, part in parts]
        return [replace(one, soft=True) for one in found]
    op = said.op
    if op is None and is_capped(said.name):
        op = "<="
    if op is None and _is_exact(quantity, measure, said):
        op = "=="
    if said.refused and op is not None:
        op = inverted(op) if op != "==" else None
    return [] if op is None else [_limit(text, measure, op, quantity, said.span)]


def _is_exact(quantity: Quantity, measure: Measure, said: Comparison) -> bool:
    """Tell whether an amount is meant just as it is: ``size 42``, ``memory of 8 GB``."""
    if measure.dimension == "size":
        return quantity.unit is not None or bool(said.name)
    return measure.dimension in _EXACT and quantity.unit is not None and bool(said.name)


def _measure(quantity: Quantity, said: Comparison, measures: Measures) -> Measure | None:
    """Return what an amount is about: by its unit, by the name beside it, by the comparison."""
    if quantity.unit is not None:
        measure = measures.measuring(quantity.unit.dimension, said.name)
        return measure if measure is None or measure.in_catalog or measure.kind else None
    named = measures.named(said.name) if said.name else None
    if named is None and said.kind:
        named = measures.of_kind(said.kind)
    return None if named is not None and named.kind == "year" else named


def _limit(text: str, measure: Measure, op: Op, quantity: Quantity, span: Region) -> Constraint:
    """Return a limit with its amount in the unit of the attribute, where the two compare."""
    value = measure.value_of(quantity)
    told = measure.unit
    if value is None or (told is None and measure.dimension == "money"):
        told = quantity.unit
    return Constraint(
        measure.field,
        op,
        round(quantity.value if value is None else value, 6),
        span,
        told.symbol if told else "",
        is_soft(text, span),
        measure.in_catalog and value is not None,
    )
