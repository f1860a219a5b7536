"""Take the object that was asked for out of what a language model wrote."""

import json
import re
from collections.abc import Iterator
from typing import Any

from graph.errors import InvalidError
from llm.chat import Answer, Schema

_MAX_STARTS = 20
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_DECODER = json.JSONDecoder()


def answer_in(text: str, schema: Schema) -> Answer:
    """Find the first object in a text that fits a schema.

    Parameters
    ----------
    text : str
        What a model wrote: the object alone, or words around it.
    schema : Schema
        What the object has to fit.

    Returns
    -------
    dict[str, Any]
        The object.

    Raises
    ------
    InvalidError
        No object of the first 20 in the text fits; the message repeats nothing of the text.

    Examples
    --------
    >>> schema = {"type": "object", "required": ["ok"]}
    >>> answer_in('Sure! Here it is: {"ok": true}', schema)
    {'ok': True}
    """
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(schema)
    n_objects = 0
    for found in _objects(_THOUGHTS.sub("", text)):
        n_objects += 1
        if validator.is_valid(found):
            return found
    if n_objects:
        raise InvalidError(
            "The language model answered an object of the wrong shape.",
            fix="Use a model or a server that can keep to a JSON schema.",
        )
    raise InvalidError(
        "The language model answered no JSON object.",
        fix="Use a model or a server that can keep to a JSON schema.",
    )


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects that stand in a text, none inside another."""
    start, n_starts = text.find("{"), 0
    while start >= 0 and n_starts < _MAX_STARTS:
        n_starts += 1
        end = start + 1
        try:
            found, end = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            yield found
        start = text.find("{", end)
