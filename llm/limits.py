"""Years and decades that a request limits itself to.

Numbers are read by rules, in English and Chinese, because small language models get them wrong.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

Op = Literal["<=", ">=", "==", "<", ">"]
Region = tuple[int, int]

_ENGLISH = {
    "twenties": 1920, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960,
    "seventies": 1970, "eighties": 1980, "nineties": 1990,
}  # fmt: skip
_CHINESE = {
    "二十": 1920, "三十": 1930, "四十": 1940, "五十": 1950, "六十": 1960, "七十": 1970,
    "八十": 1980, "九十": 1990,
}  # fmt: skip
_YEAR = r"(?<!\d)(?:1[89]|20)\d\d(?!\d)"
_DECADE = (
    r"(?<!\d)(?:(?:1[89]|20)\d0|[3-9]0)(?:['’]?s\b|年代)"
    rf"|\b(?:{'|'.join(_ENGLISH)})\b|(?:{'|'.join(_CHINESE)})年代"
)
_PERIOD = rf"(?:{_DECADE}|{_YEAR})"
_RANGE = re.compile(
    rf"\b(?:between|from)\s+(?:the\s+)?['’]?({_PERIOD})\s*(?:and|to|until|-|–)\s*(?:the\s+)?"
    rf"['’]?({_PERIOD})|({_PERIOD})年?\s*(?:到|至|-|–|~)\s*({_PERIOD})年?",
    re.IGNORECASE,
)
_SIDES: tuple[tuple[Op, str, str], ...] = (
    (">", r"after|later\s+than|newer\s+than", r"(?:以后|之后|后)(?!来)"),
    (">=", r"since|starting\s+(?:in|from)", r"以来|起|开始|及以后"),
    ("<=", r"until|up\s+to|no\s+later\s+than", r"为止|及以前"),
    ("<", r"before|older\s+than|earlier\s+than|prior\s+to", r"以前|之前|前"),
)
_ONE_SIDED = tuple(
    (
        op,
        re.compile(
            rf"\b(?:{before})\s+(?:the\s+)?(?:year\s+)?['’]?({_PERIOD})|({_PERIOD})年?(?:{after})",
            re.IGNORECASE,
        ),
    )
    for op, before, after in _SIDES
)
_WITHIN = re.compile(
    rf"['’]?({_DECADE})"
    rf"|\b(?:in|from|of|during|year)\s+({_YEAR})(?!\s*(?:and|to|-|–)\s*\d)|({_YEAR})年(?!代)",
    re.IGNORECASE,
)


class YearLimit(NamedTuple):
    """A limit on the year, read from the part ``span`` of a request."""

    op: Op
    year: int
    span: Region


def year_limits(text: str, names: Sequence[Region]) -> list[YearLimit]:
    """Read the limits on years out of a request.

    Parameters
    ----------
    text : str
        A request.
    names : Sequence of (int, int)
        Parts that name items; a number in a title is no limit.

    Returns
    -------
    list of YearLimit
        In the order of the text; a decade makes two.

    Examples
    --------
    >>> [(limit.op, limit.year) for limit in year_limits("thrillers of the 80s", [])]
    [('>=', 1980), ('<=', 1989)]
    >>> [(limit.op, limit.year) for limit in year_limits("1994年以后的纪录片", [])]
    [('>', 1994)]
    """
    found: list[YearLimit] = []
    taken = list(names)
    for match, limits in _readings(text):
        span = match.span()
        if all(span[1] <= start or end <= span[0] for start, end in taken):
            taken.append(span)
            found += [YearLimit(op, year, span) for op, year in limits]
    return sorted(found, key=lambda limit: limit.span)


def _readings(text: str) -> list[tuple[re.Match[str], tuple[tuple[Op, int], ...]]]:
    """Return every reading, those that say more first."""
    readings: list[tuple[re.Match[str], tuple[tuple[Op, int], ...]]] = []
    for match in _RANGE.finditer(text):
        first, last = filter(None, match.groups())
        readings.append((match, ((">=", _bounds(first)[0]), ("<=", _bounds(last)[1]))))
    for op, pattern in _ONE_SIDED:
        for match in pattern.finditer(text):
            first_year, last_year = _bounds(match[1] or match[2])
            readings.append((match, ((op, last_year if op in {">", "<="} else first_year),)))
    for match in _WITHIN.finditer(text):
        first_year, last_year = _bounds(next(filter(None, match.groups())))
        if first_year == last_year:
            readings.append((match, (("==", first_year),)))
        else:
            readings.append((match, ((">=", first_year), ("<=", last_year))))
    return readings


def _bounds(period: str) -> tuple[int, int]:
    """Return the first and the last year of a year or a decade."""
    name = period.lower().removesuffix("年代")
    start = _ENGLISH.get(name) or _CHINESE.get(name)
    if start is None:
        digits = re.sub(r"\D", "", name)
        start = int(digits) if len(digits) == 4 else 1900 + int(digits)
        if name == digits == period:
            return start, start
    return start, start + 9
