"""Find what a request names: by name, by name with a slip, by meaning, in this order.

A longer surface wins over a shorter one, an earlier step over a later one. Between things of one
surface an attribute wins over a title (``drama`` is the genre), then the surer match, then the
better known thing. A title that is an ordinary word (``Heat``, ``Seven``) counts only where the
request shows that it is meant: by a capital, by quotation marks, or as an example.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from llm.encoder import TextEncoder
from llm.intent import LinkedEntity, Method, Understanding
from llm.leftover import unmatched_words
from llm.lookup import NameLookup
from llm.meaning import MeaningIndex, NameVectors
from llm.spans import Region, Span, choose, is_slip, may_be_slip, open_spans
from llm.surface_index import SurfaceIndex
from llm.surfaces import NamedThing
from llm.text import MAX_REQUEST, Folded, fold, is_cjk, language

__all__ = ["MAX_REQUEST", "Linker", "NameVectors", "NamedThing"]

_FUZZY_CUTOFF = 84.0
_FUZZY_CUTOFF_ACROSS = 88.0
_VECTOR_THRESHOLD = 0.75
_VECTOR_THRESHOLD_CHINESE = 0.85
_MAX_FUZZY_SPANS = 64
_MAX_VECTOR_SPANS = 32
_FUSION = 60


@dataclass(frozen=True, slots=True)
class _Mention:
    """Tokens ``first`` to ``end - 1`` of a request and what they name."""

    first: int
    end: int
    thing: NamedThing
    score: float
    method: Method


class Linker:
    """Links requests to items and entities.

    Parameters
    ----------
    things : Iterable of NamedThing
        What can be named.
    encoder : TextEncoder or None
        With ``vectors``, lets requests name things by other words of the same meaning.
    vectors : NameVectors or None
        Surfaces encoded by ``encoder``; see :func:`llm.meaning.name_vectors`.

    Raises
    ------
    InvalidError
        The vectors do not fit their ids or the encoder.

    Examples
    --------
    >>> linker = Linker([NamedThing("genre:comedy", "Entity", "Genre", ("Comedy", "喜剧片"))])
    >>> [entity.entity_id for entity in linker.link("comedies, please").include]
    ['genre:comedy']
    >>> linker.link("来点喜剧").include[0].span
    (2, 4)
    """

    def __init__(
        self,
        things: Iterable[NamedThing],
        *,
        encoder: TextEncoder | None = None,
        vectors: NameVectors | None = None,
    ) -> None:
        self._index = SurfaceIndex(things)
        self._lookup = NameLookup(self._index)
        self._meaning = MeaningIndex(encoder, vectors) if encoder and vectors else None

    def __len__(self) -> int:
        return len(self._index)

    def add(self, thing: NamedThing, *, by_meaning: bool | None = None) -> None:
        """Let requests name one more thing, in place of what had its id before.

        Parameters
        ----------
        thing : NamedThing
            An item or an entity.
        by_meaning : bool or None
            Whether to encode its surfaces as well; None does so for entities that are no people.
        """
        self.remove(thing.id)
        self._index.add(thing)
        self._lookup.add(thing)
        if by_meaning is None:
            by_meaning = thing.kind == "Entity" and thing.label != "Person"
        if self._meaning is not None and by_meaning:
            self._meaning.add(thing)

    def remove(self, thing_id: str) -> None:
        """Forget a thing; an unknown id changes nothing."""
        thing = self._index.get(thing_id)
        if thing is None:
            return
        self._index.remove(thing_id)
        self._lookup.remove(thing)
        if self._meaning is not None:
            self._meaning.remove(thing_id)

    def search(self, text: str, limit: int = 10) -> list[LinkedEntity]:
        """Look things up by the beginning of a name, forgiving slips.

        Parameters
        ----------
        text : str
            What was typed so far.
        limit : int
            How many to return at most.

        Returns
        -------
        list of LinkedEntity
            Best first; their span is the whole text.
        """
        typed = text[:MAX_REQUEST]
        return [
            LinkedEntity(thing.id, thing.kind, thing.name, (0, len(typed)), score, method)
            for thing, score, method in self._lookup.search(typed, limit=limit)
        ]

    def link(self, text: str, *, examples: Sequence[Region] = ()) -> Understanding:
        """Find everything that a request names, whether it is wanted or not.

        Parameters
        ----------
        text : str
            A request in words.
        examples : Sequence of (int, int)
            Parts of the text where titles are expected (``like ...``): there a title wins over an
            attribute of the same name and ordinary words are titles.

        Returns
        -------
        Understanding
            ``include`` holds all that is named, in the order of the text; see
            :func:`llm.intent.understand` for what is wanted and what is not.
        """
        read = text[:MAX_REQUEST]
        request = fold(read)
        mentions = self._mentions(request, examples)
        covered = _covered(mentions)
        unmatched = unmatched_words(request, covered, n_letters=len(text))
        return Understanding(
            language=language(read),
            include=tuple(_linked(request, mention) for mention in mentions),
            free_text=read.strip() if unmatched else "",
            unmatched=unmatched,
        )

    def namesakes(self, linked: LinkedEntity, text: str) -> list[LinkedEntity]:
        """Return other attributes of its label that the same words of ``text`` name as surely."""
        own = self._index.get(linked.entity_id)
        if own is None or linked.method != "exact" or own.kind != "Entity":
            return []
        alike = self._index.named(fold(text[slice(*linked.span)]).key)
        return [
            replace(linked, entity_id=one.thing.id, name=one.thing.name)
            for one in alike
            if one.thing.label == own.label
            and one.thing.id != own.id
            and one.certainty >= linked.score
        ]

    def rank(self, text: str, *, limit: int = 10) -> list[LinkedEntity]:
        """Rank things by how likely the request speaks of them, without asserting any of them.

        Parameters
        ----------
        text : str
            A request in words.
        limit : int
            How many to return at most.

        Returns
        -------
        list of LinkedEntity
            Best first, by reciprocal rank fusion of what is named and of what is near in meaning;
            those that are only near have the whole text as their span.

        References
        ----------
        .. [1] Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion", SIGIR 2009.
        """
        request = fold(text[:MAX_REQUEST])
        mentions = self._mentions(request, ())
        named: dict[str, LinkedEntity] = {}
        for mention in mentions:
            named.setdefault(mention.thing.id, _linked(request, mention))
        fused: dict[str, float] = {}
        ranked = sorted(named.values(), key=lambda linked: -linked.score)
        for place, linked in enumerate(ranked):
            fused[linked.entity_id] = 1.0 / (_FUSION + place)
        near = self._near(request, limit=max(limit, 10) * 2)
        for place, (thing_id, _) in enumerate(near):
            fused[thing_id] = fused.get(thing_id, 0.0) + 1.0 / (_FUSION + place)
        cosines = dict(near)
        best = sorted(fused, key=lambda thing_id: -fused[thing_id])[:limit]
        return [named.get(one) or self._recalled(one, cosines[one], request) for one in best]

    def _near(self, request: Folded, *, limit: int) -> list[tuple[str, float]]:
        if self._meaning is None or not request.tokens:
            return []
        spans = _shortest(open_spans(request, frozenset(), shortest_cjk=2))
        texts = [request.source, *(request.original(*span) for span in spans)]
        near = self._meaning.ranking(texts, limit=limit)
        return [(one, cosine) for one, cosine in near if self._index.get(one) is not None]

    def _recalled(self, thing_id: str, cosine: float, request: Folded) -> LinkedEntity:
        thing = self._index.get(thing_id)
        assert thing is not None  # noqa: S101 (ranked from the index a moment ago)
        whole = (0, len(request.source))
        return LinkedEntity(thing_id, thing.kind, thing.name, whole, max(cosine, 1e-6), "vector")

    def _mentions(self, request: Folded, examples: Sequence[Region]) -> list[_Mention]:
        mentions = self._slips_across(request, list(self._exact(request, examples)), examples)
        mentions += self._fuzzy(request, _covered(mentions), examples)
        mentions += self._by_meaning(request, _covered(mentions))
        return sorted(mentions, key=lambda mention: mention.first)

    def _slips_across(
        self, request: Folded, exact: list[_Mention], examples: Sequence[Region]
    ) -> list[_Mention]:
        """Let a long misspelt name take the place of what its words name apart."""
        covered = _covered(exact)
        if not covered:
            return exact
        spans = [
            span
            for span in open_spans(request, frozenset())
            if 0 < len(covered.intersection(range(*span))) < span[1] - span[0]
            and may_be_slip(request, span)
        ]
        for span in spans[:_MAX_FUZZY_SPANS]:
            inside = [one for one in exact if one.first < span[1] and span[0] < one.end]
            within = all(span[0] <= one.first and one.end <= span[1] for one in inside)
            if inside and within:
                found = self._meant(request, span, examples, cutoff=_FUZZY_CUTOFF_ACROSS)
                if found is not None:
                    exact = [one for one in exact if one not in inside] + [found]
        return exact

    def _exact(self, request: Folded, examples: Sequence[Region]) -> Iterator[_Mention]:
        first, n = 0, len(request.tokens)
        while first < n:
            step = 1
            for end in range(min(n, first + self._index.reach(request.tokens[first])), first, -1):
                candidates = self._index.named(request.phrase(first, end))
                chosen = choose(candidates, request, (first, end), examples)
                if chosen is not None:
                    yield _Mention(first, end, chosen.thing, chosen.certainty, "exact")
                    step = end - first
                    break
            first += step

    def _fuzzy(
        self, request: Folded, covered: frozenset[int], examples: Sequence[Region]
    ) -> list[_Mention]:
        found: list[_Mention] = []
        taken = covered
        spans = [span for span in open_spans(request, covered) if may_be_slip(request, span)]
        for first, end in spans[:_MAX_FUZZY_SPANS]:
            if taken.isdisjoint(range(first, end)):
                mention = self._meant(request, (first, end), examples)
                if mention is not None:
                    found.append(mention)
                    taken |= frozenset(range(first, end))
        return found

    def _meant(
        self,
        request: Folded,
        span: Span,
        examples: Sequence[Region],
        *,
        cutoff: float = _FUZZY_CUTOFF,
    ) -> _Mention | None:
        key = request.phrase(*span)
        for surface, similarity in self._index.nearly_named(key, cutoff=cutoff):
            if is_slip(key, surface):
                chosen = choose(self._index.named(surface), request, span, examples)
                if chosen is not None:
                    score = chosen.certainty * similarity / 100.0
                    return _Mention(*span, chosen.thing, score, "fuzzy")
        return None

    def _by_meaning(self, request: Folded, covered: frozenset[int]) -> list[_Mention]:
        if self._meaning is None:
            return []
        spans = _shortest(open_spans(request, covered, shortest_cjk=2))
        texts = [request.original(*span) for span in spans]
        best = self._meaning.best(texts, threshold=_VECTOR_THRESHOLD)
        scored = [
            _Mention(*span, thing, match[1], "vector")
            for span, match in zip(spans, best, strict=True)
            if match is not None
            and (thing := self._index.get(match[0])) is not None
            and match[1] >= _needed(request.tokens[span[0]], thing)
        ]
        found: list[_Mention] = []
        for mention in sorted(scored, key=lambda mention: -mention.score):
            if _covered(found).isdisjoint(range(mention.first, mention.end)):
                found.append(mention)
        return found


def _shortest(spans: list[Span]) -> list[Span]:
    """Return as many spans as are worth their time; a few words carry more meaning than many."""
    return sorted(spans, key=lambda span: span[1] - span[0])[:_MAX_VECTOR_SPANS]


def _needed(token: str, thing: NamedThing) -> float:
    """Return the least cosine between a part of a request and a thing."""
    # Short Chinese words that share a character are near each other whatever they mean; hence a
    # thing that has Chinese names must be nearer to a part in Chinese.
    chinese = is_cjk(token) and any(is_cjk(letter) for name in thing.surfaces for letter in name)
    return _VECTOR_THRESHOLD_CHINESE if chinese else _VECTOR_THRESHOLD


def _covered(mentions: Iterable[_Mention]) -> frozenset[int]:
    return frozenset(at for mention in mentions for at in range(mention.first, mention.end))


def _linked(request: Folded, mention: _Mention) -> LinkedEntity:
    thing = mention.thing
    span = request.span(mention.first, mention.end)
    return LinkedEntity(thing.id, thing.kind, thing.name, span, mention.score, mention.method)
