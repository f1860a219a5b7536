"""Earlier turns of a dialogue, as requests and the command line give them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from graph.domain import MAX_ID_LENGTH
from graph.errors import InvalidError
from llm.dialogue import Turn

MAX_TURN_ITEMS = 100
MAX_CONTEXT = 100
_TURN_FIX = 'A turn is a text, or JSON such as {"text": "shoes", "items": ["s01", "s02"]}.'


class TurnIn(BaseModel):
    """What the user said, and the items that were shown in answer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = Field(default="", description="What the user said.")
    items: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=MAX_ID_LENGTH)]],
        Field(max_length=MAX_TURN_ITEMS),
    ] = Field(default=[], description="Ids of the items shown in answer, in their order.")


ContextIn = Annotated[list[str | TurnIn], Field(max_length=MAX_CONTEXT)]


def turn(given: str | TurnIn) -> Turn:
    """Return the record of a turn; a text alone is what the user said."""
    return Turn(given) if isinstance(given, str) else Turn(given.text, tuple(given.items))


def turn_of(written: str) -> Turn:
    """Read a turn from the command line: a text, or a JSON object that begins with a brace.

    Parameters
    ----------
    written : str
        One value of ``--context``.

    Returns
    -------
    Turn
        The turn.

    Raises
    ------
    InvalidError
        If the JSON is none, or not that of a turn.

    Examples
    --------
    >>> turn_of("shoes").text, turn_of('{"text": "shoes", "items": ["s01"]}').items
    ('shoes', ('s01',))
    """
    if not written.lstrip().startswith("{"):
        return Turn(written)
    try:
        return turn(TypeAdapter(TurnIn).validate_json(written))
    except ValidationError as error:
        raise InvalidError(f"This is no turn of a dialogue: {error}", fix=_TURN_FIX) from error
