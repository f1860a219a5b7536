"""Amounts in a request: ``$50``, ``two and a half hours``, ``一个半小时``, ``16 GB``, ``42码``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from llm.numerals import NUMBER, number
from llm.units import SIGN, UNIT, Unit, unit

Region = tuple[int, int]

_AMOUNT = re.compile(
    rf"""
    (?:(?<![A-Za-z])(?P<sign>{SIGN})\s?)?
    (?:(?P<number>{NUMBER})|(?P<one>\b(?:half\s+)?an?\s+(?=\w)|(?<!一)半个?(?=\w)))
    (?P<half>\s+and\s+a\s+half|个?半(?=\w))?
    (?:\s*(?:/|out\s+of)\s*(?P<scale>100|10|5)(?![\d.])(?:\s*(?:stars|points))?
      |(?:\s{{0,2}}|-(?=[A-Za-z]))(?:个(?=[小钟]))?(?P<unit>{UNIT})
        (?:(?P<more>\s+and\s+a\s+half|半)
          |(?<=h)\s?(?P<minutes>[0-5]?\d)(?:\s?m(?:in(?:ute)?s?)?)?\b)?
      )?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_AND = re.compile(r"\s*(?:and|,|零|又)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, where it has one.

    Attributes
    ----------
    value : float
        The number.
    unit : Unit or None
        Its unit.
    span : (int, int)
        First character and end in the request.
    """

    value: float
    unit: Unit | None
    span: Region


def quantities(text: str) -> list[Quantity]:
    """Find the amounts in a request.

    Parameters
    ----------
    text : str
        A request.

    Returns
    -------
    list of Quantity
        In the order of the text. Hours and minutes that belong together are one, in minutes.

    Examples
    --------
    >>> [(one.value, one.unit.symbol) for one in quantities("1 hour 30 minutes, 20 欧元")]
    [(90.0, 'min'), (20.0, 'EUR')]
    """
    found: list[Quantity] = []
    for quantity in _amounts(text):
        joined = _joined(text, found[-1], quantity) if found else None
        if joined is not None:
            found[-1] = joined
        else:
            found.append(quantity)
    return found


def _amounts(text: str) -> Iterator[Quantity]:
    for match in _AMOUNT.finditer(text):
        value = number(match["number"]) if match["number"] else _one(match["one"])
        if value is None or (match["one"] and not match["unit"]):
            continue
        if match["half"] or match["more"]:
            value += 0.5
        written = match["unit"] or match["sign"] or ""
        measured = None if written == "G" else unit(written)  # a gram, a gigabyte, a generation?
        if match["scale"]:
            measured = Unit("point", "rating", float(match["scale"]))
        elif match["minutes"]:
            value, measured = 60 * value + float(match["minutes"]), unit("min")
        yield Quantity(value, measured, _trimmed(text, match.span()))


def _one(written: str) -> float:
    return 0.5 if "half" in written.lower() or "半" in written else 1.0


def _trimmed(text: str, span: Region) -> Region:
    start, end = span
    return start, start + len(text[start:end].rstrip(" -"))


def _joined(text: str, first: Quantity, second: Quantity) -> Quantity | None:
    """Return hours with the minutes that follow them as one quantity."""
    if first.unit is None or second.unit is None:
        return None
    gap = text[first.span[1] : second.span[0]]
    if (first.unit.symbol, second.unit.symbol) != ("h", "min") or not _AND.fullmatch(gap):
        return None
    value = 60 * first.value + second.value
    return Quantity(value, second.unit, (first.span[0], second.span[1]))
