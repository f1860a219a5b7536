"""What requests may contain: the only home of the names in request bodies."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from api.context_models import ContextIn
from graph.domain import MAX_ID_LENGTH, AttributeValue, Interaction, Item, Scalar, User
from graph.errors import InvalidError
from ranking.feedback import WORDS, Feedback, Word

MAX_K = 1000
MAX_EVENTS = 10_000
MAX_TEXT_LENGTH = 100_000
_SAFE_INT = 2**53
_WORD_OF: Mapping[str, Word] = {word: word for word in WORDS}

_PLAIN = r"^[^\x00-\x1f\x7f]+$"
Id = Annotated[str, Field(min_length=1, max_length=MAX_ID_LENGTH, pattern=_PLAIN)]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=_PLAIN)]
Text = Annotated[str, Field(max_length=MAX_TEXT_LENGTH)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=-_SAFE_INT, le=_SAFE_INT)]
ScalarIn = bool | Whole | Number | Annotated[str, Field(max_length=10_000)]
ValueIn = ScalarIn | Annotated[list[ScalarIn], Field(max_length=1000)]
Attributes = Annotated[dict[Name, ValueIn], Field(max_length=200)]
K = Annotated[int, Field(ge=1, le=MAX_K)]


class Body(BaseModel):
    """A request body: no unknown members, no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True)


def attribute_values(attributes: dict[str, Any]) -> dict[str, AttributeValue]:
    """Turn the lists of JSON into the tuples that records hold."""
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in attributes.items()
    }


class ItemRequest(Body):
    """A new item, or one to replace."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "late-spring",
                    "title": "Late Spring",
                    "names": {"zh": "晚春"},
                    "text": "A daughter is urged to marry and leave her widowed father.",
                    "attributes": {"genres": ["Drama"], "directors": "Yasujirō Ozu", "year": 1949},
                }
            ]
        }
    )

    id: Id = Field(description="Unique among items.")
    title: Annotated[str, Field(min_length=1, max_length=2000)] = Field(
        description="Shown to people."
    )
    names: Annotated[dict[Name, Name], Field(max_length=50)] = Field(
        default={}, description="Title per language code."
    )
    text: Text = Field(default="", description="Describes the item; compared by meaning.")
    attributes: Attributes = Field(
        default={}, description="Short values become entities of the graph by the preset's mapping."
    )
    image: Annotated[str, Field(max_length=10_000_000)] | None = Field(
        default=None, description="Reserved; this version takes no images."
    )

    def item(self) -> Item:
        """Return the record."""
        return Item(
            id=self.id,
            title=self.title,
            names=self.names,
            text=self.text,
            attributes=attribute_values(self.attributes),
        )


class ItemBody(Body):
    """An item whose id stands in the address."""

    id: Id | None = Field(default=None, description="If given, the same as in the address.")
    title: Annotated[str, Field(min_length=1, max_length=2000)] = Field(
        description="Shown to people."
    )
    names: Annotated[dict[Name, Name], Field(max_length=50)] = {}
    text: Text = ""
    attributes: Attributes = {}

    def item(self, item_id: str) -> Item:
        """Return the record.

        Parameters
        ----------
        item_id : str
            The id in the address.

        Returns
        -------
        Item
            The item with that id.

        Raises
        ------
        InvalidError
            If the body names another id, or the id in the address cannot be one.
        """
        if self.id not in {None, item_id}:
            raise InvalidError(f"The body says the id is {self.id!r}, the address {item_id!r}.")
        fields = self.model_dump(exclude={"id"})
        try:
            return ItemRequest(id=item_id, **fields).item()
        except ValidationError as error:
            raise InvalidError(f"The address holds no valid id: {item_id[:80]!r}.") from error


class ItemPatch(Body):
    """Changes of an item; what is left out stays, an attribute set to null goes."""

    title: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    names: Annotated[dict[Name, Name], Field(max_length=50)] | None = None
    text: Text | None = None
    attributes: Annotated[dict[Name, ValueIn | None], Field(max_length=200)] | None = Field(
        default=None, description="Merged into the attributes that are there."
    )

    def applied_to(self, item: Item) -> Item:
        """Return the item as it is after the changes."""
        merged = dict(item.attributes) | attribute_values(self.attributes or {})
        return Item(
            id=item.id,
            title=item.title if self.title is None else self.title,
            names=item.names if self.names is None else self.names,
            text=item.text if self.text is None else self.text,
            attributes={name: value for name, value in merged.items() if value is not None},
        )


class UserRequest(Body):
    """A user, new or with new attributes."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": "ada", "attributes": {"age": 24, "gender": "F"}}]}
    )

    id: Id = Field(description="Unique among users.")
    attributes: Annotated[dict[Name, ScalarIn], Field(max_length=200)] = Field(
        default={}, description="Demographics."
    )

    def user(self) -> User:
        """Return the record."""
        attributes: dict[str, Scalar] = dict(self.attributes)
        return User(id=self.id, attributes=attributes)


