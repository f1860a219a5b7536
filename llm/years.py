"""Years and decades that a request limits itself to, in English and Chinese."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Op = Literal["<=", ">=", "==", "<", ">"]
Region = tuple[int, int]

_ENGLISH = {
    "twenties": 1920, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960,
    "seventies": 1970, "eighties": 1980, "nineties": 1990, "noughties": 2000,
}  # fmt: skip
_CHINESE = {
    "二十": 1920, "三十": 1930, "四十": 1940, "五十": 1950, "六十": 1960, "七十": 1970,
    "八十": 1980, "九十": 1990, "三零": 1930, "四零": 1940, "五零": 1950, "六零": 1960,
    "七零": 1970, "八零": 1980, "九零": 1990, "零零": 2000, "一零": 2010,
}  # fmt: skip
_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")
_YEAR = (
    r"(?:(?<!\d)(?:1[89]|20)\d\d(?!\d)"
    r"|(?<![零〇一二三四五六七八九])(?:一[八九]|二[零〇])[零〇一二三四五六七八九]{2}(?=年))"
)
_DECADE = (
    r"(?<!\d)(?:(?:1[89]|20)\d0|[3-9]0)(?:['’]?s\b|年代)|['’]00s\b"
    rf"|\b(?:{'|'.join(_ENGLISH)})\b|(?:{'|'.join(_CHINESE)})年代"
)
_PERIOD = rf"(?:{_DECADE}|{_YEAR})"
_RANGE = re.compile(
    rf"\b(?:between|from)\s+(?:the\s+)?['’]?({_PERIOD})\s*(?:and|to|through|till|until|-|–)\s*(?:the\s+)?"
    rf"['’]?({_PERIOD})|({_PERIOD})年?\s*(?:到|至|-|–|~|～)\s*({_PERIOD})年?(?:之间)?",
    re.IGNORECASE,
)
_SIDES: tuple[tuple[Op, str, str, str], ...] = (
    (
        ">",
        r"(?:made\s+|released\s+)?after|later\s+than|newer\s+than|more\s+recent\s+than|post-",
        r"(?:以后|之后|后)(?!来)",
        r"$^",
    ),
    (
        ">=",
        r"since|starting\s+(?:in|from)|from",
        r"以来|起|开始|(?:及|或)(?:以后|之后)",
        r"(?:or|and)\s+(?:later|newer|after|onwards?)|onwards?|on\b(?!\s+\w+day)",
    ),
    (
        "<=",
        r"until|up\s+to|no\s+later\s+than|by(?=\s+(?:the\s+)?(?:year|end)\b)",
        r"为止|(?:及|或)(?:以前|之前)",
        r"(?:or|and)\s+(?:earlier|older|before)",
    ),
    ("<", r"before|older\s+than|earlier\s+than|prior\s+to|pre-", r"以前|之前|前", r"$^"),
)
_ONE_SIDED: tuple[tuple[Op, re.Pattern[str]], ...] = tuple(
    (op, re.compile(pattern, re.IGNORECASE))
    for op, before, after, behind in _SIDES
    for pattern in (
        rf"(?:\bfrom\s+|\bin\s+)?(?:the\s+)?['’]?({_PERIOD})\s+(?:{behind})",
        rf"({_PERIOD})年?(?:{after})",
        # "from 1994" alone is that year: only what is written behind makes it a beginning.
        rf"\b(?:{before.removesuffix('|from')})\s*(?:the\s+)?(?:year\s+)?['’]?({_PERIOD})",
    )
)
_WITHIN = re.compile(
    rf"['’]?({_DECADE})"
    rf"|\b(?:in|from|of|during|year)\s+({_YEAR})(?!\s*(?:and|to|-|–)\s*\d)|({_YEAR})年(?!代)",
    re.IGNORECASE,
)
_SETTING = re.compile(
    r"\b(?:set|takes?\s+place|taking\s+place|about|stor(?:y|ies)\s+of)\s+(?:in\s+|during\s+)?(?:the\s+)?"
    r"$|(?:发生在|背景[是为在]?|讲述?|关于)\s*$",
    re.IGNORECASE,
)
"""What makes a period the time of a story, which says nothing of the year of the work."""


class Period(NamedTuple):
    """Limits on the year, read from the part ``span`` of a request."""

    limits: tuple[tuple[Op, int], ...]
    span: Region


def periods(text: str) -> Iterator[Period]:
    """Read every period that a request may speak of; those that say more come first.

    Parameters
    ----------
    text : str
        A request.

    Yields
    ------
    Period
        Its limits; a decade has two. Periods may overlap: the first one of a part counts.

    Examples
    --------
    >>> [period.limits for period in periods("1994年以后的纪录片")][0]
    (('>', 1994),)
    """
    for period in _read(text):
        if not _SETTING.search(text[: period.span[0]]):
            yield period


def _read(text: str) -> Iterator[Period]:
    for match in _RANGE.finditer(text):
        first, last = filter(None, match.groups())
        yield Period(((">=", _bounds(first)[0]), ("<=", _bounds(last)[1])), match.span())
    for op, pattern in _ONE_SIDED:
        for match in pattern.finditer(text):
            first_year, last_year = _bounds(match[1])
            yield Period(((op, last_year if op in {">", "<="} else first_year),), match.span())
    for match in _WITHIN.finditer(text):
        first_year, last_year = _bounds(next(filter(None, match.groups())))
        if first_year == last_year:
            yield Period((("==", first_year),), match.span())
        else:
            yield Period(((">=", first_year), ("<=", last_year)), match.span())


def _bounds(period: str) -> tuple[int, int]:
    """Return the first and the last year of a year or a decade."""
    name = period.lower().removesuffix("年代")
    start = _ENGLISH.get(name) or _CHINESE.get(name)
    if start is None:
        digits = re.sub(r"\D", "", name.translate(_DIGITS))
        start = int(digits) if len(digits) == 4 else 1900 + int(digits)
        if digits == "00":
            start = 2000
        if not re.search(r"s$|年代$", period.lower()):
            return start, start
    return start, start + 9
