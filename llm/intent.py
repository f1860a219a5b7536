"""What a request in words was taken to mean."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from llm.chinese import simplified
from llm.cues import Region, example_regions, is_example, negated, negated_words
from llm.limits import year_limits
from llm.text import MAX_REQUEST

if TYPE_CHECKING:
    from llm.linker import Linker

Method = Literal["exact", "fuzzy", "vector"]


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
    """

    entity_id: str
    kind: Literal["Entity", "Item"]
    name: str
    span: tuple[int, int]
    score: float
    method: Method


@dataclass(frozen=True, slots=True)
class Constraint:
    """A limit on an attribute: ``field op value``, taken from ``span`` of the request."""

    field: str
    op: Literal["<=", ">=", "==", "<", ">"]
    value: float
    span: tuple[int, int]


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
    """

    language: str
    include: tuple[LinkedEntity, ...] = ()
    exclude: tuple[LinkedEntity, ...] = ()
    similar_to: tuple[LinkedEntity, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    free_text: str = ""
    unmatched: tuple[str, ...] = field(default_factory=tuple)


def understand(text: str, linker: "Linker") -> Understanding:
    """Say what a request in words means: what it wants, what it does not, what it is to be like.

    Parameters
    ----------
    text : str
        Any text, in English, Chinese or both; its first 2,000 characters are read.
    linker : Linker
        What can be named.

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
    spans = [entity.span for entity in linked.include]
    unwanted = negated(read, spans)
    refused_ids = {linked.include[index].entity_id for index in unwanted}
    for index, one in enumerate(linked.include):
        if one.entity_id in refused_ids:  # named twice, refused once
            unwanted.setdefault(index, one.span)
    wanted = [one for index, one in enumerate(linked.include) if index not in unwanted]
    examples = [one for one in wanted if one.kind == "Item" and is_example(read, one.span, regions)]
    titles = [entity.span for entity in linked.include if entity.kind == "Item"]
    refused = [*unwanted.values(), *negated_words(read, spans)]
    left_out = [*refused, *(one.span for one in examples)]
    return replace(
        linked,
        include=tuple(one for one in wanted if one not in examples),
        exclude=tuple(linked.include[index] for index in sorted(unwanted)),
        similar_to=tuple(examples),
        constraints=tuple(
            Constraint("year", op, float(year), span)
            for op, year, span in year_limits(read, [*titles, *refused])
        ),
        free_text=_without(original, left_out) if linked.unmatched else "",
    )


def _without(text: str, parts: list[Region]) -> str:
    """Cut parts out of a text and close the gaps."""
    kept = list(text)
    for start, end in parts:
        kept[start:end] = [" "] * len(kept[start:end])
    return " ".join("".join(kept).split()).strip(" ,，。;；")
