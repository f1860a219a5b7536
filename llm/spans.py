"""Which parts of a request may name something, and what a part that names several things means."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from llm.surface_index import MIN_FUZZY_LETTERS, Candidate
from llm.surfaces import NamedThing, plain_name
from llm.text import Folded, fold, is_cjk
from llm.words import FUNCTION_WORDS, ORDINARY_WORDS, REQUEST_WORDS

WEAK_WORDS = FUNCTION_WORDS | REQUEST_WORDS
MAX_SPAN_TOKENS = 4

_ATTRIBUTE_CERTAINTY = 0.95
_ARTICLES = frozenset({"the", "a", "an"})
_OPENING = "《〈「『“‘\"'"
_TITLE_OPENING = "《〈"
_YEAR_BEHIND = re.compile(r"\s*\(((?:19|20)\d\d)\)")
_MAKERS = "director|author|writer|creator|maker|actor|actress|singer|composer|star|band"
_BY_ITS_MAKERS = re.compile(
    rf"\s+(?:{_MAKERS})s?\b|》?的?(?:导演|作者|主演|歌手|编剧)", re.IGNORECASE
)
_MAKERS_OF = re.compile(rf"\b(?:{_MAKERS})s?\s+(?:of|behind)\s+[\"'“‘]?$", re.IGNORECASE)

Span = tuple[int, int]
"""First token and end of a part of a request."""

Region = tuple[int, int]
"""First character and end of a part of a request."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens ``first`` to ``end - 1`` of a request and what they name."""

    first: int
    end: int
    thing: NamedThing
    score: float
    method: Literal["exact", "fuzzy", "vector"]


def covered_by(mentions: Iterable[Mention]) -> frozenset[int]:
    """Return the tokens that mentions cover."""
    return frozenset(at for mention in mentions for at in range(mention.first, mention.end))


def choose(
    candidates: Sequence[Candidate],
    request: Folded,
    span: Span,
    examples: Sequence[Region],
) -> Candidate | None:
    """Choose between the things of one surface.

    Parameters
    ----------
    candidates : Sequence of Candidate
        Things that have the surface.
    request : Folded
        The request.
    span : Span
        Where it has the surface, or one like it.
    examples : Sequence of Region
        Where titles are expected.

    Returns
    -------
    Candidate or None
        None when none of them can be meant.
    """
    if not candidates or not _can_be_name(request, *span):
        return None
    candidates = _of_the_year(candidates, request, span)
    if _stands_for_its_makers(request, *span):
        candidates = [one for one in candidates if one.thing.kind == "Entity"]
    title_expected = _is_example(request, span, examples)
    if not (title_expected or _is_emphasised(request, *span)) and _is_ordinary(request, *span):
        weak = WEAK_WORDS.issuperset(request.tokens[span[0] : span[1]])
        candidates = [
            one
            for one in candidates
            if one.thing.kind == "Entity" and not (weak and _has_article(one.thing))
        ]
    return max(
        candidates, default=None, key=lambda one: _preference(one, title_expected=title_expected)
    )


def _of_the_year(
    candidates: Sequence[Candidate], request: Folded, span: Span
) -> Sequence[Candidate]:
    """Keep the titles of the year that follows in brackets (``Jumanji (1995)``), if there are."""
    _, stop = request.span(*span)
    year = _YEAR_BEHIND.match(request.source, stop)
    if year is None:
        return candidates
    told = f"({year[1]})"
    return [one for one in candidates if any(told in name for name in one.thing.surfaces)] or (
        candidates
    )


def _preference(candidate: Candidate, *, title_expected: bool) -> tuple[bool, float, float, str]:
    if title_expected:
        first = candidate.thing.kind == "Item"
    else:
        first = candidate.thing.kind == "Entity" and candidate.certainty >= _ATTRIBUTE_CERTAINTY
    return first, candidate.certainty, candidate.thing.weight, candidate.thing.id


def _can_be_name(request: Folded, first: int, end: int) -> bool:
    """Tell whether tokens can name anything: ``us`` cannot, ``US`` can."""
    alone = len(request.tokens) == 1
    if alone or end - first > 1 or request.tokens[first] not in FUNCTION_WORDS:
        return True
    written = request.original(first, end)
    return len(written) > 1 and written.isupper() and not request.source.isupper()


