"""Find what a request names: by name, by name with a slip, by meaning, in this order.

A longer surface wins over a shorter one, an earlier step over a later one. Between things of one
surface an attribute wins over a title (``drama`` is the genre), then the surer match, then the
better known thing. A title that is an ordinary word (``Heat``, ``Seven``) counts only where the
request shows that it is meant: by a capital, by quotation marks, or as an example.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from llm.encoder import TextEncoder
from llm.intent import LinkedEntity, Understanding
from llm.languages import language, refusing_clauses
from llm.learned_names import LearnedNames
from llm.leftover import unmatched_words
from llm.lookup import NameLookup
from llm.meaning import MeaningIndex
from llm.naming import NameFinder
from llm.near import MeaningFinder
from llm.spans import Mention, Region, covered_by
from llm.surface_index import SurfaceIndex
from llm.surfaces import NamedThing, has_chinese_name, is_attribute
from llm.text import MAX_REQUEST, Folded, fold, is_cjk
from llm.words import ORDINARY_WORDS

__all__ = ["MAX_REQUEST", "Linker", "NamedThing"]


class Linker:
    """Links requests to items and entities.

    Parameters
    ----------
    things : Iterable of NamedThing
        What can be named.
    encoder : TextEncoder or None
        With ``learned``, lets requests name things by other words of the same meaning.
    learned : LearnedNames or None
        Names by their vectors, and what was learned from the catalog; see
        :func:`llm.learned_names.learn_names`. That of another encoder is not used.

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
        learned: LearnedNames | None = None,
    ) -> None:
        self._index = SurfaceIndex(things)
        self._lookup = NameLookup(self._index)
        self._names = NameFinder(self._index)
        self._meaning: MeaningIndex | None = None
        self._titles: MeaningIndex | None = None
        self._near: MeaningFinder | None = None
        if encoder is not None and learned is not None and learned.encoder == encoder.name:
            learned = learned.known(thing.id for thing in self._index)
            self._meaning = MeaningIndex(encoder, learned.attributes, learned.adapter)
            self._titles = MeaningIndex(encoder, learned.titles)
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
            Whether requests may mean it without naming it; None says so of entities that are no
            people.
        """
        self.remove(thing.id)
        self._index.add(thing)
        self._lookup.add(thing)
        if by_meaning is None:
            by_meaning = is_attribute(thing)
        if self._meaning is not None and by_meaning:
            self._meaning.add(thing)
        elif self._titles is not None and not has_chinese_name(thing):
            self._titles.add(thing)

    def remove(self, thing_id: str) -> None:
        """Forget a thing; an unknown id changes nothing."""
        thing = self._index.get(thing_id)
        if thing is None:
            return
        self._index.remove(thing_id)
        self._lookup.remove(thing)
        for vectors in (self._meaning, self._titles):
            if vectors is not None:
                vectors.remove(thing_id)

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
        unmatched = unmatched_words(request, covered_by(mentions), n_letters=len(text))
        return Understanding(
            language=language(read),
            include=tuple(_linked(request, mention) for mention in mentions),
            free_text=read.strip() if unmatched else "",
            unmatched=unmatched,
        )

    def namesakes(self, linked: LinkedEntity, text: str) -> list[LinkedEntity]:
        """Return the other attributes of the same label that the same words name as surely.

        Parameters
        ----------
        linked : LinkedEntity
            What a request names exactly.
        text : str
            The request.

        Returns
        -------
        list of LinkedEntity
            Usually empty; ``kids`` names the genres Family and Children's in some catalogs.
        """
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
            Best first: what is named, then what is near in meaning to the whole request and to
            parts of it; those that are only near have the whole text as their span.
        """
        request = fold(text[:MAX_REQUEST])
        named: dict[str, LinkedEntity] = {}
        for mention in self._mentions(request, ()):
            named.setdefault(mention.thing.id, _linked(request, mention))
        surest = sorted(named.values(), key=lambda one: -one.score)
        whole = (0, len(request.source))
        ranking = self._near.ranking(request, limit=limit + len(named)) if self._near else []
        near = [
            LinkedEntity(one, thing.kind, thing.name, whole, min(1.0, max(cosine, 1e-6)), "vector")
            for one, cosine in ranking
            if one not in named and (thing := self._index.get(one)) is not None
        ]
        return [*surest, *near][:limit]

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
