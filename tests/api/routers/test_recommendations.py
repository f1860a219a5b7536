"""Recommendations, lists and explanations over HTTP."""

import pytest

SEEN = {"spring", "summer", "tokyo"}


def ids(answer):
    assert answer.status_code == 200, answer.text
    return [item["item_id"] for item in answer.json()["items"]]


def test_a_known_user_gets_unseen_items_that_fit(client):
    answer = client.post("/v1/recommendations", json={"user_id": "ada", "k": 4})
    body = answer.json()
    assert len(body["items"]) == 4
    assert SEEN.isdisjoint(ids(answer))
    assert body["stale"] is False
    assert body["model_version"] == "untrained"
    assert "understood" not in body
    scores = [item["score"] for item in body["items"]]
    assert scores == sorted(scores, reverse=True)


def test_every_score_is_the_sum_of_its_parts(client):
    for item in client.get("/v1/users/ada/recommendations?k=9").json()["items"]:
        assert item["score"] == pytest.approx(sum(item["parts"].values()), abs=1e-6)
        assert "paths" not in item


def test_paths_come_when_asked_for(client):
    body = {"user_id": "ada", "k": 2, "explain": True}
    first = client.post("/v1/recommendations", json=body).json()["items"][0]
    path = first["paths"][0]
    assert set(path) == {"value", "share", "kind", "shown", "text", "edges", "nodes"}
    assert len(path["nodes"]) == len(path["edges"]) + 1
    assert path["nodes"][0] == {"id": "ada", "kind": "User", "label": "User", "name": "ada"}
    assert path["nodes"][-1]["id"] == first["item_id"]
    assert set(path["edges"][0]) == {"from", "type", "to", "direction"}


def test_a_user_nobody_knows_is_served_as_a_new_one_by_post_and_missing_by_get(client):
    assert len(ids(client.post("/v1/recommendations", json={"user_id": "nobody", "k": 5}))) == 5
    answer = client.get("/v1/users/nobody/recommendations")
    assert answer.status_code == 404
    assert (answer.json()["what"], answer.json()["id"]) == ("user", "nobody")


def test_session_exclusions_and_filters_count(client):
    body = {"session": ["hulot", "uncle"], "k": 3}
    first = ids(client.post("/v1/recommendations", json=body))
    assert {"playtime", "traffic"} & set(first)
    left = ids(client.post("/v1/recommendations", json=body | {"exclude": first}))
    assert set(left).isdisjoint(first)
    dramas = ids(
        client.post("/v1/recommendations", json=body | {"k": 50, "filters": {"genres": "Drama"}})
    )
    assert dramas
    assert {"playtime", "traffic", "ohayo"}.isdisjoint(dramas)


def test_a_request_in_words_is_understood(client):
    body = client.post("/v1/recommendations", json={"query": "Jacques Tati", "k": 4}).json()
    named = body["understood"]["include"]
    assert [linked["name"] for linked in named] == ["Jacques Tati"]
    assert {item["item_id"] for item in body["items"]} == {
        "hulot",
        "uncle",
        "playtime",
        "traffic",
    }


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"k": 0}, "#/k"),
        ({"k": 1001}, "#/k"),
        ({"user": "ada"}, "#/user"),
        ({"session": [1]}, "#/session/0"),
        ({"language": "fr"}, "#/language"),
        ({"query": ""}, "#/query"),
    ],
)
def test_bad_requests_are_pointed_at(client, body, pointer):
    answer = client.post("/v1/recommendations", json=body)
    assert answer.status_code == 422
    assert [line["pointer"] for line in answer.json()["errors"]] == [pointer]


def test_reordering_for_diversity_is_not_there_yet_and_says_so(client):
    assert client.post("/v1/recommendations", json={"diversity": 0.5}).status_code == 501
    assert client.post("/v1/recommendations", json={"diversity": 0.0}).status_code == 200


def test_similar_items_share_something(client):
    assert "tokyo" in ids(client.get("/v1/items/spring/similar?k=3"))
    assert client.get("/v1/items/nothing/similar").json()["id"] == "nothing"


def test_popular_and_latest(client):
    assert ids(client.get("/v1/popular?k=2"))[0] in {"spring", "tokyo"}
    assert ids(client.get("/v1/latest?k=1")) == ["low"]
    assert client.get("/v1/popular?k=0").json()["errors"][0]["parameter"] == "k"


def test_an_explanation_adds_up(client):
    answer = client.get("/v1/explanations", params={"user_id": "ada", "item_id": "ohayo", "k": 2})
    body = answer.json()
    assert body["score"] == pytest.approx(sum(body["parts"].values()), abs=1e-6)
    values = sum(path["value"] for path in body["paths"])
    assert body["parts"]["paths"] == pytest.approx(values, abs=1e-6)
    shown = [path["shown"] for path in body["paths"]]
    assert shown == sorted(shown, reverse=True)
    assert 1 <= sum(shown) <= 2
    assert body["text"]
    nodes = {node["id"] for node in body["graph"]["nodes"]}
    assert {"ada", "ohayo"} <= nodes
    assert all({edge["from"], edge["to"]} <= nodes for edge in body["graph"]["edges"])


def test_explanations_speak_chinese(client):
    asked = {"user_id": "ada", "item_id": "ohayo", "language": "zh"}
    text = client.get("/v1/explanations", params=asked).json()["text"]
    assert any("一" <= character <= "鿿" for character in text)


@pytest.mark.parametrize(
    ("asked", "missing"),
    [
        ({"user_id": "nobody", "item_id": "spring"}, ("user", "nobody")),
        ({"user_id": "ada", "item_id": "nothing"}, ("item", "nothing")),
    ],
)
def test_an_explanation_of_something_unknown_says_which(client, asked, missing):
    answer = client.get("/v1/explanations", params=asked)
    assert answer.status_code == 404
    assert (answer.json()["what"], answer.json()["id"]) == missing
