import pytest
from pydantic import ValidationError

from api.onboarding_models import AnswerRequest, OnboardingAnswer, OnboardingRequest
from ranking.domain import Answer, Query


def test_a_dialogue_becomes_a_query():
    body = OnboardingRequest.model_validate({
        "user_id": "ada",
        "attributes": {"age": 24},
        "answers": [{"id": "genre:comedy", "kind": "entity", "answer": "like"}],
        "language": "zh",
        "k": 3,
        "explain": True,
    })
    assert body.query_object() == Query(
        user_id="ada",
        k=3,
        explain=True,
        language="zh",
        answers=(Answer("genre:comedy", "entity", "like"),),
        attributes={"age": 24},
    )
    assert OnboardingRequest().query_object() == Query()
    assert OnboardingRequest().save is None


def test_only_known_replies_are_taken():
    with pytest.raises(ValidationError):
        AnswerRequest(id="a", kind="item", answer="maybe")


def test_the_answer_names_everything_it_holds():
    assert set(OnboardingAnswer.model_json_schema()["required"]) >= {
        "question",
        "done",
        "recommendations",
    }
