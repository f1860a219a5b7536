"""Why an item is not in a list: what is asked, and what the answer contains."""

from pydantic import BaseModel, ConfigDict, Field

from api.answers import Json
from api.recommendation_models import RecommendationRequest
from api.schemas import Id
from ranking.why_not import Reason, WhyNot


class WhyNotRequest(RecommendationRequest):
    """An item, and the request in whose list it is looked for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"user_id": "42", "item_id": "475", "k": 10},
                {"query": "a comedy, not horror", "item_id": "475", "filters": {"min_year": 1990}},
            ]
        }
    )

    item_id: Id = Field(description="Which item.")


class WhyNotAnswer(BaseModel):
    """The first reason why an item is not in a list, or that it is."""

    item_id: str = Field(description="Which item.")
    title: str = Field(description="Its title.")
    reason: Reason = Field(
        description="`listed` (it is in the list); `seen`; `excluded`; `filter`; `refused` and "
        "`limit` (by the words of the request); `copy`; `reordered`; `score`."
    )
    by: list[str] = Field(
        description="What exactly: the type of the event, or `session`, `request`, `answer` "
        "(seen); name and values of the filter; id and name of what is refused; field, "
        "comparison and value of the limit; id of the other item (copy); the stages that "
        "reordered the list."
    )
    text: str = Field(description="The same in one sentence.")
    rank: int | None = Field(
        description="Place by score among all that could be recommended; null where it could not."
    )
    score: float = Field(description="Its score.")
    needed: float | None = Field(
        description="The score of the last item of the list by score, where score is the reason."
    )
    graph_version: int = Field(description="Graph version that the answer knows.")
    model_version: str = Field(description="The model.")
    stale: bool = Field(description="Whether the store holds, or may hold, newer data.")


def why_not_json(found: WhyNot, *, graph_version: int, model_version: str, stale: bool) -> Json:
    """Describe why an item is not in a list."""
    return {
        "item_id": found.item_id,
        "title": found.title,
        "reason": found.reason,
        "by": list(found.by),
        "text": found.text,
        "rank": found.rank,
        "score": found.score,
        "needed": found.needed,
        "graph_version": graph_version,
        "model_version": model_version,
        "stale": stale,
    }
