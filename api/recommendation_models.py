"""What a request for recommendations may contain."""

from pydantic import ConfigDict, Field

from api.context_models import ContextIn, turn
from api.diversity_models import DiversityIn, Strength
from api.schemas import Attributes, Body, Id, K, attribute_values
from ranking.domain import BALANCED, Language, PathChoice, Query


class RecommendationRequest(Body):
    """What to recommend, to whom."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"user_id": "42", "k": 10, "explain": True},
                {"query": "a quiet film by Yasujirō Ozu", "k": 5},
                {"session": ["50", "181"], "filters": {"genres": "Comedy", "min_year": 1990}},
                {"user_id": "42", "diversity": 0.5, "calibration": 0.5},
            ]
        }
    )

    user_id: Id | None = Field(
        default=None, description="Whose history counts; unknown: a new user."
    )
    query: str | None = Field(
        default=None,
        description="A request in English or Chinese; the first 2,000 characters are read.",
    )
    context: ContextIn = Field(
        default=[],
        description="Earlier turns that `query` refines, oldest first: texts of the user, or "
        "objects with the `text` and the `items` shown in answer.",
    )
    session: list[Id] = Field(
        default=[],
        max_length=200,
        description="Items looked at just now; count for this request only.",
    )
    k: K = Field(default=10, description="How many items.")
    filters: Attributes = Field(
        default={},
        description="Attributes an item must have: a scalar must be equal or contained, a list "
        "names alternatives, `min_x` and `max_x` bound the number `x`.",
    )
    exclude: list[Id] = Field(
        default=[], max_length=10_000, description="Items that must not appear."
    )
    diversity: DiversityIn | None = Field(
        default=None,
        description="How much variety weighs against score: a strength between 0 and 1, or an "
        "object that names the strategy as well.",
    )
    calibration: Strength = Field(
        default=0.0,
        description="How much it weighs against score that the list mixes kinds of items (genres, "
        "categories) as the user does.",
    )
    request_weight: Strength = Field(
        default=BALANCED,
        description="How much `query` weighs against the user's taste: at 0 it only excludes and "
        "limits, at 0.5 both count in full, at 1 only the request counts.",
    )
    copies: bool = Field(
        default=False,
        description="Whether what the catalog lists twice may appear twice.",
    )
    explain: bool = Field(default=False, description="Whether each item comes with its paths.")
    path_choice: PathChoice = Field(
        default="balanced",
        description="Which paths are shown: the strongest, also varied and recent ones (balanced), "
        "as varied as can be, or as recent.",
    )
    language: Language = Field(default="en", description="Language of the explanations.")

    def query_object(self) -> Query:
        """Return the request as the recommender takes it."""
        return Query(
            user_id=self.user_id,
            text=self.query,
            context=tuple(map(turn, self.context)),
            session=tuple(self.session),
            k=self.k,
            filters=attribute_values(self.filters),
            exclude=frozenset(self.exclude),
            diversity=None if self.diversity is None else self.diversity.record(),
            calibration=self.calibration,
            request_weight=self.request_weight,
            copies=self.copies,
            explain=self.explain,
            path_choice=self.path_choice,
            language=self.language,
        )
