"""Records as one line of JSON, and the rules a record must keep before a store takes it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import orjson
from numpy.typing import NDArray

from graph.domain import (
    ANSWER_PREFIX,
    ASKS_FOR,
    AVOIDS,
    MAX_ID_LENGTH,
    RESERVED_RELATIONS,
    Entity,
    Interaction,
    Item,
    Scalar,
    Triple,
    User,
    entity_label,
    relation_type,
)
from graph.errors import InvalidError

Node = TypeVar("Node", Item, Entity, User)
RESERVED_LABELS = frozenset({"Item", "Entity", "User"})

_ALWAYS_KEPT = frozenset({"title", "name", "label"})


def is_id(text: str) -> bool:
    """Tell whether a text can be an id: 1 to 512 characters that UTF-8 can write."""
    return 0 < len(text) <= MAX_ID_LENGTH and (text.isascii() or _is_unicode(text))


def pack(record: Item | Entity | User) -> str:
    """Write everything of a record but its id as one JSON object; empty fields are left out.

    Parameters
    ----------
    record : Item, Entity or User
        The record.

    Returns
    -------
    str
        JSON that :func:`unpack` reads back to an equal record.

    Raises
    ------
    InvalidError
        If the record holds what JSON cannot write: NaN, an integer of more than 64 bits, half of a
        surrogate pair.
    """
    fields = {
        name: dict(value) if isinstance(value, Mapping) else value
        for name in record.__slots__
        if name != "id" and ((value := getattr(record, name)) or name in _ALWAYS_KEPT)
    }
    if any(_not_a_number(value) for value in fields.get("attributes", {}).values()):
        raise InvalidError(_unwritable(record, "an attribute is not a finite number"))
    try:
        return orjson.dumps(fields).decode()
    except TypeError as error:
        raise InvalidError(_unwritable(record, str(error))) from error


def unpack(cls: type[Node], id: str, text: str | bytes) -> Node:  # noqa: A002
    """Read a record that :func:`pack` wrote.

    Parameters
    ----------
    cls : type
        :class:`Item`, :class:`Entity` or :class:`User`.
    id : str
        The id of the record.
    text : str or bytes
        The JSON object.

    Returns
    -------
    Item, Entity or User
        The record.
    """
    return cls(id=id, **with_tuples(orjson.loads(text)))


def with_tuples(fields: dict[str, Any]) -> dict[str, Any]:
    """Turn the lists that JSON knows back into the tuples that records hold."""
    for name, value in fields.items():
        if isinstance(value, list):
            fields[name] = tuple(value)
        elif isinstance(value, dict):
            fields[name] = {
                key: tuple(item) if isinstance(item, list) else item for key, item in value.items()
            }
    return fields


def replaced(known: User, user: User) -> User:
    """Return a user with new attributes; what the user said stays unless it is said anew."""
    said = {
        name: value
        for name, value in known.attributes.items()
        if name.startswith(ANSWER_PREFIX) and name not in user.attributes
    }
    return User(user.id, {**user.attributes, **said}) if said else user


def amended(known: User, changes: Mapping[str, Scalar | None]) -> User:
    """Return a user with some attributes set, and those that are None taken away."""
    attributes = {**known.attributes, **changes}
    return User(known.id, {n: v for n, v in attributes.items() if v is not None})


def says(user: User, relation: str, entity_id: str) -> bool:
    """Tell whether a user said of an entity what an ``ASKS_FOR`` or ``AVOIDS`` edge says."""
    word = {ASKS_FOR: "like", AVOIDS: "dislike"}.get(relation, "")
    return user.attributes.get(f"{ANSWER_PREFIX}entity:{entity_id}") == word


def surfaces(record: Item | Entity) -> list[str]:
    """Return every name a record is known by, the main one first."""
    if isinstance(record, Item):
        return [record.title, *record.names.values()]
    return [record.name, *record.names.values(), *record.aliases]


def last_by_id(records: Iterable[Node]) -> dict[str, Node]:
    """Keep the last record of each id, in the order of first appearance.

    Parameters
    ----------
    records : iterable of Item, Entity or User
        A batch as it came.

    Returns
    -------
    dict of str to record
        One record per id.

    Raises
    ------
    InvalidError
        If an id or the label of an entity cannot be stored.
    """
    batch: dict[str, Node] = {}
    for record in records:
        if not is_id(record.id):
            raise InvalidError(
                f"{record.id[:80]!r} cannot be an id.",
                fix=f"An id has 1 to {MAX_ID_LENGTH} characters of valid Unicode.",
            )
        if isinstance(record, Entity):
            _check_label(record.label)
        batch[record.id] = record
    return batch


def check_triples(triples: Sequence[Triple]) -> None:
    """Check relation types and weights of a batch; ids are the store's business.

    Parameters
    ----------
    triples : Sequence[Triple]
        The batch.

    Raises
    ------
    InvalidError
        If a relation is not written as :func:`graph.domain.relation_type` writes it or belongs to
        the house, or a weight is not finite.
    """
    for relation in {triple.relation for triple in triples}:
        if relation in RESERVED_RELATIONS:
            raise InvalidError(
                f"The relation {relation!r} is reserved.", fix="Give the relation another name."
            )
        if not relation or not relation.isascii() or relation_type(relation) != relation:
            raise InvalidError(
                f"{relation[:80]!r} is not the name of a relation.",
                fix="Relations are written in capital letters, digits and underscores.",
            )
    for triple in triples:
        if not math.isfinite(triple.weight):
            raise InvalidError(
                f"The weight of {triple.head[:80]!r} {triple.relation} {triple.tail[:80]!r} "
                "is not a finite number."
            )


def event_problem(event: Interaction) -> str:
    """Say why an event cannot be stored, whatever the store holds; empty when it can."""
    if not is_id(event.user_id):
        return "The user id is empty, too long or not valid Unicode."
    if not is_id(event.type):
        return "The type is empty, too long or not valid Unicode."
    if event.event_id and not is_id(event.event_id):
        return "The event id is too long or not valid Unicode."
    if not math.isfinite(event.at) or (event.value is not None and not math.isfinite(event.value)):
        return "The time or the value is not a finite number."
    return ""


def unknown_item(item_id: str) -> str:
    """Say that an event names an item nobody knows."""
    return f"There is no item with the id {item_id[:80]!r}."


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


def _check_label(label: str) -> None:
    if label in RESERVED_LABELS or not label or entity_label(label) != label:
        raise InvalidError(
            f"{label[:80]!r} is not a label for entities.",
            fix="A label is one word of ASCII letters and digits that starts with a capital "
            "letter, and not Item, Entity or User.",
        )


def _not_a_number(value: object) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    return isinstance(value, tuple) and any(_not_a_number(part) for part in value)


def _unwritable(record: Item | Entity | User, reason: str) -> str:
    kind = type(record).__name__.lower()
    return f"The {kind} {record.id[:80]!r} cannot be stored: {reason}."


def unit_rows(vectors: NDArray[np.floating], n_rows: int) -> NDArray[np.float32]:
    """Scale vectors to length 1; rows of zeros stay.

    Parameters
    ----------
    vectors : floating array
        Shape (n_rows, n_dims).
    n_rows : int
        How many there must be.

    Returns
    -------
    NDArray[np.float32]
        Shape (n_rows, n_dims).

    Raises
    ------
    InvalidError
        If the shape is another one or a value is not finite.
    """
    if vectors.ndim != 2 or len(vectors) != n_rows or (n_rows and not vectors.shape[1]):
        raise InvalidError(
            f"Vectors of shape {vectors.shape} do not fit {n_rows} ids.",
            fix="Send one row of numbers for each id.",
        )
    if not np.isfinite(vectors).all():
        raise InvalidError("A vector holds a value that is not a finite number.")
    wide = vectors.astype(np.float64)
    lengths = np.linalg.norm(wide, axis=1, keepdims=True)
    return np.divide(wide, lengths, out=wide, where=lengths > 0).astype(np.float32)


def check_query_vector(vector: NDArray[np.float32], n_dims: int) -> None:
    """Check that a vector can be compared with the stored ones.

    Parameters
    ----------
    vector : NDArray[np.float32]
        Shape (n,).
    n_dims : int
        Dimensions of the stored vectors.

    Raises
    ------
    InvalidError
        If it has other dimensions or no direction.
    """
    if len(vector) != n_dims:
        raise InvalidError(f"The vector has {len(vector)} dimensions, the stored ones {n_dims}.")
    if not vector.any():
        raise InvalidError("A vector of zeros has no direction.")
