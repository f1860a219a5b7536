"""Objects of Whyrec's JSONL files: the same fields as its tables, and nested ones beside."""

from collections.abc import Callable, Mapping
from typing import Any

from graph.domain import (
    AttributeValue,
    Entity,
    Interaction,
    Item,
    Scalar,
    Triple,
    User,
    entity_label,
)
from graph.formats.fields import (
    FieldError,
    aliases,
    attribute,
    language_of,
    moment,
    names_in,
    number,
    relation,
)
from graph.formats.source import Record
from graph.rules import entity_id

Fields = Mapping[str, Any]


def item(fields: Fields, renamed: Mapping[str, str]) -> Item:
    """Read an item: ``id, title, names, text, attributes``; other fields are attributes too.

    Parameters
    ----------
    fields : Mapping[str, object]
        The object.
    renamed : Mapping[str, str]
        What ``id``, ``title`` and ``text`` are called, where it is something else.

    Returns
    -------
    Item
        The item.

    Raises
    ------
    FieldError
        If a field holds what it cannot.
    """
    rest = dict(fields)
    id_ = _take(rest, renamed.get("id", "id"), "item", "item_id")
    title = _take(rest, renamed.get("title", "title"), "name")
    text = _take(rest, renamed.get("text", "text"), "description")
    names = _names(rest, ("title", "name", renamed.get("title", "title").casefold()))
    nested = rest.pop("attributes", None)
    attributes = {**_attributes(rest), **_attributes(_object(nested, "attributes"))}
    return Item(id_, title or id_, names, text, attributes)


def entity(fields: Fields) -> Entity:
    """Read an entity: ``id, label, name, names, aliases``; without id it follows from the name."""
    rest = dict(fields)
    label = entity_label(_take(rest, "label", "type"))
    name = _take(rest, "name", "title")
    id_ = _take(rest, "id", "entity", "entity_id")
    if not id_ and not name:
        raise FieldError("the entity has neither id nor name")
    given = rest.get("aliases") or []
    others = aliases(given) if isinstance(given, str) else _texts(given, "aliases")
    names = _names(rest, ("name", "title"))
    return Entity(id_ or entity_id(label, name), label, name or id_, names, others)


def user(fields: Fields) -> User:
    """Read a user: ``id, attributes``; other fields are attributes too."""
    rest = dict(fields)
    id_ = _take(rest, "id", "user", "user_id")
    nested = rest.pop("attributes", None)
    values = {**_attributes(rest), **_attributes(_object(nested, "attributes"))}
    scalars: dict[str, Scalar] = {}
    for name, value in values.items():
        if isinstance(value, tuple):
            raise FieldError(f"{name!r} holds a list; a user's attributes are single values")
        scalars[name] = value
    return User(id_, scalars)


def triple(fields: Fields) -> Triple:
    """Read a triple: ``head, relation, tail, weight``."""
    weight = number(_text(fields.get("weight"), "weight"))
    return Triple(
        _text(fields.get("head"), "head"),
        relation(_text(fields.get("relation"), "relation")),
        _text(fields.get("tail"), "tail"),
        1.0 if weight is None else weight,
    )


def event(fields: Fields) -> Interaction:
    """Read an event: ``user_id, item_id, type, value, at, event_id``."""
    rest = dict(fields)
    value = number(_take(rest, "value", "rating"))
    return Interaction(
        _take(rest, "user_id", "user"),
        _take(rest, "item_id", "item"),
        _take(rest, "type", "event_type") or ("interaction" if value is None else "rating"),
        value,
        moment(_take(rest, "at", "timestamp", "time")),
        _take(rest, "event_id"),
    )


BUILDERS: Mapping[str, Callable[[Fields], Record]] = {
    "entities": entity,
    "users": user,
    "triples": triple,
    "events": event,
}


def _take(fields: dict[str, Any], *names: str) -> str:
    """Remove the first of several fields that is there, and return it as text."""
    for name in names:
        if name in fields:
            return _text(fields.pop(name), name)
    return ""


def _text(value: Any, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise FieldError(f"{name!r} holds neither a text nor a number")
    return str(value).strip()


def _texts(value: Any, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise FieldError(f"{name!r} holds no list of texts")
    return tuple(dict.fromkeys(one.strip() for one in value if one.strip()))


def _object(value: Any, name: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise FieldError(f"{name!r} holds no object")
    return value


def _names(fields: dict[str, Any], stems: tuple[str, ...]) -> dict[str, str]:
    """Remove and return the names per language."""
    nested = _object(fields.pop("names", None), "names")
    flat = {name: fields.pop(name) for name in list(fields) if language_of(name, stems)}
    found = names_in({name: _text(value, name) for name, value in flat.items()}, stems)
    given = {language: _text(name, "names") for language, name in nested.items()}
    return found | {language: name for language, name in given.items() if name}


def _attributes(fields: Mapping[str, Any]) -> dict[str, AttributeValue]:
    """Check attributes; null and empty texts are left out."""
    checked = {}
    for name, value in fields.items():
        try:
            found = attribute(value)
        except FieldError as error:
            raise FieldError(f"{name!r}: {error}") from error
        if found is not None and found != "":
            checked[name] = found
    return checked
