import pytest
from pydantic import ValidationError

from api.what_if_models import WhatIfAnswer, WhatIfRequest, edge_of, what_if_json
from graph.errors import InvalidError
from ranking.what_if import MAX_EDGES, Edge, WhatIf

EDGE = {"from": "a b", "type": "HAS_GENRE", "to": "genre:x y"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("42 INTERACTED 50", Edge("42", "INTERACTED", "50")),
        ("  a b   HAS_GENRE genre:x y ", Edge("a b", "HAS_GENRE", "genre:x y")),
        ("a R_12 b", Edge("a", "R_12", "b")),
        ('{"from": "X Y Z", "type": "ABOUT", "to": "b"}', Edge("X Y Z", "ABOUT", "b")),
    ],
)
def test_an_edge_is_read_from_the_command_line(written, expected):
    assert edge_of(written) == expected


@pytest.mark.parametrize(
    "written", ["", "a b", "a likes b", "INTERACTED 50", "42 INTERACTED", "{}", '{"from": 1}', "{"]
)
def test_what_is_no_edge_is_refused_with_an_example(written):
    with pytest.raises(InvalidError, match="no edge") as caught:
        edge_of(written)
    assert "FROM TYPE TO" in caught.value.fix


def test_a_request_takes_all_that_a_request_for_recommendations_does():
    body = {"item_id": "i", "user_id": "u", "session": ["s"], "without": [EDGE], "k": 3}
    request = WhatIfRequest.model_validate(body | {"filters": {"min_year": 1990}})
    assert [edge.record() for edge in request.without] == [Edge("a b", "HAS_GENRE", "genre:x y")]
    query = request.query_object()
    assert (query.user_id, query.session, query.k) == ("u", ("s",), 3)
    assert query.filters == {"min_year": 1990}


@pytest.mark.parametrize(
    "changes",
    [
        {"without": [EDGE] * (MAX_EDGES + 1)},
        {"without": [{"source": "a", "type": "B", "target": "c"}]},
        {"without": [EDGE | {"direction": "out"}]},
        {"item_id": ""},
        {"without": None},
    ],
)
def test_what_is_no_request_is_refused(changes):
    with pytest.raises(ValidationError):
        WhatIfRequest.model_validate({"item_id": "i", "without": []} | changes)


def test_the_answer_is_what_the_document_describes():
    found = WhatIf(
        "i", "I", 2.0, 1.0, {"paths": 2.0}, {"paths": 1.0}, 3, None, (Edge("a", "B", "c"),)
    )
    answer = what_if_json(found, user_id="u", graph_version=1, model_version="m", stale=False)
    assert WhatIfAnswer.model_validate(answer).model_dump(by_alias=True) == answer
    assert answer["removed"] == [{"from": "a", "type": "B", "to": "c"}]
