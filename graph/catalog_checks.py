"""What can be said against a record before a store sees it."""

import math
from collections import defaultdict

from graph.domain import (
    MAX_ID_LENGTH,
    RESERVED_RELATIONS,
    Entity,
    Interaction,
    Item,
    Triple,
    User,
    relation_type,
)
from graph.records import RESERVED_LABELS

HIERARCHIES = frozenset({
    "SUBCLASS_OF",
    "SUBCATEGORY_OF",
    "PART_OF",
    "IS_A",
    "CHILD_OF",
    "HAS_PARENT",
    "BROADER",
})
"""Relations that must not run in circles."""

_BAD_ID = "an id is empty or longer than 512 characters"


class RepeatedError(Exception):
    """A record that was seen before with the same content: nothing to do, nothing wrong."""


class Checks:
    """Remembers the ids of one load and judges each record against them.

    Attributes
    ----------
    items, entities, users : dict of str to int
        Hash of the content by id, for every record that was let through.
    """

    def __init__(self) -> None:
        self.items: dict[str, int] = {}
        self.entities: dict[str, int] = {}
        self.users: dict[str, int] = {}
        self._relations: dict[str, str] = {}
        self._above: dict[tuple[str, str], set[str]] = defaultdict(set)

    def problem(self, record: Item | Entity | User | Triple | Interaction) -> str:
        """Judge a record, and remember it when nothing is wrong.

        Parameters
        ----------
        record : Item, Entity, User, Triple or Interaction
            The record.

        Returns
        -------
        str
            What is wrong; empty when nothing is.

        Raises
        ------
        RepeatedError
            If the same record was let through before.
        """
        if isinstance(record, Triple):
            return self._triple(record)
        if isinstance(record, Interaction):
            return self._event(record)
        if isinstance(record, Item):
            return self._node(record, self.items, self.entities, "an entity")
        if isinstance(record, User):
            return self._node(record, self.users, {}, "")
        if record.label in RESERVED_LABELS:
            return f"the label {record.label!r} is Whyrec's own; choose another"
        return self._node(record, self.entities, self.items, "an item")

    def described(self, entity: Entity) -> bool:
        """Remember an entity that an attribute named; returns whether it is new in this load."""
        if entity.id in self.entities or entity.id in self.items:
            return False
        self.entities[entity.id] = 0
        return True

    def _node(
        self,
        record: Item | Entity | User,
        known: dict[str, int],
        others: dict[str, int],
        owner: str,
    ) -> str:
        if not 0 < len(record.id) <= MAX_ID_LENGTH:
            return _BAD_ID
        if record.id in others:
            return f"the id {record.id[:80]!r} is already that of {owner}"
        content = _content(record)
        if record.id in known:
            if known[record.id] == content:
                raise RepeatedError
            return f"the id {record.id[:80]!r} came before with other content; the first is kept"
        known[record.id] = content
        return ""

    def _triple(self, triple: Triple) -> str:
        name = triple.relation
        if name not in self._relations:
            self._relations[name] = _relation_problem(name)
        if reason := self._relations[name]:
            return reason
        if not (0 < len(triple.head) <= MAX_ID_LENGTH and 0 < len(triple.tail) <= MAX_ID_LENGTH):
            return _BAD_ID
        if not math.isfinite(triple.weight):
            return "the weight is not a finite number"
        if triple.head == triple.tail:
            return f"{triple.head[:80]!r} points to itself"
        return self._cycle(triple) if name in HIERARCHIES else ""

    @staticmethod
    def _event(event: Interaction) -> str:
        for text in (event.user_id, event.item_id, event.type):
            if not 0 < len(text) <= MAX_ID_LENGTH:
                return "the user, the item or the type is empty or longer than 512 characters"
        if len(event.event_id) > MAX_ID_LENGTH:
            return "the id of the event is longer than 512 characters"
        return ""

    def _cycle(self, triple: Triple) -> str:
        """Refuse an edge that would close a circle in a hierarchy."""
        name, head, tail = triple.relation, triple.head, triple.tail
        came_from: dict[str, str] = {tail: ""}
        waiting = [tail]
        while waiting:
            node = waiting.pop()
            if node == head:
                return f"the edge would close a cycle: {_way(came_from, head, tail)}"
            for above in self._above.get((name, node), ()):
                if above not in came_from:
                    came_from[above] = node
                    waiting.append(above)
        self._above[name, head].add(tail)
        return ""


def _way(came_from: dict[str, str], head: str, tail: str) -> str:
    """Write the circle as ``a -> b -> a``; a long one is shortened in the middle."""
    nodes = [head]
    while nodes[-1] != tail:
        nodes.append(came_from[nodes[-1]])
    circle = [name[:80] for name in [head, *reversed(nodes)]]
    return " -> ".join(circle if len(circle) <= 6 else [*circle[:3], "...", *circle[-2:]])


def _content(record: Item | Entity | User) -> int:
    """Return a number that tells contents apart, whatever the order of their attributes."""
    if isinstance(record, Entity):
        return hash((record.label, record.name, frozenset(record.names.items()), record.aliases))
    attributes = frozenset(record.attributes.items())
    if isinstance(record, User):
        return hash(attributes)
    return hash((record.title, record.text, frozenset(record.names.items()), attributes))


def _relation_problem(name: str) -> str:
    if name in RESERVED_RELATIONS:
        return f"the relation {name!r} is made by Whyrec; give it another name"
    if not name or relation_type(name) != name:
        return f"{name[:80]!r} is not the name of a relation"
    return ""
