import pytest
from pydantic import ValidationError

from api.why_not_models import WhyNotAnswer, WhyNotRequest, why_not_json
from ranking.why_not import WhyNot


def test_a_request_names_an_item_beside_all_that_a_request_for_recommendations_takes():
    request = WhyNotRequest.model_validate({"item_id": "i", "exclude": ["x"], "diversity": 0.3})
    query = request.query_object()
    assert (request.item_id, query.exclude, query.diversity.strength) == ("i", {"x"}, 0.3)
    for body in ({}, {"item_id": ""}, {"item_id": "i", "paths": 3}):
        with pytest.raises(ValidationError):
            WhyNotRequest.model_validate(body)


def test_the_answer_is_what_the_document_describes():
    found = WhyNot("i", "I", "score", (), "I is at place 12.", 12, 1.5, 2.0)
    answer = why_not_json(found, graph_version=1, model_version="m", stale=True)
    assert WhyNotAnswer.model_validate(answer).model_dump() == answer
    assert (answer["reason"], answer["by"], answer["needed"]) == ("score", [], 2.0)
