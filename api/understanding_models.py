"""What a request was taken to mean, as it appears in answers."""

from typing import Literal

from pydantic import BaseModel, Field

_TURN = "How many turns ago it was said, if it was; the span lies in the text of that turn."


class LinkedAnswer(BaseModel):
    """A part of a request that names something in the graph."""

    entity_id: str
    kind: Literal["Entity", "Item"]
    name: str
    span: tuple[int, int]
    score: float
    method: Literal["exact", "fuzzy", "vector", "llm"]
    soft: bool | None = Field(default=None, description="Whether it was refused softly.")
    turn: int | None = Field(default=None, description=_TURN)


class ConstraintAnswer(BaseModel):
    """A limit on an attribute."""

    field: str
    op: Literal["<=", ">=", "==", "<", ">"]
    value: float = Field(description="In the unit of the attribute.")
    unit: str = Field(description="Empty where the catalog tells none.")
    span: tuple[int, int]
    applies: bool = Field(
        description="False where the catalog has no such attribute, or has it in another currency."
    )
    soft: bool | None = Field(default=None, description="Whether it was asked for softly.")
    turn: int | None = Field(default=None, description=_TURN)


class RemovalAnswer(BaseModel):
    """What a refusal or a limit took away; `exclude` has the entity, `limit` the attribute."""

    reason: Literal["exclude", "limit"]
    entity_id: str | None = None
    name: str | None = None
    field: str | None = None
    op: Literal["<=", ">=", "==", "<", ">"] | None = None
    value: float | None = None
    items: int = Field(description="Items that could have come otherwise, counted for it alone.")
    outcome: Literal["applied", "widened", "given_up", "not_applied"]
    note: str = Field(description="In words, where it was not simply applied.")


class UnderstandingAnswer(BaseModel):
    """What a request was taken to mean."""

    language: str
    include: list[LinkedAnswer]
    exclude: list[LinkedAnswer]
    similar_to: list[LinkedAnswer]
    constraints: list[ConstraintAnswer]
    free_text: str
    unmatched: list[str]
    notes: list[str] = Field(description="What was ignored, and why.")
    masked: int = Field(description="Pieces of personal data covered before anything was read.")
    removed: list[RemovalAnswer] | None = Field(
        default=None, description="With recommendations only: one for each refusal and limit."
    )
