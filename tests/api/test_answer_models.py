"""Models of answers describe real answers, read from the running application."""

import pytest

from api import answer_models as models

GETS = [
    ("/v1/users/ada/recommendations?explain=true", models.RecommendationsAnswer),
    ("/v1/items/spring/similar", models.RankedAnswer),
    ("/v1/popular", models.RankedAnswer),
    ("/v1/latest", models.RankedAnswer),
    ("/v1/explanations?user_id=ada&item_id=ohayo", models.ExplanationAnswer),
    ("/v1/explanations?item_id=ohayo&query=comedy", models.ExplanationAnswer),
    ("/v1/items/spring", models.ItemAnswer),
    ("/v1/users/ada", models.UserAnswer),
    ("/v1/users/ada/export", models.UserExport),
    ("/v1/entities?search=ozu", models.EntitiesAnswer),
    ("/v1/jobs", models.JobsAnswer),
    ("/v1/models", models.ModelsAnswer),
    ("/health/live", models.LiveAnswer),
    ("/health/ready", models.ReadyAnswer),
]


@pytest.mark.parametrize(("path", "model"), GETS, ids=lambda value: str(value)[:40])
def test_an_answer_has_the_members_that_its_model_names_and_no_others(client, path, model):
    content = client.get(path).json()
    read = model.model_validate(content)
    assert read.model_dump(by_alias=True, exclude_unset=True, mode="json") == content
