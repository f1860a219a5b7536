"""Find what a request names: by name, by name with a slip, by meaning, in this order.

A longer surface wins over a shorter one, an earlier step over a later one. Between things of one
surface an attribute wins over a title (``drama`` is the genre), then the surer match, then the
better known thing. A title that is an ordinary word (``Heat``, ``Seven``) counts only where the
request shows that it is meant: by a capital, by quotation marks, or as an example.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from llm.adapter import Adapter
from llm.encoder import TextEncoder
from llm.intent import LinkedEntity, Understanding
from llm.languages import language, refusing_clauses
from llm.lookup import NameLookup
from llm.meaning import MeaningIndex, NameVectors
from llm.naming import NameFinder
from llm.near import MeaningFinder
from llm.spans import WEAK_WORDS, Mention, Region, covered_by
from llm.surface_index import SurfaceIndex
from llm.surfaces import NamedThing
from llm.text import MAX_REQUEST, Folded, fold, is_cjk
from llm.words import CHINESE_FILLERS, ORDINARY_WORDS

__all__ = ["MAX_REQUEST", "Linker", "NameVectors", "NamedThing"]

_FUSION = 60
_FILLER = re.compile("|".join(sorted(CHINESE_FILLERS, key=len, reverse=True)))


class Linker:
    """Links requests to items and entities.

    Parameters
    ----------
    things : Iterable of NamedThing
        What can be named.
    encoder : TextEncoder or None
        With ``vectors``, lets requests name things by other words of the same meaning.
    vectors : NameVectors or None
        Surfaces of attributes encoded by ``encoder``; see :func:`llm.meaning.name_vectors`.
    titles : NameVectors or None
        The same of titles and people that have no Chinese name: a request in Chinese ranks them by
        meaning. What has one is found by it.
    adapter : Adapter or None
        What was learned from the catalog; see :func:`llm.adapter.fit_adapter`.

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
        titles: NameVectors | None = None,
        adapter: Adapter | None = None,
    ) -> None:
        self._index = SurfaceIndex(things)
        self._lookup = NameLookup(self._index)
        self._names = NameFinder(self._index)
        self._meaning: MeaningIndex | None = None
        self._near: MeaningFinder | None = None
        if encoder and vectors:
            nothing = NameVectors((), np.zeros((0, encoder.n_dims), np.float32))
            self._meaning = MeaningIndex(encoder, vectors, adapter)
            self._titles = MeaningIndex(encoder, titles or nothing)
            self._near = MeaningFinder(self._meaning, self._titles, self._index.get)

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
        covered = covered_by(mentions)
        unmatched = tuple(_unmatched(request, covered))
        if len(text) > MAX_REQUEST:
            unmatched += (f"… ({len(text) - MAX_REQUEST} more characters were not read)",)
        return Understanding(
            language=language(read),
            include=tuple(_linked(request, mention) for mention in mentions),
            free_text=read.strip() if unmatched else "",
            unmatched=unmatched,
        )

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
        named: dict[str, LinkedEntity] = {}
        for mention in self._mentions(request, ()):
            named.setdefault(mention.thing.id, _linked(request, mention))
        rankings = self._near.rankings(request, limit=limit + len(named)) if self._near else []
        fused = {one.entity_id: 1.0 + one.score for one in named.values()}
        cosines: dict[str, float] = {}
        for ranking in rankings:
            for place, (thing_id, cosine) in enumerate(ranking):
                fused[thing_id] = fused.get(thing_id, 0.0) + 1.0 / (_FUSION + place)
                cosines[thing_id] = max(cosine, cosines.get(thing_id, 1e-6))
        best = sorted(fused, key=lambda thing_id: -fused[thing_id])[:limit]
        whole = (0, len(request.source))
        return [
            named.get(one) or LinkedEntity(one, thing.kind, thing.name, whole, cosines[one], "vector")
            for one in best
            if (thing := self._index.get(one)) is not None
        ]

    def _mentions(self, request: Folded, examples: Sequence[Region]) -> list[Mention]:
        foreign = bool(request.tokens) and language(request.source) == "other"
        mentions = self._names.find(request, examples, forgiving=not foreign)
        if foreign:
            mentions = [one for one in mentions if not _is_false_friend(request, one)]
        if self._near is not None:
            mentions += self._near.find(request, covered_by(mentions), foreign=foreign)
            mentions = mentions or self._near.whole(request)
        if foreign:
            refused = refusing_clauses(request.source)
            mentions = [one for one in mentions if not _is_inside(request, one, refused)]
        return sorted(mentions, key=lambda mention: mention.first)


def _is_false_friend(request: Folded, mention: Mention) -> bool:
    """Tell whether what a request in a third language names is an English word by its looks."""
    token = request.tokens[mention.first]
    alone = mention.end - mention.first == 1 and len(request.tokens) > 1
    return alone and not is_cjk(token) and (token in ORDINARY_WORDS or len(token) < 4)


def _is_inside(request: Folded, mention: Mention, regions: Sequence[Region]) -> bool:
    start, end = request.span(mention.first, mention.end)
    return any(first < end and start < last for first, last in regions)


def _linked(request: Folded, mention: Mention) -> LinkedEntity:
    thing = mention.thing
    span = request.span(mention.first, mention.end)
    return LinkedEntity(thing.id, thing.kind, thing.name, span, mention.score, mention.method)


def _unmatched(request: Folded, covered: frozenset[int]) -> Iterator[str]:
    """Yield the words with meaning, and the stretches of Chinese, that no mention covers."""
    stretch = ""
    for at, token in enumerate(request.tokens):
        open_cjk = at not in covered and is_cjk(token)
        if open_cjk:
            stretch += token
            continue
        yield from filter(None, _FILLER.split(stretch))
        stretch = ""
        if at not in covered and token not in WEAK_WORDS:
            yield request.original(at, at + 1)
    yield from filter(None, _FILLER.split(stretch))
