"""What a request in words was taken to mean."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from llm.chinese import simplified
from llm.comparing import is_soft, soft_words
from llm.cues import Region, example_regions, is_example, negated, negated_words
from llm.leftover import left_over
from llm.limits import NO_MEASURES, Constraint, limits
from llm.measures import Measures
from llm.text import MAX_REQUEST

if TYPE_CHECKING:
    from llm.linker import Linker

__all__ = ["Constraint", "LinkedEntity", "Method", "Pointed", "Understanding", "understand"]

Method = Literal["exact", "fuzzy", "vector", "llm"]


@dataclass(frozen=True, slots=True)
class LinkedEntity:
    """A part of a request that names something in the graph.

    Attributes
    ----------
    entity_id : str
        Id of an entity or of an item.
    kind : {"Entity", "Item"}
        Which of the two.
    name : str
        Its name.
    span : (int, int)
        First character and end of the part, in the request as it came.
    score : float
        How sure the match is, in (0, 1].
    method : Method
        How it was matched.
    soft : bool
        Of what is not wanted: whether it may come where too little else is left.
    turn : int
        How many turns of the dialogue ago it was said; 0 for the request itself.
    """

    entity_id: str
    kind: Literal["Entity", "Item"]
    name: str
    span: tuple[int, int]
    score: float
    method: Method
    soft: bool = False
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a request was taken to mean.

    Attributes
    ----------
    language : str
        ``"en"``, ``"zh"``, ``"mixed"`` or ``"other"``.
    include, exclude : tuple of LinkedEntity
        Entities that are wanted, and those that are not.
    similar_to : tuple of LinkedEntity
        Items that the request names as examples.
    constraints : tuple of Constraint
        Limits on attributes.
    free_text : str
        What is left for the semantic match: the request without what it does not want and without
        its examples; empty when everything with meaning was linked.
    unmatched : tuple of str
        Words with meaning that matched nothing; of a request that is too long to be read, the last
        entry says how much was left out.
    notes : tuple of str
        What was ignored, and why.
    masked : int
        How many pieces of personal data were covered before anything was read.
    """

    language: str
    include: tuple[LinkedEntity, ...] = ()
    exclude: tuple[LinkedEntity, ...] = ()
    similar_to: tuple[LinkedEntity, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    free_text: str = ""
    unmatched: tuple[str, ...] = field(default_factory=tuple)
    notes: tuple[str, ...] = ()
    masked: int = 0


@dataclass(frozen=True, slots=True)
class Pointed:
    """Parts of a request that speak of what was shown before; see :mod:`llm.dialogue`.

    Attributes
    ----------
    named : tuple of LinkedEntity
        Items that it points at: ``the second one``.
    refused : tuple of LinkedEntity
        Items that it has enough of: ``something else``.
    limits : tuple of Constraint
        Limits by comparison with items: ``cheaper``.
    closed : tuple of (int, int)
        Parts that say what to do with earlier turns, and name nothing: ``instead``.
    """

    named: tuple[LinkedEntity, ...] = ()
    refused: tuple[LinkedEntity, ...] = ()
    limits: tuple[Constraint, ...] = ()
    closed: tuple[Region, ...] = ()

    @property
    def spans(self) -> list[Region]:
        """All parts of the request that are spoken for."""
        parts: tuple[LinkedEntity | Constraint, ...] = (*self.named, *self.refused, *self.limits)
        return [*(one.span for one in parts), *self.closed]


_NOTHING_POINTED = Pointed()


def understand(
    text: str,
    linker: "Linker",
    measures: Measures = NO_MEASURES,
    pointed: Pointed = _NOTHING_POINTED,
) -> Understanding:
    """Say what a request in words means: what it wants, what it does not, what it is to be like.

    Parameters
    ----------
    text : str
        Any text, in English, Chinese or both; its first 2,000 characters are read.
    linker : Linker
        What can be named.
    measures : Measures
        What the catalog has numbers of.
    pointed : Pointed
        What it says of items shown before.

    Returns
    -------
    Understanding
        Every span lies in ``text``. Nothing is invented: words that match nothing are in
        ``unmatched``.

    Examples
    --------
    >>> from llm.linker import Linker, NamedThing
    >>> linker = Linker([
    ...     NamedThing("g:horror", "Entity", "Genre", ("Horror", "恐怖片")),
    ...     NamedThing("1", "Item", "Item", ("Alien (1979)", "异形")),
    ... ])
    >>> understood = understand("类似《异形》的，不要恐怖的", linker)
    >>> [e.entity_id for e in understood.similar_to], [e.entity_id for e in understood.exclude]
    (['1'], ['g:horror'])
    """
    original = text[:MAX_REQUEST]
    read = simplified(original)
    regions = example_regions(read)
    linked = linker.link(text, examples=regions)
    set_limits = [*_limits(read, linked.include, regions, measures), *pointed.limits]
    bounds = [limit.span for limit in set_limits]
    taken = [*bounds, *pointed.spans]
    named = sorted(
        [*(one for one in linked.include if _stands(one, bounds, pointed)), *pointed.named],
        key=lambda one: one.span,
    )
    spans = [entity.span for entity in named]
    unwanted = negated(read, spans, [*bounds, *pointed.closed])
    refused_ids = {named[index].entity_id for index in unwanted}
    for index, one in enumerate(named):
        if one.entity_id in refused_ids:  # named twice, refused once
            unwanted.setdefault(index, one.span)
    wanted = [one for index, one in enumerate(named) if index not in unwanted]
    examples = [one for one in wanted if one.kind == "Item" and is_example(read, one.span, regions)]
    refused = [*unwanted.values(), *negated_words(read, spans, [*bounds, *pointed.closed])]
    taken += soft_words(read)
    left_out = [*refused, *taken, *(one.span for one in examples)]
    unmatched = left_over(text, [*spans, *taken]) if taken else linked.unmatched
    not_wanted = [
        replace(one, soft=is_soft(read, unwanted[index]))
        for index in sorted(unwanted)
        for one in (named[index], *linker.namesakes(named[index], read))
    ]
    return replace(
        linked,
        include=tuple(one for one in wanted if one not in examples),
        exclude=(*not_wanted, *pointed.refused),
        similar_to=tuple(examples),
        constraints=tuple(set_limits),
        free_text=_without(original, left_out) if unmatched else "",
        unmatched=unmatched,
    )


def _stands(one: LinkedEntity, bounds: Sequence[Region], pointed: Pointed) -> bool:
    """Tell whether a name stands beside the limits and what points at items."""
    if _touches(one, pointed.spans) or (one.method != "exact" and _touches(one, bounds)):
        return False
    return one.kind == "Entity" or not _inside(one.span, bounds)


def _limits(
    text: str, named: Sequence[LinkedEntity], examples: Sequence[Region], measures: Measures
) -> list[Constraint]:
    """Read the limits; a title wins over one, unless it is no more than the amount in it."""
    titles = [one for one in named if one.kind == "Item" and one.method == "exact"]
    surely = [one.span for one in titles if is_example(text, one.span, examples)]
    found = limits(text, surely, measures)
    bounds = [limit.span for limit in found]
    blocking = [one.span for one in titles if not _inside(one.span, bounds)]
    return limits(text, [*surely, *blocking], measures) if blocking else found


def _touches(one: LinkedEntity, regions: Sequence[Region]) -> bool:
    return any(start < one.span[1] and one.span[0] < end for start, end in regions)


def _inside(span: Region, regions: Sequence[Region]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in regions)


def _without(text: str, parts: list[Region]) -> str:
    """Cut parts out of a text and close the gaps."""
    kept = list(text)
    for start, end in parts:
        kept[start:end] = [" "] * len(kept[start:end])
    return " ".join("".join(kept).split()).strip(" ,，。;；")
