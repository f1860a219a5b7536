import pytest
from pydantic import ValidationError

from api.explanation_models import MAX_PATHS, ExplanationRequest


def test_a_request_is_that_of_the_list_with_an_item():
    body = {"user_id": "u", "query": "comedy", "context": ["old"], "k": 7, "calibration": 0.5}
    request = ExplanationRequest.model_validate(body | {"item_id": "i"})
    query = request.query_object()
    assert (request.item_id, request.paths, request.rewrite) == ("i", 3, False)
    assert (query.user_id, query.text, query.k, query.calibration) == ("u", "comedy", 7, 0.5)
    assert [turn.text for turn in query.context] == ["old"]


@pytest.mark.parametrize("paths", [0, MAX_PATHS + 1, 2.5, "3", None])
def test_paths_are_a_whole_number(paths):
    with pytest.raises(ValidationError, match="paths"):
        ExplanationRequest.model_validate({"item_id": "i", "paths": paths})
