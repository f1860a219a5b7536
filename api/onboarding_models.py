"""What a dialogue with a new user contains: requests and answers."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.answer_models import RecommendationAnswer
from api.schemas import Body, Id, K, Name, ScalarIn
from ranking.domain import Answer, Language, Query, Reply, TopicKind
from ranking.onboarding import MAX_QUESTIONS


class AnswerRequest(Body):
    """An answer to a question about taste."""

    id: Id = Field(description="The `id` of the question.")
    kind: TopicKind = Field(description="The `kind` of the question.")
    answer: Reply = Field(description="`unknown` for who does not know it, or has no opinion.")

    def record(self) -> Answer:
        """Return the record."""
        return Answer(self.id, self.kind, self.answer)


class OnboardingRequest(Body):
    """A dialogue so far; without answers, it begins."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"attributes": {"age": 24, "gender": "F"}, "k": 5},
                {
                    "user_id": "ada",
                    "answers": [{"id": "genre:comedy", "kind": "entity", "answer": "like"}],
                    "language": "zh",
                },
            ]
        }
    )

    user_id: Id | None = Field(
        default=None, description="Who answers; needed only for keeping the answers."
    )
    attributes: Annotated[dict[Name, ScalarIn], Field(max_length=200)] = Field(
        default={}, description="Demographics, beside those that are kept of the user."
    )
    answers: list[AnswerRequest] = Field(
        default=[], max_length=MAX_QUESTIONS, description="All answers of this dialogue so far."
    )
    language: Language = Field(default="en", description="Language of the question.")
    k: K = Field(default=10, description="How many recommendations.")
    explain: bool = Field(default=False, description="Whether each item comes with its paths.")
    save: bool | None = Field(
        default=None,
        description="Whether to keep the answers; default: at the end, where there is a `user_id`.",
    )

    def query_object(self) -> Query:
        """Return the dialogue as the recommender takes it."""
        return Query(
            user_id=self.user_id,
            k=self.k,
            explain=self.explain,
            language=self.language,
            answers=tuple(answer.record() for answer in self.answers),
            attributes=self.attributes,
        )


class TasteQuestionAnswer(BaseModel):
    """What to ask next."""

    id: str
    kind: TopicKind
    label: str = Field(description="Label of the entity; `Item` for an item.")
    name: str
    text: str = Field(description="The question in words.")
    chance: float | None = Field(
        description="Share of the users who answered alike that has an opinion, where known."
    )


class OnboardingAnswer(BaseModel):
    """The next question, and the list as it stands now."""

    question: TasteQuestionAnswer | None = Field(description="Null when the dialogue has ended.")
    asked: int = Field(description="How many answers were sent.")
    left: int = Field(description="How many questions may come at most.")
    done: bool
    saved: bool = Field(description="Whether the answers were kept just now.")
    recommendations: list[RecommendationAnswer] = Field(description="The list as it stands.")
    graph_version: int
    model_version: str
    stale: bool = Field(description="Whether the store holds, or may hold, newer data.")