def _is_ordinary(request: Folded, first: int, end: int) -> bool:
    """Tell whether a title is made of words that people use without meaning any title."""
    tokens = [token for token in request.tokens[first:end] if token not in _ARTICLES]
    if all(map(is_cjk, tokens)):
        return len(tokens) <= 2
    if len(tokens) == 1:
        return tokens[0] in ORDINARY_WORDS or tokens[0].isdigit() or len(tokens[0]) == 1
    return all(token in WEAK_WORDS for token in tokens)


def _has_article(thing: NamedThing) -> bool:
    """Tell whether a name begins with an article, as proper names do: a studio ``The Film``."""
    return not _ARTICLES.isdisjoint(fold(plain_name(thing.surfaces[0])).tokens[:1])


def _stands_for_its_makers(request: Folded, first: int, end: int) -> bool:
    """Tell whether a title is there for the people who made it: ``by the director of Heat``."""
    start, stop = request.span(first, end)
    before = _MAKERS_OF.search(request.source[:start])
    return before is not None or _BY_ITS_MAKERS.match(request.source, stop) is not None


def _is_emphasised(request: Folded, first: int, end: int) -> bool:
    """Tell whether the request shows a title: alone, quoted, or a capital amid small ones."""
    if end - first == len(request.tokens):
        return True
    start, stop = request.span(first, end)
    before = request.source[:start].rstrip()
    if request.source[:start][-1:] in _OPENING and start:
        return True
    starts_sentence = not before or before[-1] in ".!?。！？"
    written = request.source[start:stop]
    return written[:1].isupper() and not starts_sentence and _has_small_words(request)


def _has_small_words(request: Folded) -> bool:
    words = [request.source[start:end] for start, end in request.spans]
    small = sum(word[:1].islower() for word in words)
    return small * 2 >= sum(word[:1].isupper() for word in words)


def _is_example(request: Folded, span: Span, examples: Sequence[Region]) -> bool:
    start, stop = request.span(*span)
    if start and request.source[start - 1] in _TITLE_OPENING:
        return True
    return any(begin <= start and stop <= end for begin, end in examples)


def open_spans(request: Folded, covered: frozenset[int]) -> list[Span]:
    """Return spans of up to four uncovered words that may be a misspelt name.

    Names may begin and end with words that mean nothing when they stand alone (``night``,
    ``best``), but not with function words. Chinese is left out.

    Parameters
    ----------
    request : Folded
        The request.
    covered : frozenset of int
        Tokens that are linked already.

    Returns
    -------
    list of Span
        Longest first, then in the order of the text.
    """
    n = len(request.tokens)
    usable = [at not in covered and not is_cjk(token) for at, token in enumerate(request.tokens)]
    spans = []
    for length in range(MAX_SPAN_TOKENS, 0, -1):
        for first in range(n - length + 1):
            end = first + length
            ends = {request.tokens[first], request.tokens[end - 1]}
            if all(usable[first:end]) and ends.isdisjoint(FUNCTION_WORDS):
                spans.append((first, end))
    return spans


def may_be_slip(request: Folded, span: Span) -> bool:
    """Tell whether a span can be a misspelt name: long enough, and not of ordinary words only."""
    if len(request.phrase(*span)) < MIN_FUZZY_LETTERS:
        return False
    return any(token not in ORDINARY_WORDS for token in request.tokens[span[0] : span[1]])


def is_slip(written: str, surface: str) -> bool:
    """Tell whether a surface may have been meant by one that is nearly the same.

    Parameters
    ----------
    written : str
        Folded surface in a request.
    surface : str
        Folded surface of a thing.

    Returns
    -------
    bool
        False where the two differ in a number or only in the ending of a plural, and for a single
        word that people use without meaning any name.
    """
    if surface in ORDINARY_WORDS or _numbers(written) != _numbers(surface):
        return False
    together = written.replace(" ", "")
    return together.removesuffix("s") != surface.replace(" ", "").removesuffix("s")


def _numbers(key: str) -> list[str]:
    return sorted(re.findall(r"\d+", key))
