import pytest
from pydantic import ValidationError

from api.recommendation_models import RecommendationRequest


def test_a_request_becomes_a_query_with_tuples():
    query = RecommendationRequest(
        user_id="u",
        query="comedy",
        session=["a"],
        k=3,
        filters={"genres": ["Comedy", "Drama"], "min_year": 1990},
        exclude=["b"],
        explain=True,
        language="zh",
    ).query_object()
    assert query.filters == {"genres": ("Comedy", "Drama"), "min_year": 1990}
    assert (query.user_id, query.text, query.session, query.k) == ("u", "comedy", ("a",), 3)
    assert (query.exclude, query.explain, query.language) == (frozenset({"b"}), True, "zh")
    assert (query.diversity, query.calibration, query.copies) == (None, 0.0, False)
    assert query.request_weight == 0.5
    assert RecommendationRequest(request_weight=0.9).query_object().request_weight == 0.9


@pytest.mark.parametrize("k", [0, -1, 1001, 2.5, "10", True, None])
def test_k_is_a_whole_number_from_1_to_1000(k):
    with pytest.raises(ValidationError, match="k"):
        RecommendationRequest.model_validate({"k": k})


def test_unknown_members_are_refused():
    with pytest.raises(ValidationError, match="topk"):
        RecommendationRequest.model_validate({"topk": 5})
