"""The model of what a request was taken to mean describes real answers."""

import pytest

from api.understanding_models import UnderstandingAnswer

TEXTS = ["comedies by Ozu, no drama, not after 1959", "preferably before 1960", ""]


@pytest.mark.parametrize("text", TEXTS)
def test_it_has_the_members_of_the_answer_and_no_others(client, text):
    for context in ([], ["something from the fifties"]):
        body = {"text": text or "?", "context": context}
        content = client.post("/v1/query/understand", json=body).json()
        read = UnderstandingAnswer.model_validate(content)
        assert read.model_dump(by_alias=True, exclude_unset=True, mode="json") == content
