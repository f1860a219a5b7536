"""Turns the texts of a row into the values that records hold."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from graph.domain import AttributeValue, relation_type

_CODES = "ar bg cs da de el en es fi fr he hi hu id it ja ko nl no pl pt ro ru sv th tr uk vi zh"
LANGUAGES = frozenset(_CODES.split())
_MILLISECONDS = 1e11


class FieldError(ValueError):
    """A field holds what it cannot; the message says which and why."""


def number(text: str) -> float | None:
    """Read a finite number; None for an empty text.

    Parameters
    ----------
    text : str
        The cell.

    Returns
    -------
    float or None
        The number.

    Raises
    ------
    FieldError
        If the text is something else.
    """
    if not text or text.isspace():
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise FieldError(f"{text[:40]!r} is not a finite number")
    return value


def moment(text: str) -> float:
    """Read a time.

    Parameters
    ----------
    text : str
        Unix seconds, Unix milliseconds (values above 1e11) or ISO 8601; without a zone it is UTC.

    Returns
    -------
    float
        Unix seconds; 0 for an empty text.

    Raises
    ------
    FieldError
        If the text is something else.
    """
    try:
        value = number(text) or 0.0
    except FieldError:
        return _iso(text.strip())
    return value / 1000 if value > _MILLISECONDS else value


def _iso(text: str) -> float:
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise FieldError(f"{text[:40]!r} is neither Unix seconds nor an ISO 8601 time") from error
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


@lru_cache(maxsize=10_000)
def relation(name: str) -> str:
    """Write a relation's name as the graph stores it; an empty one is refused."""
    if not name.strip():
        raise FieldError("the relation is empty")
    return relation_type(name.strip())


def aliases(text: str) -> tuple[str, ...]:
    """Read the aliases of a cell, parted by ``|``."""
    return tuple(dict.fromkeys(part.strip() for part in text.split("|") if part.strip()))


def names_in(fields: Mapping[str, str], stems: tuple[str, ...]) -> dict[str, str]:
    """Collect the names per language from columns such as ``title_zh``.

    Parameters
    ----------
    fields : Mapping[str, str]
        Texts by column.
    stems : tuple of str
        What the columns start with.

    Returns
    -------
    dict
        Names by language code; empty ones are left out.
    """
    found = {}
    for column, text in fields.items():
        language = language_of(column, stems)
        if language and text.strip():
            found[language] = text.strip()
    return found


def language_of(column: str, stems: tuple[str, ...]) -> str:
    """Return the language code of a column such as ``title_zh``; empty when it has none."""
    stem, _, code = column.casefold().rpartition("_")
    return code if stem in stems and code in LANGUAGES else ""


def attribute(value: Any) -> AttributeValue | None:
    """Check an attribute that came as JSON.

    Parameters
    ----------
    value : object
        What JSON held.

    Returns
    -------
    AttributeValue or None
        The value, a list as a tuple; None for null and empty lists.

    Raises
    ------
    FieldError
        If it is an object, or a list of something else than texts, numbers and truth values.
    """
    if isinstance(value, list):
        parts = tuple(part for part in value if part is not None)
        if not all(isinstance(part, str | int | float | bool) for part in parts):
            raise FieldError("a list may hold only texts, numbers, true and false")
        return parts or None
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise FieldError("an attribute may be a text, a number, true, false or a list of those")
