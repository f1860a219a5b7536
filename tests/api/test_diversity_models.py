"""A number or an object, and nothing else."""

import pytest
from pydantic import ValidationError

from api.recommendation_models import RecommendationRequest
from ranking.domain import Diversity


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (0.4, Diversity(0.4, "msd")),
        (1, Diversity(1.0, "msd")),
        ({"strength": 0.4, "strategy": "dpp"}, Diversity(0.4, "dpp")),
        (None, None),
    ],
)
def test_diversity_is_a_number_or_an_object(given, read):
    body = RecommendationRequest.model_validate({"diversity": given, "calibration": 0.2})
    assert body.query_object().diversity == read
    assert body.query_object().calibration == 0.2


def test_diversity_is_described_as_a_number_or_an_object():
    schema = RecommendationRequest.model_json_schema()["properties"]["diversity"]
    assert {"number", "null"} <= {one.get("type") for one in schema["anyOf"]}


@pytest.mark.parametrize(
    "wrong", [1.5, -0.1, float("nan"), True, "0.5", [0.5], {}, {"strength": 0.5, "lambda": 1}]
)
def test_what_is_neither_is_refused(wrong):
    with pytest.raises(ValidationError, match="diversity"):
        RecommendationRequest.model_validate({"diversity": wrong})
