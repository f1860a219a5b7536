import orjson
import pytest

from api.answers import explanation_json
from api.path_json import listed_json, paths_json


def written(document):
    return orjson.loads(orjson.dumps(document))


def test_records_are_written_one_by_one(explained):
    explanation = explained()
    paths = written(paths_json(explanation.paths, explanation.n_shown))
    assert paths == written(explanation_json(explanation, stale=False)["paths"])
    assert written(paths_json((), 0)) == []


def test_paths_that_are_not_listed_are_counted_and_summed_up(explained):
    explanation = explained()
    body = written(listed_json(explanation, "shown", stale=False))
    assert [path["shown"] for path in body["paths"]] == [True, True]
    assert body["unlisted"] == {"n": 1, "value": pytest.approx(-0.1)}
    listed = sum(path["value"] for path in body["paths"])
    assert listed + body["unlisted"]["value"] == pytest.approx(body["parts"]["paths"], abs=1e-12)


def test_all_paths_leave_nothing_unlisted(explained):
    body = written(listed_json(explained(), "all", stale=False))
    assert body["unlisted"] == {"n": 0, "value": 0.0}
    assert len(body["paths"]) == 3


@pytest.mark.parametrize("query", [None, "a comedy by Jacques Tati"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_arrays_are_written_as_records_would_be(client, query, language):
    from ranking.domain import Query

    recommender = client.app.state.services.recommender
    asked = Query(user_id="eve", text=query, session=("ikiru",), language=language)
    for item in recommender.recommend(Query(user_id="eve", k=8)).items:
        fast = recommender.explain(item.item_id, asked, k=1)
        slow = recommender.explain(item.item_id, asked, k=1)
        found = written(listed_json(fast, "all", stale=False))
        assert found == written(explanation_json(slow, stale=False))
        assert len(found["paths"]) > 1


def test_a_path_from_what_was_said_is_written_as_its_record(client):
    from ranking.domain import Query
    from ranking.stated import Answer

    recommender = client.app.state.services.recommender
    asked = Query(user_id="eve", answers=(Answer("genre:comedy", "entity", "dislike"),))
    explanation = recommender.explain("playtime", asked, k=1)
    found = written(listed_json(explanation, "all", stale=False))
    assert "stated" in {path["kind"] for path in found["paths"] if not path["shown"]}
    assert found == written(explanation_json(explanation, stale=False))


def test_an_id_with_quotes_is_written_as_it_is(client):
    film = {
        "id": 'a"b\\',
        "title": '<b>",\n  "',
        "attributes": {"genres": ["Comedy"], "directors": '"'},
    }
    assert client.post("/v1/items", json=film).status_code == 201
    event = {"user_id": 'u"', "item_id": 'a"b\\', "type": "rating", "value": 5}
    assert client.post("/v1/events", json=event).json()["accepted"] == 1
    recommender = client.app.state.services.recommender
    from ranking.domain import Query

    explanation = recommender.explain("playtime", Query(user_id='u"'), k=1)
    found = written(listed_json(explanation, "all", stale=False))
    assert found == written(explanation_json(explanation, stale=False))
