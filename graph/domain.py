"""The vocabulary of the knowledge graph: items, entities, users, triples, interactions, paths.

Everything here is frozen and does no input or output. Numeric work uses the arrays of
:mod:`graph.snapshot`; these records appear only at the edges.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Kind = Literal["Item", "Entity", "User"]
Direction = Literal["out", "in"]
Scalar = str | int | float | bool
AttributeValue = Scalar | tuple[Scalar, ...]

INTERACTED = "INTERACTED"
SIMILAR_TO = "SIMILAR_TO"
CLOSE_TO = "CLOSE_TO"
ASKS_FOR = "ASKS_FOR"
AVOIDS = "AVOIDS"
RESERVED_RELATIONS = frozenset({INTERACTED, SIMILAR_TO, CLOSE_TO, ASKS_FOR, AVOIDS})
MAX_ID_LENGTH = 512
ANSWER_PREFIX = "answer:"

_RELATION = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can be recommended.

    Attributes
    ----------
    id : str
        Unique among items.
    title : str
        Shown to people.
    names : Mapping[str, str]
        Title per language code (``{"zh": "玩具总动员"}``), beside ``title``.
    text : str
        Free text that describes the item; encoded for semantic similarity.
    attributes : Mapping[str, AttributeValue]
        As the catalog gave them; used by filters and shown to people. What the graph knows of them
        are the entities that a :class:`graph.mapping.AttributeMapping` makes of them.
    """

    id: str
    title: str
    names: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    text: str = ""
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entity:
    """Something that items have in common: a person, a genre, a brand.

    Attributes
    ----------
    id : str
        Unique among entities and different from every item id.
    label : str
        What it is (``"Person"``); an identifier that starts with a capital letter.
    name : str
        Shown to people.
    names : Mapping[str, str]
        Name per language code, beside ``name``.
    aliases : tuple of str
        Other surfaces a request may use, in any language.
    """

    id: str
    label: str
    name: str
    names: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is recommended to.

    Attributes
    ----------
    id : str
        Unique among users.
    attributes : Mapping[str, Scalar]
        Demographics, such as ``{"age": 24, "gender": "F", "occupation": "student"}``, and under
        names that begin with :data:`ANSWER_PREFIX` what the user said.
    """

    id: str
    attributes: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Triple:
    """One directed, typed edge between items and entities.

    Attributes
    ----------
    head, tail : str
        Id of an item or, where no item has that id, of an entity.
    relation : str
        Relation type as :func:`relation_type` writes it (``"DIRECTED_BY"``).
    weight : float
        Strength, 1 unless the catalog says otherwise.
    """

    head: str
    relation: str
    tail: str
    weight: float = 1.0

    def other(self, end: str) -> str:
        """Return the end that is not this one."""
        return self.tail if self.head == end else self.head


@dataclass(frozen=True, slots=True)
class Interaction:
    """One event between a user and an item.

    Attributes
    ----------
    user_id, item_id : str
        Who and what.
    type : str
        What happened: ``"rating"``, ``"view"``, ``"purchase"``, ``"like"`` and so on.
    value : float or None
        Rating or amount, where the type has one.
    at : float
        Unix time in seconds; 0 when unknown.
    event_id : str
        Key for idempotence: the same key is counted once. Empty means that the four fields above
        (without the value) are the key.
    """

    user_id: str
    item_id: str
    type: str = "interaction"
    value: float | None = None
    at: float = 0.0
    event_id: str = ""

    @property
    def key(self) -> int:
        """Return the 63-bit idempotence key of this event."""
        text = self.event_id or f"{self.user_id}\x1f{self.item_id}\x1f{self.type}\x1f{self.at!r}"
        digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
        return int.from_bytes(digest) >> 1


@dataclass(frozen=True, slots=True)
class PathNode:
    """A node as it appears on a path; a path that starts at a request has no user."""

    id: str
    kind: Kind | Literal["Request"]
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class PathEdge:
    """An edge as it appears on a path.

    ``source`` and ``target`` are the ids of the stored edge (its head and its tail); ``direction``
    tells whether the path follows the edge (``"out"``) or walks it backwards (``"in"``).
    """

    source: str
    type: str
    target: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class Path:
    """A walk through the graph from a user to an item: ``len(nodes) == len(edges) + 1``."""

    nodes: tuple[PathNode, ...]
    edges: tuple[PathEdge, ...]


def relation_type(name: str) -> str:
    """Write a relation's name the way the graph stores it.

    Parameters
    ----------
    name : str
        Any name, such as ``"film.film.actor"`` or ``"directed by"``.

    Returns
    -------
    str
        Capital letters, digits and underscores, at most 64 characters. A name that begins with
        something else than a letter gets ``R_`` in front; a name with other characters than ASCII
        letters and digits only is told apart by a hash.

    Examples
    --------
    >>> relation_type("film.film.actor")
    'FILM_FILM_ACTOR'
    >>> relation_type("12")
    'R_12'
    """
    if _RELATION.fullmatch(name):
        return name
    plain = re.sub(r"[^A-Z0-9]+", "_", name.strip().upper()).strip("_")
    if not name.isascii() or not plain or len(plain) > 60:
        digest = hashlib.blake2b(name.encode(), digest_size=4).hexdigest().upper()
        plain = f"{plain[:50]}_{digest}".strip("_")
    return plain if plain[0].isalpha() else f"R_{plain}"


def entity_label(name: str) -> str:
    """Write an entity's label the way the graph stores it: ``"film genre"`` is ``"FilmGenre"``.

    Parameters
    ----------
    name : str
        Any name.

    Returns
    -------
    str
        ASCII letters and digits that start with a capital letter; ``"Thing"`` when nothing is left.
    """
    words = re.findall(r"[A-Za-z0-9]+", name)
    label = "".join(word[:1].upper() + word[1:] for word in words)[:60]
    return label if label and label[0].isalpha() else "Thing"
