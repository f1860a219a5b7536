"""Find what a request means without naming it, by the vectors of its parts and of the whole."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from llm.chinese import words
from llm.meaning import MeaningIndex
from llm.spans import WEAK_WORDS, Mention, Span, covered_by
from llm.surfaces import NamedThing, has_chinese_name
from llm.text import Folded, fold, is_cjk
from llm.words import CHINESE_FILLERS, OPPOSITE_CHARACTERS, ORDINARY_WORDS

_THRESHOLD = 0.75
_THRESHOLD_CHINESE = 0.85
_THRESHOLD_ACROSS = 0.7
_THRESHOLD_ORDINARY = 0.88
_THRESHOLD_FOREIGN = 0.85
_LEAST_LEAD = 0.2
_MAX_WORDS = 4
_MAX_SPANS = 32
_SPARE = 20
_PAUSE = re.compile(r"[^\w\s'’&+/-]")
_FILLERS = frozenset(CHINESE_FILLERS)

Get = Callable[[str], NamedThing | None]


def meaning_spans(request: Folded, covered: frozenset[int] = frozenset()) -> list[Span]:
    """Return the parts of a request that may mean something: one to four words in a row.

    Parameters
    ----------
    request : Folded
        The request.
    covered : frozenset of int
        Tokens that are linked already.

    Returns
    -------
    list of Span
        Shortest first, since a few words carry more meaning than many. A part begins and ends with
        a word that has meaning of its own, and no punctuation stands in it.
    """
    units = _units(request)
    usable = [covered.isdisjoint(range(first, end)) for first, end, _ in units]
    joined = [_is_joined(request, one, other) for one, other in pairwise(units)]
    spans = []
    for length in range(1, _MAX_WORDS + 1):
        for at in range(len(units) - length + 1):
            last = at + length - 1
            if not (units[at][2] and units[last][2]):
                continue
            if all(usable[at : last + 1]) and all(joined[at:last]):
                spans.append((units[at][0], units[last][1]))
    return [span for span in spans if not _is_one_character(request, span)][:_MAX_SPANS]


def _units(request: Folded) -> list[tuple[int, int, bool]]:
    """Cut the tokens into words: first token, end, and whether the word has meaning."""
    units = []
    at, n = 0, len(request.tokens)
    while at < n:
        if is_cjk(request.tokens[at]):
            end = at
            while end < n and is_cjk(request.tokens[end]):
                end += 1
            units += [(at + a, at + b, meant) for a, b, meant in _chinese(request, at, end)]
            at = end
        else:
            units.append((at, at + 1, request.tokens[at] not in WEAK_WORDS))
            at += 1
    return units


def _chinese(request: Folded, first: int, end: int) -> Iterator[tuple[int, int, bool]]:
    text = "".join(request.tokens[first:end])
    for start, stop in words(text):
        yield start, stop, text[start:stop] not in _FILLERS


def _is_joined(request: Folded, one: tuple[int, int, bool], other: tuple[int, int, bool]) -> bool:
    between = request.source[request.spans[one[1] - 1][1] : request.spans[other[0]][0]]
    return _PAUSE.search(between) is None


def _is_one_character(request: Folded, span: Span) -> bool:
    return span[1] - span[0] == 1 and is_cjk(request.tokens[span[0]])


class MeaningFinder:
    """Finds what requests mean.

    Parameters
    ----------
    meaning : MeaningIndex
        Names that are no titles, by their vectors.
    titles : MeaningIndex
        Titles and people that have no Chinese name, for requests in Chinese.
    get : Callable
        From an id to the thing, None where it is gone.
    """

    def __init__(self, meaning: MeaningIndex, titles: MeaningIndex, get: Get) -> None:
        self._meaning = meaning
        self._titles = titles
        self._get = get

    def find(
        self, request: Folded, covered: frozenset[int], *, foreign: bool = False
    ) -> list[Mention]:
        """Return what the parts of a request that are not linked mean, where that is sure.

        Parameters
        ----------
        request : Folded
            The request.
        covered : frozenset of int
            Tokens that are linked already.
        foreign : bool
            Whether the request is in a third language.

        Returns
        -------
        list of Mention
            Surest first; no two cover the same token.
        """
        spans = meaning_spans(request, covered)
        parts = [request.original(*span) for span in spans]
        if not parts or not len(self._meaning):
            return []
        best = self._meaning.best(self._meaning.encode(parts))
        scored = []
        for span, (thing_id, cosine) in zip(spans, best, strict=True):
            thing = self._get(thing_id)
            if thing is not None and cosine >= needed(request, span, thing, foreign=foreign):
                scored.append(Mention(*span, thing, cosine, "vector"))
        found: list[Mention] = []
        for mention in sorted(scored, key=lambda mention: -mention.score):
            if covered_by(found).isdisjoint(range(mention.first, mention.end)):
                found.append(mention)
        return found

    def whole(self, request: Folded) -> list[Mention]:
        """Return what a request that names nothing means as a whole, where that is sure.

        Parameters
        ----------
        request : Folded
            The request.

        Returns
        -------
        list of Mention
            One or none; none without an adapter, since nothing else knows how near is near enough.
        """
        adapter = self._meaning.adapter
        if adapter is None or not request.tokens:
            return []
        asked = self._meaning.encode([request.source])[0]
        first, second = [*self._meaning.meant(asked, limit=2), ("", 0.0)][:2]
        thing = self._get(first[0])
        sure = first[1] >= adapter.sure and first[1] - second[1] >= _LEAST_LEAD
        if thing is None or not sure or _says_opposite(request, thing):
            return []
        return [Mention(0, len(request.tokens), thing, min(1.0, first[1]), "vector")]

    def ranking(self, request: Folded, *, limit: int) -> list[tuple[str, float]]:
        """Rank things by how near they are to the whole request and to a part of it.

        Parameters
        ----------
        request : Folded
            The request.
        limit : int
            How many to return at most.

        Returns
        -------
        list of (str, float)
            Ids and the mean of the two cosines, best first. Titles without a Chinese name are
            among them where the request has Chinese in it.
        """
        if not request.tokens:
            return []
        spans = meaning_spans(request)
        texts = [request.source, *(request.original(*span) for span in spans)]
        vectors = self._meaning.encode(texts)
        n = 2 * limit + _SPARE
        whole = self._meaning.meant(vectors[0], limit=n)
        parts = self._meaning.ranking(vectors, limit=n)
        if any(map(is_cjk, request.tokens)):
            parts += self._titles.ranking(vectors, limit=n)
        return _mean(dict(whole), dict(parts))[:limit]


def _mean(whole: dict[str, float], parts: dict[str, float]) -> list[tuple[str, float]]:
    """Rank by the mean of two cosines; what is missing in one is no nearer than its last."""
    least = [min(cosines.values(), default=0.0) for cosines in (whole, parts)]
    mean = {one: (whole.get(one, least[0]) + parts.get(one, least[1])) / 2 for one in whole | parts}
    return sorted(mean.items(), key=lambda pair: -pair[1])


def needed(request: Folded, span: Span, thing: NamedThing, *, foreign: bool) -> float:
    """Return the least cosine at which a part of a request may be said to mean a thing.

    Short Chinese words that share a character are near each other whatever they mean; hence a thing
    that has Chinese names must be nearer to a part in Chinese, and one that has none, where such
    likeness cannot be, need not be as near as in one language. An ordinary English word alone
    (``gift``, ``run``) is near to many names that hold it or something like it.

    Parameters
    ----------
    request : Folded
        The request.
    span : Span
        The part.
    thing : NamedThing
        What it may mean.
    foreign : bool
        Whether the request is in a third language.

    Returns
    -------
    float
        A cosine; above one where it cannot mean it.
    """
    first, end = span
    if is_cjk(request.tokens[first]):
        if not has_chinese_name(thing):
            return _THRESHOLD_ACROSS
        if _are_opposite(request.phrase(first, end), thing):
            return 2.0
        return _THRESHOLD_CHINESE
    if end - first == 1 and request.tokens[first] in ORDINARY_WORDS:
        return 2.0 if foreign else _THRESHOLD_ORDINARY
    return _THRESHOLD_FOREIGN if foreign else _THRESHOLD


def _says_opposite(request: Folded, thing: NamedThing) -> bool:
    spans = meaning_spans(request)
    return any(_are_opposite(request.phrase(*span), thing) for span in spans)


def _are_opposite(phrase: str, thing: NamedThing) -> bool:
    """Tell whether a phrase differs from a name by a character of the opposite meaning only."""
    for name in map(fold, thing.surfaces):
        if len(name.key) == len(phrase):
            differing = [
                set(pair) for pair in zip(name.key, phrase, strict=True) if len(set(pair)) > 1
            ]
            if len(differing) == 1 and frozenset(differing[0]) in OPPOSITE_CHARACTERS:
                return True
    return False
