"""What a request in words was taken to mean."""

from dataclasses import dataclass, field
from typing import Literal

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
        What is left for the semantic match.
    unmatched : tuple of str
        Words with meaning that matched nothing.
    """

    language: str
    include: tuple[LinkedEntity, ...] = ()
    exclude: tuple[LinkedEntity, ...] = ()
    similar_to: tuple[LinkedEntity, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    free_text: str = ""
    unmatched: tuple[str, ...] = field(default_factory=tuple)
