"""Words that compare an amount with an attribute: ``under``, ``at least``, ``不超过``, ``以内``."""

import re
from typing import Literal, NamedTuple

from llm.measures import Measures
from llm.years import Op, Region

Compare = Op | Literal["about"]

_BEFORE: tuple[tuple[Compare, str, str], ...] = (
    # what it means, how it is said in front of an amount, which kind it is about by itself
    ("<", r"\b(?:cheaper|less\s+expensive)\s+than|便宜(?:于|过)", "price"),
    (">", r"\b(?:pricier|dearer|more\s+expensive)\s+than|贵(?:于|过)", "price"),
    ("<", r"\bshorter\s+than|短于", "runtime"),
    (">", r"\blonger\s+than|长于", "runtime"),
    (
        "<=",
        r"\bat\s+(?:the\s+)?most|\bup\s+to|\bmax(?:imum)?\b\.?|\bwithin|\bno\s+more\s+than"
        r"|最多|至多|最高|最长|最大|最贵|上限",
        "",
    ),
    ("<=", r"\b(?:i|we)(?:['’]ve)?\s+(?:only\s+|just\s+)?(?:have|got)|(?:只|就)有", ""),
    (
        ">=",
        r"\bat\s+(?:the\s+)?least|\bmin(?:imum)?\b\.?(?=\s|$)|\bupwards\s+of"
        r"|至少|最少|起码|最低|最短|最小",
        "",
    ),
    (
        "<",
        r"\b(?:under|below|less\s+than|fewer\s+than)"
        r"|\b(?:smaller|lower|lighter|thinner|quicker|worse)\s+than"
        r"|低于|少于|小于|轻于|不到|不足",
        "",
    ),
    (
        ">",
        r"\b(?:over|above|more\s+than|exceed(?:s|ing)?)"
        r"|\b(?:bigger|larger|greater|higher|heavier|better)\s+than"
        r"|超过|高于|多于|大于|重于",
        "",
    ),
    ("about", r"\b(?:around|about|approximately|roughly|circa)|大约|大概|约", ""),
)
_AFTER: tuple[tuple[Compare, str], ...] = (
    (
        "<=",
        r"(?:or|and)\s+(?:less|under|below|cheaper|shorter|lower|fewer|smaller|lighter)\b"
        r"|max(?:imum)?\b|tops\b|at\s+(?:the\s+)?most\b|(?:及|或)?(?:以内|以下|以里)|之内|之下|内(?!存)"
        r"|封顶",
    ),
    (
        ">=",
        r"\+|(?:or|and)\s+(?:more|over|above|up|longer|higher|better|bigger|larger|greater"
        r"|heavier|upwards?)\b|min(?:imum)?\b|at\s+(?:the\s+)?least\b|upwards?\b"
        r"|(?:及|或)?以上|之上|往上|起(?!来|床|码)",
    ),
    ("<", r"不到"),
    ("about", r"or\s+so\b|左右|上下"),
)
_BEFORE_PATTERNS = tuple(
    (op, re.compile(rf"(?:{words})\s*$", re.IGNORECASE), kind) for op, words, kind in _BEFORE
)
_AFTER_PATTERNS = tuple(
    (op, re.compile(rf"\s*,?\s*(?:{words})", re.IGNORECASE)) for op, words in _AFTER
)
_FILLER = re.compile(
    r"(?:\b(?:of|is|are|a|an|the|only|just|than|to|for|EU|US|UK|be)|花|用|是|为|在|要|了|：|:)\s*$",
    re.IGNORECASE,
)
_INVERTED: dict[Op, Op] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "=="}
_WEAK = (
    r"(?:want|wants|to|see|watch|read|buy|spend|spending|pay|paying|anything|something|any|a|an"
    r"|the|all|that|those|which|who|is|are|was|were|it|be|been|go|going|like|need|should|must"
    r"|please|in|at|of|from|made|released|published|costs?|costing|priced|runs?|running|lasts?"
    r"|lasting|weigh(?:s|ing)?|rated|with|films?|movies?|ones?|items?|products?|books?|shoes"
    r"|much|more\s+than\s+the)"
)
_NEGATOR = re.compile(
    r"\b(?:not|no|never|nothing|none|without|cannot|(?:do|does|did|is|are|was|were|should|must|can"
    rf"|wo|would)n['’]?t)\s+(?:{_WEAK}\s+){{0,6}}$"
    r"|(?:(?<![特类分区级性个])别|(?:可|绝)?不(?:要|想|能|得|可|会|许|需要|应该|应|喜欢)*)"
    r"(?:再|看|买|花|选|推荐|给我|有|是|的|片|电影|任何|太){0,4}\s*$",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\s*的?\s*(?:电影|片子|片|东西|鞋子|鞋|书|商品)?(?:都|就)?(?:不要|不看|不行|不买|除外|免了|算了|就算了)"
    r"(?=\s*(?:了|$|[，。！？；,.!?;]))"
)
_SOFT = re.compile(
    r"\b(?:preferably|ideally|if\s+possible|hopefully|(?:i['’]?d|would)\s+prefer|i\s+prefer"
    r"|if\s+you\s+can|maybe|perhaps)\b|最好|尽量|尽可能|可能的话|如果可以|如果可能|优先",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[，。！？；,;!?\n]|\.(?=\s|$)|\bbut\b|但", re.IGNORECASE)


class Comparison(NamedTuple):
    """What stands around an amount.

    Attributes
    ----------
    op : Compare or None
        How the attribute is to compare with it; ``"about"`` for ``around 50``.
    name : str
        The name of an attribute beside it, in lower case; empty when there is none.
    kind : str
        Which kind of attribute the comparison is about by itself (``cheaper`` is about a price).
    refused : bool
        Whether the comparison is refused: ``not longer than``, ``不超过``.
    span : (int, int)
        The amount with all of that.
    """

    op: Compare | None
    name: str
    kind: str
    refused: bool
    span: Region


def comparison(text: str, amount: Region, measures: Measures) -> Comparison:
    """Read what compares an amount with an attribute.

    Parameters
    ----------
    text : str
        A request.
    amount : Region
        Where it has the amount.
    measures : Measures
        Knows the names of attributes.

    Returns
    -------
    Comparison
        Words in front count before words behind.

    Examples
    --------
    >>> comparison("price below 15 please", (12, 14), Measures())
    Comparison(op='<', name='price', kind='', refused=False, span=(0, 14))
    """
    op, name, kind, refused, (start, end) = _read_before(text, amount, measures)
    name, end = _name_after(text, end, name, measures)
    for after_op, pattern in _AFTER_PATTERNS if op is None else ():
        match = pattern.match(text, end)
        if match is not None:
            op, end = after_op, match.end()
            break
    name, end = _name_after(text, end, name, measures)
    if not refused and op is not None:
        whole = negation(text, (start, end))
        refused = whole is not None
        start, end = whole or (start, end)
    return Comparison(op, name, kind, refused, (start, end))


def _read_before(text: str, amount: Region, measures: Measures) -> Comparison:
    """Walk back from an amount over comparison, name and the little words between them."""
    op: Compare | None = None
    name = kind = ""
    refused = False
    start = end = amount[0]
    while True:
        offset = max(0, end - 40)
        part = text[offset:end]
        if op is None and (compared := _compared_before(part)):
            op, kind, begin = compared
        elif not name and (named := measures.name_before(part)):
            name, begin = named["name"].lower(), named.start()
        elif op and not refused and (negator := _NEGATOR.search(part)):
            refused, begin = True, negator.start()
        else:
            filler = _FILLER.search(part)
            if filler is None:
                return Comparison(op, name, kind, refused, (start, amount[1]))
            end = offset + filler.start()
            continue
        start = end = offset + begin


def _name_after(text: str, end: int, name: str, measures: Measures) -> tuple[str, int]:
    behind = None if name else measures.name_after(text[end : end + 24])
    return (name, end) if behind is None else (behind["name"].lower(), end + behind.end())


def _compared_before(part: str) -> tuple[Compare, str, int] | None:
    for op, pattern, kind in _BEFORE_PATTERNS:
        match = pattern.search(part)
        if match is not None:
            return op, kind, match.start()
    return None


def inverted(op: Op) -> Op:
    """Return the comparison that holds where ``op`` does not; equality has none."""
    return _INVERTED[op]


def negation(text: str, span: Region) -> Region | None:
    """Tell whether a limit is refused: ``not longer than``, ``不超过``, ``两小时以上的不要``.

    Parameters
    ----------
    text : str
        A request.
    span : Region
        Where it sets the limit.

    Returns
    -------
    Region or None
        The limit with what refuses it; None when nothing does.

    Examples
    --------
    >>> negation("nothing older than 1990", (8, 23))
    (0, 23)
    """
    before = _NEGATOR.search(text[: span[0]])
    if before is not None:
        return before.start(), span[1]
    after = _REFUSED.match(text, span[1])
    return None if after is None else (span[0], after.end())


def soft_words(text: str) -> list[Region]:
    """Return where a request softens what it asks for."""
    return [match.span() for match in _SOFT.finditer(text)]


def is_soft(text: str, span: Region) -> bool:
    """Tell whether the clause of ``span`` asks softly: ``preferably``, ``ideally``, ``最好``."""
    starts = [match.end() for match in _CLAUSE.finditer(text, 0, span[0])]
    end = _CLAUSE.search(text, span[1])
    return (
        _SOFT.search(text, starts[-1] if starts else 0, end.start() if end else len(text))
        is not None
    )
