"""OpenAPI models of the answers.

They only describe: what runs are the functions of :mod:`api.answers`, since validating what we made
ourselves costs about as much as the rest of a route.
"""

from typing import Any, Literal

from pydantic import BaseModel, Field

from api.understanding_models import UnderstandingAnswer
from graph.domain import AttributeValue, Scalar


class EdgeAnswer(BaseModel):
    """An edge of a path, as it is stored; `direction` tells how the path walks it."""

    source: str = Field(alias="from")
    type: str
    target: str = Field(alias="to")
    direction: Literal["out", "in"]


class NodeAnswer(BaseModel):
    """A node of a path."""

    id: str
    kind: Literal["Item", "Entity", "User", "Request"]
    label: str
    name: str


class PathAnswer(BaseModel):
    """A path through the graph and what it adds to the score."""

    value: float
    share: float = Field(description="Part of all positive summands, between 0 and 1.")
    kind: Literal["collaborative", "learned", "attribute", "related", "request", "stated"]
    shown: bool
    text: str
    people: int | None = Field(
        description="How many people like both items of a collaborative path; from five up."
    )
    edges: list[EdgeAnswer]
    nodes: list[NodeAnswer]


class MovedAnswer(BaseModel):
    """Places in the list, counted from 1: by score alone, and as shown."""

    by_score: int = Field(alias="from")
    to: int


class RecommendationAnswer(BaseModel):
    """A recommended item; `score` is the sum of `parts`."""

    item_id: str
    title: str
    score: float
    parts: dict[str, float]
    source: str = Field(description="The path kind or part that added most.")
    cold: bool = Field(description="Whether nobody has interacted with it yet.")
    moved: MovedAnswer | None = Field(default=None, description="In a reordered list only.")
    reason: str | None = Field(
        default=None, description="One short sentence on why; with `explain` only."
    )
    paths: list[PathAnswer] | None = Field(default=None, description="With `explain` only.")


class RankedAnswer(BaseModel):
    """Items, best first, with the versions they come from."""

    items: list[RecommendationAnswer]
    graph_version: int
    model_version: str
    stale: bool = Field(description="Whether the store holds, or may hold, newer data.")


class ReorderingAnswer(BaseModel):
    """What a stage after the score did to the order of a list; it changes no score."""

    by: Literal["themes", "diversity", "calibration"]
    how: str = Field(description="The strategy of diversity, the role that calibration mixes.")
    strength: float
    before: float | None = Field(
        default=None,
        description="Of the items shown: mean distance (diversity), divergence from the user's "
        "mix (calibration).",
    )
    after: float | None = None


class RecommendationsAnswer(RankedAnswer):
    """An answer to a request for recommendations."""

    reordered: list[ReorderingAnswer]
    hidden_copies: int = Field(
        description="Items left out because the same thing stands above them or was seen."
    )
    understood: UnderstandingAnswer | None = Field(default=None, description="With `query` only.")


class SubgraphEdge(BaseModel):
    """An edge of the graph of an explanation."""

    source: str = Field(alias="from")
    type: str
    target: str = Field(alias="to")


class Subgraph(BaseModel):
    """The shown paths merged into one graph."""

    nodes: list[NodeAnswer]
    edges: list[SubgraphEdge]


class Unlisted(BaseModel):
    """Paths that are not listed."""

    n: int = Field(description="How many they are.")
    value: float = Field(description="What they add to the score together.")


class ExplanationAnswer(BaseModel):
    """Why an item has its score.

    `score` is the sum of `parts`; `parts.paths` is the sum of the values of all `paths`, and of
    `unlisted` where only the shown ones are asked for.
    """

    user_id: str | None
    item_id: str
    title: str
    score: float
    parts: dict[str, float]
    paths: list[PathAnswer]
    unlisted: Unlisted
    share_shown: float = Field(
        description="Part of all that speaks for the item which the shown paths carry, in [0, 1]."
    )
    summary: str = Field(description="One short sentence, for a list.")
    text: str
    text_by: Literal["template", "llm"] = Field(description="Whose words `text` is.")
    notes: list[str] = Field(
        description="That the shown paths are less than half of the reasons; why a rewritten text "
        "is not shown."
    )
    graph: Subgraph
    graph_version: int
    model_version: str
    stale: bool


class LinkAnswer(BaseModel):
    """An entity that an item is linked to."""

    entity_id: str
    label: str
    name: str


class NeighbourAnswer(BaseModel):
    """An item that is similar by the learned edges."""

    item_id: str
    title: str
    weight: float


class OnboardedAnswer(BaseModel):
    """What became of a new or changed item."""

    item_id: str
    linked: list[LinkAnswer]
    neighbours: list[NeighbourAnswer]
    visible_in_ms: float = Field(
        description="From receipt of the request until recommendations know the item."
    )
    graph_version: int


class ItemAnswer(BaseModel):
    """An item."""

    item_id: str
    title: str
    names: dict[str, str]
    text: str
    attributes: dict[str, AttributeValue]


class UserAnswer(BaseModel):
    """A user."""

    user_id: str
    attributes: dict[str, Scalar]


class EventAnswer(BaseModel):
    """Something a user did."""

    user_id: str
    item_id: str
    type: str
    value: float | None
    at: float
    event_id: str


class FeedbackAnswer(BaseModel):
    """What a user said of an entity."""

    entity_id: str
    type: str


class UserExport(BaseModel):
    """Everything that is kept about a user; feedback is among the attributes as well."""

    user: UserAnswer
    feedback: list[FeedbackAnswer]
    events: list[EventAnswer]


class RejectedEvent(BaseModel):
    """An event that was not taken, and why."""

    index: int
    reason: str


class EventsAnswer(BaseModel):
    """What became of events; those accepted are durable and count from the next answer on."""

    accepted: int
    duplicates: int
    rejected: list[RejectedEvent]


class EventsRemoved(BaseModel):
    """How many events of a user on an item were removed."""

    removed: int


class JobProgress(BaseModel):
    """How far a job is."""

    stage: str
    done: float
    total: float | None
    unit: str
    values: dict[str, float]


class JobAnswer(BaseModel):
    """Work that runs beside the serving."""

    job_id: str
    kind: Literal["load", "train"]
    status: Literal["queued", "running", "finishing", "succeeded", "failed"]
    created_at: float
    started_at: float | None
    finished_at: float | None
    arguments: dict[str, Any]
    progress: JobProgress | None
    result: dict[str, Any] | None
    error: dict[str, Any] | None


class JobStarted(BaseModel):
    """Where to follow a job."""

    job_id: str
    status: str


class JobsAnswer(BaseModel):
    """Jobs, newest first."""

    jobs: list[JobAnswer]


class EntityAnswer(BaseModel):
    """An entity or item that a search found."""

    entity_id: str
    kind: Literal["Entity", "Item"]
    name: str
    score: float
    method: Literal["exact", "fuzzy", "vector"]


class EntitiesAnswer(BaseModel):
    """What a search found, best first."""

    entities: list[EntityAnswer]


class ModelsAnswer(BaseModel):
    """Models on disk, newest first, each as its card tells."""

    active: str | None
    models: list[dict[str, Any]]


class ActivatedAnswer(BaseModel):
    """The model that serves now."""

    model_version: str
    graph_version: int


class LiveAnswer(BaseModel):
    """The process answers."""

    status: Literal["live"]


class ReadyAnswer(BaseModel):
    """The service and its store answer."""

    status: Literal["ready"]
    graph_version: int
    model_version: str
    stale: bool
