"""A request that refines earlier ones: ``cheaper``, ``more like the second one``, ``没有血腥的``.

What was said before still holds where the new turn says nothing else; where the two disagree the
new one wins. What was refused stays refused until it is asked for again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from llm.comparing import inverted
from llm.intent import LinkedEntity, Understanding
from llm.limits import Constraint
from llm.measures import Measure, Measures
from llm.years import Op, Region

MAX_TURNS = 20
"""Turns of a dialogue that are read, the newest ones."""

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"
_PLACES = {word: place for place, word in enumerate(_ORDINALS.split())}
_CHINESE = {digit: place for place, digit in enumerate("一二三四五六七八九十")}
_ONE = re.compile(
    rf"""
    \b(?:the\s+)?(?P<word>{"|".join(_PLACES)}|last)(?:\s+(?:one|film|movie|item|product|book|option|pair|result))\b
    |\b(?:the\s+)?(?P<nth>\d{{1,2}})(?:st|nd|rd|th)(?:\s+(?:one|film|movie|item|product|book|option))?\b
    |(?:\#|\b(?:number|option|no\.)\s+)(?P<number>\d{{1,2}})\b
    |第(?P<chinese>[一二三四五六七八九十]|\d{{1,2}})(?:个|部|款|双|本|件|首|条|家|种)
    |(?P<end>最后(?:一)?(?:个|部|款|双|本|件|首))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ALL = re.compile(
    r"\b(?:these|those|them|all\s+of\s+(?:these|those|them))\b|这些|那些|它们", re.IGNORECASE
)
_OTHERS = re.compile(
    r"\b(?:something|anything|somewhat)\s+(?:else|different)|\bother\s+(?:ones|options|suggestions)"
    r"|\b(?:not|none\s+of)\s+(?:these|those|them)\b|\bmore\s+options|\bseen\s+(?:these|those|them)\b"
    r"|换一批|换一些|换几(?:个|部|款|双|本)|(?:还有)?(?:没有)?(?:别的|其他的|其它的)|(?:都)?看过了",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"\binstead(?:\s+of\s+(?:that|those|these|them))?\b|\bactually\b(?:\s*,?\s*no\b)?|\bno,\s+(?=\w)"
    r"|\bon\s+second\s+thought\b|\brather\s+than\s+that\b|换成|改成|改为|改看|还是(?:看|要|来)|算了",
    re.IGNORECASE,
)
_ANEW = re.compile(
    r"\bstart\s+(?:over|again|anew)\b|\bforget\s+(?:it|that|everything|all)\b|\bnew\s+search\b"
    r"|重新(?:来|开始|推荐|搜索)|从头(?:来|开始)|换个话题",
    re.IGNORECASE,
)
# kind, comparison, English words, the Chinese word that 更, 一点 or 比 make a comparison
_COMPARATIVES: tuple[tuple[str, Op, str, str], ...] = (
    ("price", "<", r"cheaper|less\s+expensive|more\s+affordable", "便宜"),
    ("price", ">", r"pricier|more\s+expensive|dearer", "贵"),
    ("runtime", "<", r"shorter|less\s+long", "短"),
    ("runtime", ">", r"longer", "长"),
    ("year", ">", r"newer|more\s+(?:recent|modern)", "新"),
    ("year", "<", r"older|earlier|less\s+recent", "[老早旧]"),
    ("rating", ">", r"(?:better|higher)[- ]rated", "(?:评分)?高"),
    ("size", ">", r"bigger|larger", "大"),
    ("size", "<", r"smaller", "小"),
)
_PATTERNS = tuple(
    (
        kind,
        op,
        # With an amount behind it, it is a limit of its own: "cheaper than 50".
        re.compile(
            rf"\b(?:{english})\b(?!\s+than\s+[$€£¥￥\d])"
            rf"|(?<!多){chinese}一?[点些码号]|更{chinese}|比[^，。,]{{1,8}}?{chinese}",
            re.IGNORECASE,
        ),
    )
    for kind, op, english, chinese in _COMPARATIVES
)
_THAN = re.compile(r"(?:\bthan\s+|比)$", re.IGNORECASE)
_NOT_AS = re.compile(
    r"\b(?:not|no|isn['’]?t|without)\s+(?:any\s+|so\s+)?$|(?:不要|别|不)$", re.IGNORECASE
)
_LOWER, _UPPER = frozenset({">", ">=", "=="}), frozenset({"<", "<=", "=="})


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier turn of a dialogue.

    Attributes
    ----------
    text : str
        What the user said.
    items : tuple of str
        Ids of the items that were shown in answer, in their order.
    """

    text: str = ""
    items: tuple[str, ...] = ()


class Pointer(NamedTuple):
    """A part of a turn that points at items shown before, by their places in the list.

    ``is_measure`` tells that they are only compared with: ``cheaper than the second one``.
    """

    places: tuple[int, ...]
    span: Region
    is_measure: bool = False


class Comparative(NamedTuple):
    """A wish for more or less of something than what was shown: ``cheaper``."""

    measure: Measure
    op: Op
    span: Region


def pointers(text: str, n_shown: int) -> list[Pointer]:
    """Find the items of the last list that a turn points at.

    Parameters
    ----------
    text : str
        A turn.
    n_shown : int
        How many items were shown.

    Returns
    -------
    list of Pointer
        In the order of the text; places that the list does not have are left out.

    Examples
    --------
    >>> [pointer.places for pointer in pointers("more like the second one", 5)]
    [(1,)]
    >>> [pointer.places for pointer in pointers("不要第一个和最后一个", 3)]
    [(0,), (2,)]
    """
    found = []
    for match in _ONE.finditer(text):
        place = _place(match, n_shown)
        if 0 <= place < n_shown:
            is_measure = _THAN.search(text[: match.start()]) is not None
            found.append(Pointer((place,), match.span(), is_measure))
    if not found and n_shown and others(text) is None:
        everything = tuple(range(n_shown))
        found = [
            Pointer(everything, one.span(), _THAN.search(text[: one.start()]) is not None)
            for one in _ALL.finditer(text)
        ]
    return found


def _place(match: re.Match[str], n_shown: int) -> int:
    word = (match["word"] or "").lower()
    if match["end"] or word == "last":
        return n_shown - 1
    if word:
        return _PLACES[word]
    digits = match["nth"] or match["number"] or match["chinese"]
    return _CHINESE[digits] if digits in _CHINESE else int(digits) - 1


def others(text: str) -> Region | None:
    """Find where a turn asks for other items than those shown: ``something else``, ``换一批``."""
    match = _OTHERS.search(text)
    return None if match is None else match.span()


def comparatives(text: str, measures: Measures) -> Iterator[Comparative]:
    """Find where a turn wants more or less of something than what was shown.

    Parameters
    ----------
    text : str
        A turn.
    measures : Measures
        What the catalog has numbers of.

    Yields
    ------
    Comparative
        One for each; ``not longer`` is no longer ``longer``.

    Examples
    --------
    >>> [(one.measure.kind, one.op) for one in comparatives("便宜一点，不要更长", Measures())]
    [('price', '<'), ('runtime', '<=')]
    """
    for kind, op, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            refused = _NOT_AS.search(text[: match.start()])
            start = refused.start() if refused else match.start()
            span = (start, match.end())
            yield Comparative(measures.of_kind(kind), inverted(op) if refused else op, span)


def replacement(text: str) -> Region | None:
    """Find where a turn takes back what was wanted: ``actually``, ``instead``, ``换成``."""
    match = _INSTEAD.search(text)
    return None if match is None else match.span()


def anew(text: str) -> Region | None:
    """Find where a turn begins a new dialogue: ``start over``, ``重新来``."""
    match = _ANEW.search(text)
    return None if match is None else match.span()


def merged(before: Understanding, now: Understanding, *, instead: bool = False) -> Understanding:
    """Bring a turn together with what was said before it.

    Parameters
    ----------
    before : Understanding
        What the dialogue meant so far.
    now : Understanding
        What the new turn means by itself.
    instead : bool
        Whether the new turn takes the place of what was wanted. What was refused and the limits
        stay.

    Returns
    -------
    Understanding
        Parts of earlier turns say in ``turn`` how long ago they were said; their spans lie in the
        text of that turn. ``unmatched`` is that of the new turn.

    Examples
    --------
    >>> war = LinkedEntity("g:war", "Entity", "War", (4, 7), 1.0, "exact")
    >>> after = merged(Understanding("en", exclude=(war,)), Understanding("en"))
    >>> [(one.name, one.turn) for one in after.exclude]
    [('War', 1)]
    """
    gone = [one for one in before.constraints if _overridden(one, now.constraints)]
    refused = {one.entity_id for one in now.exclude}
    wanted = {one.entity_id for one in (*now.include, *now.similar_to)}
    dropped = [
        one
        for one in (*before.include, *before.similar_to)
        if one.entity_id in refused or any(_said_with(one, limit) for limit in gone)
    ]
    limits = [
        limit
        for limit in before.constraints
        if limit not in gone and not any(_said_with(one, limit) for one in dropped)
    ]
    keep = [] if instead and wanted else [one for one in before.include if one not in dropped]
    like = [] if now.similar_to or (instead and wanted) else list(before.similar_to)
    texts = (now.free_text,) if instead and wanted else (before.free_text, now.free_text)
    return replace(
        now,
        language=before.language if now.language == "other" else now.language,
        include=(*now.include, *_aged(one for one in keep if one.entity_id not in wanted)),
        exclude=(
            *now.exclude,
            *_aged(one for one in before.exclude if one.entity_id not in wanted | refused),
        ),
        similar_to=(*now.similar_to, *_aged(one for one in like if one not in dropped)),
        constraints=(*now.constraints, *(replace(one, turn=one.turn + 1) for one in limits)),
        free_text=" ".join(filter(None, texts)),
    )


def _aged(parts: Iterator[LinkedEntity]) -> list[LinkedEntity]:
    return [replace(one, turn=one.turn + 1) for one in parts]


def _said_with(one: LinkedEntity, limit: Constraint) -> bool:
    """Tell whether a name is part of a limit, as a decade is."""
    inside = limit.span[0] <= one.span[0] and one.span[1] <= limit.span[1]
    return inside and one.turn == limit.turn


def _overridden(old: Constraint, new: Sequence[Constraint]) -> bool:
    """Tell whether newer limits on the same attribute replace or contradict an older one."""
    for limit in new:
        if limit.field != old.field:
            continue
        for side in (_LOWER, _UPPER):
            if limit.op in side and old.op in side:
                return True
        low, high = (limit, old) if limit.op in _LOWER else (old, limit)
        if low.value > high.value:
            return True
    return False
