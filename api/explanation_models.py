"""What a request for an explanation may contain: all that a request for recommendations may."""

from typing import Annotated

from pydantic import ConfigDict, Field

from api.explanation_formats import FormatName
from api.path_json import Listed
from api.recommendation_models import RecommendationRequest
from api.schemas import Id

MAX_PATHS = 100
LISTED = (
    "Which paths JSON lists: `all`, or only the `shown` ones, which is faster; `unlisted` counts "
    "the others and sums them up."
)
Paths = Annotated[int, Field(ge=1, le=MAX_PATHS)]


class ExplanationRequest(RecommendationRequest):
    """An item, and the request that it answers or would answer."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"user_id": "42", "item_id": "475"},
                {"session": ["50"], "query": "a comedy", "item_id": "475", "paths": 5},
            ]
        }
    )

    item_id: Id = Field(description="Which item, recommended or not.")
    paths: Paths = Field(default=3, description="How many paths are chosen to be shown.")
    format: FormatName = Field(default="json", description="How the explanation is written.")
    listed: Listed = Field(default="all", description=LISTED)
    rewrite: bool = Field(
        default=False, description="Whether the language model rewrites `text`, if there is one."
    )