def _plausible(moment: AwareDatetime | float) -> AwareDatetime | float:
    seconds = moment if isinstance(moment, int | float) else moment.timestamp()
    if not 0 <= seconds <= 4_102_444_800:
        raise ValueError("must lie between 1970 and 2100")
    return moment


class EventRequest(Body):
    """Something a user did with an item, or said of an entity."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "user_id": "42",
                    "item_id": "50",
                    "type": "rating",
                    "value": 5,
                    "event_id": "r-42-50",
                },
                {"user_id": "42", "entity_id": "genre:comedy", "type": "like"},
            ]
        }
    )

    user_id: Id = Field(description="Who; a user nobody knows is created.")
    item_id: Id | None = Field(
        default=None, description="The item it was done with; must be known."
    )
    entity_id: Id | None = Field(
        default=None, description="In place of an item: the entity it is said of; must be known."
    )
    type: Annotated[str, Field(min_length=1, max_length=64, pattern=_PLAIN)] = Field(
        default="interaction",
        description="What happened: rating, view, purchase, like, ... Of an entity: `like` (more "
        "like this because of it), `dislike` (less of it) or `forget` (takes that back).",
    )
    value: Number | None = Field(default=None, description="Rating or amount.")
    at: (
        Annotated[
            Annotated[AwareDatetime, Field(strict=False)] | Number, AfterValidator(_plausible)
        ]
        | None
    ) = Field(default=None, description="Unix seconds or ISO 8601 with offset; default: now.")
    event_id: Annotated[str, Field(max_length=MAX_ID_LENGTH)] = Field(
        default="", description="Key for repeating safely: the same key counts once."
    )

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        if (self.item_id is None) == (self.entity_id is None):
            raise PydanticCustomError("one_target", "needs either an item_id or an entity_id")
        if self.entity_id is None:
            return self
        if self.type not in WORDS:
            raise PydanticCustomError(
                "feedback", "type: of an entity one can only say like, dislike or forget"
            )
        if self.value is not None or self.at is not None or self.event_id:
            raise PydanticCustomError(
                "feedback", "value, at and event_id belong to events on items"
            )
        return self

    def record(self, *, now: float) -> Interaction | Feedback:
        """Return the record; ``now`` (Unix seconds) is the time of an event that has none."""
        if self.item_id is None:
            return Feedback(self.user_id, self.entity_id or "", _WORD_OF[self.type])
        at = self.at
        if at is None:
            at = now
        elif not isinstance(at, int | float):
            at = at.timestamp()
        return Interaction(
            self.user_id, self.item_id, self.type, self.value, float(at), self.event_id
        )


class UnderstandRequest(Body):
    """A request in words."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "a comedy by Woody Allen from the 80s"}]}
    )

    text: str = Field(description="English or Chinese; the first 2,000 characters are read.")
    context: ContextIn = Field(
        default=[], description="Earlier turns that it refines, oldest first."
    )


class TrainRequest(Body):
    """How to train; what is left out comes from the settings."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"device": "auto"}]})

    device: Literal["auto", "cpu", "cuda"] | None = Field(
        default=None, description="Where to train."
    )
    epochs: Annotated[int, Field(ge=1, le=10_000)] | None = Field(
        default=None, description="Most epochs of the graph network."
    )
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = Field(
        default=None, description="Seed of everything random."
    )
    time_budget_s: Annotated[float, Field(ge=1, le=1e6)] | None = Field(
        default=None, description="Most seconds to learn for, about."
    )
    reasons: Annotated[float, Field(ge=0, le=0.1)] | None = Field(
        default=None,
        description="Share of the quality on validation that reasons which vary are worth.",
    )


class LoadRequest(Body):
    """A catalog to load from the import folder; the form of an upload has the same fields."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"path": "films", "format": "whyrec", "preset": "films"}]}
    )

    path: Annotated[str, Field(min_length=1, max_length=4096)] = Field(
        description="File or folder inside the import folder."
    )
    format: Annotated[str, Field(min_length=1, max_length=64)] = Field(
        default="auto", description="Format of the files; `auto` guesses by their names."
    )
    preset: Annotated[str, Field(min_length=1, max_length=64)] | None = Field(
        default=None, description="Domain preset; default: the one of the settings."
    )
    mapping: Annotated[str, Field(min_length=1, max_length=4096)] | None = Field(
        default=None, description="File inside the import folder that maps columns to entities."
    )
    strict: bool = Field(default=False, description="Load nothing when one row is bad.")
    dry_run: bool = Field(default=False, description="Check everything, write nothing.")
