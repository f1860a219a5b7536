"""How a request says that a list shall be varied: a number, or an object that says how as well."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ranking.domain import Diversity, Strategy

Strength = Annotated[float, Field(ge=0, le=1)]


class DiversityRequest(BaseModel):
    """How much variety weighs against score, and how it is sought."""

    model_config = ConfigDict(extra="forbid", strict=True)

    strength: Strength = Field(description="0: only the score counts; 1: hardly more than variety.")
    strategy: Strategy = Field(
        default="msd",
        description="`msd`, `mmr`, `dpp` and `ssd` set the items of a list apart, `cover` chooses "
        "items that stand for the others.",
    )

    def record(self) -> Diversity:
        """Return the record."""
        return Diversity(self.strength, self.strategy)


def _with_strength(value: Any) -> Any:
    """Read a plain number as the strength."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return {"strength": value} if is_number else value


DiversityIn = Annotated[
    DiversityRequest,
    BeforeValidator(_with_strength, json_schema_input_type=Strength | DiversityRequest),
]
