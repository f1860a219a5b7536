"""What if an edge were not there: what is asked, and what the answer contains."""

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from api.answers import Json
from api.recommendation_models import RecommendationRequest
from api.schemas import Body, Id
from graph.errors import InvalidError
from ranking.what_if import MAX_EDGES, Edge, WhatIf

_WRITTEN = re.compile(r"(?P<source>\S.*?)\s+(?P<type>[A-Z][A-Z0-9_]*)\s+(?P<target>.*\S)")
_EDGE_FIX = (
    'An edge is written "FROM TYPE TO", or as JSON such as '
    '{"from": "42", "type": "INTERACTED", "to": "50"}.'
)


class EdgeIn(Body):
    """An edge as explanations show it."""

    source: Id = Field(alias="from", description="Id of the head: where the stored edge begins.")
    type: Annotated[str, Field(min_length=1, max_length=64)] = Field(
        description="`INTERACTED`, `SIMILAR_TO`, `CLOSE_TO`, `ASKS_FOR`, `AVOIDS`, or a relation "
        "of the catalog."
    )
    target: Id = Field(alias="to", description="Id of the tail.")

    def record(self) -> Edge:
        """Return the record."""
        return Edge(self.source, self.type, self.target)


class WhatIfRequest(RecommendationRequest):
    """An item, the request that it would answer, and what is left out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "user_id": "42",
                    "item_id": "475",
                    "without": [{"from": "42", "type": "INTERACTED", "to": "50"}],
                }
            ]
        }
    )

    item_id: Id = Field(description="Which item, recommended or not.")
    without: Annotated[list[EdgeIn], Field(max_length=MAX_EDGES)] = Field(
        description="The edges to leave out, as the paths of an explanation show them; one that "
        "comes twice counts once."
    )


def edge_of(written: str) -> Edge:
    """Read an edge from the command line.

    Parameters
    ----------
    written : str
        ``"FROM TYPE TO"`` with the first word in capitals for the type, or a JSON object.

    Returns
    -------
    Edge
        The edge.

    Raises
    ------
    InvalidError
        If it is neither.

    Examples
    --------
    >>> edge_of("42 INTERACTED 50")
    Edge(source='42', type='INTERACTED', target='50')
    """
    if written.lstrip().startswith("{"):
        try:
            return TypeAdapter(EdgeIn).validate_json(written).record()
        except ValidationError as error:
            raise InvalidError(f"This is no edge: {error}", fix=_EDGE_FIX) from error
    match = _WRITTEN.fullmatch(written.strip())
    if match is None:
        raise InvalidError(f"This is no edge: {written[:80]!r}.", fix=_EDGE_FIX)
    return Edge(match["source"], match["type"], match["target"])


class RemovedEdge(BaseModel):
    """An edge that was left out."""

    source: str = Field(alias="from", description="Id of the head.")
    type: str = Field(description="Its type.")
    target: str = Field(alias="to", description="Id of the tail.")


class WhatIfAnswer(BaseModel):
    """Score and place of an item with and without some edges; scores are the sums of parts."""

    user_id: str | None = Field(description="For whom.")
    item_id: str = Field(description="Which item.")
    title: str = Field(description="Its title.")
    score_before: float = Field(description="As it is.")
    score_after: float = Field(description="Without the edges.")
    parts_before: dict[str, float] = Field(description="Summands by name, as it is.")
    parts_after: dict[str, float] = Field(description="Summands by name, without the edges.")
    rank_before: int | None = Field(
        description="Place by score among all that could be recommended; null where it could not."
    )
    rank_after: int | None = Field(description="The same without the edges.")
    removed: list[RemovedEdge] = Field(description="What was left out, each once.")
    graph_version: int = Field(description="Graph version that the answer knows.")
    model_version: str = Field(description="The model.")
    stale: bool = Field(description="Whether the store holds, or may hold, newer data.")


def what_if_json(
    found: WhatIf, *, user_id: str | None, graph_version: int, model_version: str, stale: bool
) -> Json:
    """Describe what would be without some edges."""
    return {
        "user_id": user_id,
        "item_id": found.item_id,
        "title": found.title,
        "score_before": found.score_before,
        "score_after": found.score_after,
        "parts_before": dict(found.parts_before),
        "parts_after": dict(found.parts_after),
        "rank_before": found.rank_before,
        "rank_after": found.rank_after,
        "removed": [
            {"from": edge.source, "type": edge.type, "to": edge.target} for edge in found.removed
        ],
        "graph_version": graph_version,
        "model_version": model_version,
        "stale": stale,
    }
