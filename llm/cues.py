"""Words that turn what follows them: ``not horror``, ``except E.T.``, ``like Alien``, ``不要``.

A cue reaches the first thing named after it in the same clause, and from there along ``or``,
``and`` and their kin. Cues that stand behind what they turn (``除外``, ``-like``) are known too.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from operator import itemgetter

Region = tuple[int, int]
"""First character and end of a part of a request."""

_NEGATION = re.compile(
    r"""
    \b(?:not|no|nor|neither|never|nothing(?!\ (?:but|else)\b)|without
      |except(?:ing)?(?:\ for)?|excluding|exclude|minus|avoid
      |anything\ but|other\ than|apart\ from|hates?|dislikes?|can['’]?t\ stand|sick\ of|tired\ of
      |(?:do|does|did|is|are|was|were|should)n['’]?t)\b
      (?!\ (?:only|just|sure|matter|idea|problem|(?:more|later|earlier)\ than|care|mind|you)\b)
    |不喜欢|不感兴趣|不想要|不想看|不想听|不想|不爱看|不爱|不看|不含|不带|不包括|不包含|不能有
    |(?<!要)不要(?:再?(?:给我)?(?:推荐|放))?|(?<!是)不是|(?<!有)没有|除了|除开|除去|排除|去掉|避免|避开|讨厌|拒绝
    |(?<![特类分区级性个])别(?![的人样致墅名])(?:再?(?:给我)?(?:推荐|放))?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NEGATED_BEFORE = re.compile(
    r"[》”\"']?(?:片|电影|类|剧|的)?就?(?:不要|不看|不行|不喜欢|除外|以外|之外|算了|免了)了?"
    r"(?=\s*(?:$|[，。！？；,.!?;]))|[- ]free\b|\ (?:is|are)\ out\b",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"""
    (?<!would\ )(?<!['’]d\ )(?<!feel\ )(?<!looks\ )\blike\b|\bsimilar\ to\b|\bsame\ as\b
    |\bvein\ of\b|\bstyle\ of\b|\bspirit\ of\b|\breminiscent\ of\b|\breminds?\ (?:me|us)\ of\b
    |\bresembl\w+
    |\bcomparable\ to\b|\bakin\ to\b|\bfans?\ of\b
    |类似于?|相似于|(?<![好图偶想录影头雕摄])像|如同|近似于?
    |(?:和|跟|与)(?=[^，。！？；,!?;]{1,40}?(?:一样|差不多|类似|相似|同类))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_EXAMPLE_BEFORE = re.compile(
    r"[》”\"']?(?:[- ](?:style|like|type|esque)\b|-?esque\b"
    r"|那种|那样|这种|这样|一样|之类|一类|同类|差不多|类似)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[，。！？；,;!?\n]|\.(?=\s|$)")
_EXAMPLE_END = re.compile(
    r"[。！？；;!?\n]|\.(?=\s*$)|\b(?:but|with|without|though|only|set|from|that|which)\b|但|不过",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"\b(?:but|just|only|instead|rather|maybe|perhaps|please|prefer|however)\b"
    r"|但|不过|只|想|要|喜欢|推荐|来点|来部|最好",
    re.IGNORECASE,
)
_MAX_GAP_WORDS = 6
_MAX_GAP_CHARACTERS = 48
_JOINED = re.compile(
    r"\s*(?:films?|movies?|ones|片|电影|类|剧|的)?\s*"
    r"(?:,?\s*\b(?:or|nor|and)\b|[&/、]|和|或者?|与|跟|及|以及|还有)"
    r"\s*(?:(?:the|any|a|an|from|by|with)\s)?\s*[《“\"'‘]?",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s*,\s*(?:the\s)?\s*[《“\"'‘]?", re.IGNORECASE)


def example_regions(text: str) -> list[Region]:
    """Find where a request names examples.

    Parameters
    ----------
    text : str
        A request.

    Returns
    -------
    list of Region
        What follows each cue, up to where the clause turns to something else.

    Examples
    --------
    >>> text = "films like Heat but funny"
    >>> [text[start:end] for start, end in example_regions(text)]
    [' Heat ']
    """
    regions = []
    for cue in _EXAMPLE.finditer(text):
        end = _EXAMPLE_END.search(text, cue.end())
        regions.append((cue.end(), end.start() if end else len(text)))
    return regions


def is_example(text: str, span: Region, regions: Sequence[Region]) -> bool:
    """Tell whether the thing named in ``span`` is an example of what is wanted.

    Parameters
    ----------
    text : str
        A request.
    span : Region
        Where it names the thing.
    regions : Sequence of Region
        As :func:`example_regions` found them.

    Returns
    -------
    bool
        True after a cue and before one.
    """
    if any(start <= span[0] < end for start, end in regions):
        return True
    return _EXAMPLE_BEFORE.match(text, span[1]) is not None


def negated(text: str, spans: Sequence[Region], limits: Sequence[Region] = ()) -> dict[int, Region]:
    """Find which of the things that a request names it does not want.

    Parameters
    ----------
    text : str
        A request.
    spans : Sequence of Region
        Where it names things, in the order of the text.
    limits : Sequence of Region
        Where it sets limits; the ``not`` of ``not longer than`` refuses nothing.

    Returns
    -------
    dict[int, Region]
        Index of each unwanted one to the part of the text that says so, cue and name.

    Examples
    --------
    >>> negated("comedy, no horror or war, please", [(0, 6), (11, 17), (21, 24)])
    {1: (8, 17), 2: (8, 24)}
    """
    found: dict[int, Region] = {}
    for cue in _NEGATION.finditer(text):
        if _overlaps(cue, (*spans, *limits)):
            continue
        for index in _reached(text, cue.end(), spans):
            found.setdefault(index, (cue.start(), spans[index][1]))
    for index, (start, end) in enumerate(spans):
        after = _NEGATED_BEFORE.match(text, end)
        if after is not None:
            found.setdefault(index, (start, after.end()))
    return found


def negated_words(
    text: str, spans: Sequence[Region], limits: Sequence[Region] = ()
) -> list[Region]:
    """Find what a request does not want in words that name nothing.

    Parameters
    ----------
    text : str
        A request.
    spans : Sequence of Region
        Where it names things.
    limits : Sequence of Region
        Where it sets limits.

    Returns
    -------
    list of Region
        From each cue that reaches no name to the end of its clause, or to a limit.

    Examples
    --------
    >>> negated_words("a comedy, not too sad", [(2, 8)])
    [(10, 21)]
    """
    regions = []
    for cue in _NEGATION.finditer(text):
        if not _overlaps(cue, (*spans, *limits)) and not _reached(text, cue.end(), spans):
            end = _CLAUSE_END.search(text, cue.end())
            turn = _TURN.search(text, cue.end())
            ends = [match.start() for match in (end, turn) if match]
            ends += [start for start, _ in limits if start >= cue.end()]
            regions.append((cue.start(), min(ends, default=len(text))))
    return regions


def _overlaps(cue: re.Match[str], regions: Sequence[Region]) -> bool:
    return any(start < cue.end() and cue.start() < end for start, end in regions)


def _reached(text: str, cue_end: int, spans: Sequence[Region]) -> list[int]:
    """Return the indices of the names that a cue reaches."""
    first = bisect_left(spans, cue_end, key=itemgetter(0))
    if first == len(spans) or not _is_near(text[cue_end : spans[first][0]]):
        return []
    reached, listed = [first], list[int]()
    for index in range(first + 1, len(spans)):
        gap = text[spans[index - 1][1] : spans[index][0]]
        if _JOINED.fullmatch(gap):
            reached += [*listed, index]
            listed = []
        elif _LISTED.fullmatch(gap):
            listed.append(index)
        else:
            break
    return reached


def _is_near(gap: str) -> bool:
    if len(gap) > _MAX_GAP_CHARACTERS or len(gap.split()) > _MAX_GAP_WORDS:
        return False
    return _CLAUSE_END.search(gap) is None and _TURN.search(gap) is None
