"""Recommendations and lists over HTTP."""

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
    assert set(path) == {"value", "share", "kind", "shown", "text", "people", "edges", "nodes"}
    assert first["reason"].endswith(".")
    assert "reason" not in client.post("/v1/recommendations", json={"user_id": "ada"}).text
    assert len(path["nodes"]) == len(path["edges"]) + 1
    assert path["nodes"][0] == {"id": "ada", "kind": "User", "label": "User", "name": "ada"}
    assert path["nodes"][-1]["id"] == first["item_id"]
    assert set(path["edges"][0]) == {"from", "type", "to", "direction"}


def test_which_paths_are_shown_can_be_chosen(client):
    body = {"user_id": "ada", "k": 2, "explain": True}
    for choice in ("strongest", "balanced", "varied", "recent"):
        listed = client.post("/v1/recommendations", json=body | {"path_choice": choice}).json()
        for item in listed["items"]:
            asked = {"user_id": "ada", "item_id": item["item_id"], "path_choice": choice}
            told = client.get("/v1/explanations", params=asked).json()
            shown = [path["edges"] for path in told["paths"] if path["shown"]]
            assert sorted(map(str, shown)) == sorted(str(p["edges"]) for p in item["paths"])
            assert 0 <= told["share_shown"] <= 1
            assert told["summary"].endswith(".")
    wrong = client.post("/v1/recommendations", json=body | {"path_choice": "best"})
    assert wrong.status_code == 422


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
        ({"diversity": 1.1}, "#/diversity"),
        ({"diversity": {"strength": 0.5, "strategy": "best"}}, "#/diversity/strategy"),
        ({"diversity": {"strategy": "mmr"}}, "#/diversity/strength"),
        ({"diversity": True}, "#/diversity"),
        ({"calibration": -0.1}, "#/calibration"),
        ({"copies": 1}, "#/copies"),
        ({"request_weight": 1.5}, "#/request_weight"),
    ],
)
def test_bad_requests_are_pointed_at(client, body, pointer):
    answer = client.post("/v1/recommendations", json=body)
    assert answer.status_code == 422
    assert [line["pointer"] for line in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "a comedy " + "x" * 1_000_000,
        "喜剧" * 300_000,
        "😀" * 50,
        "\x00\x01",
        "קומדיה خريف",
    ],
    ids=["empty", "blank", "long", "long-zh", "emoji", "controls", "right-to-left"],
)
def test_a_list_comes_whatever_the_request_is(client, query):
    answer = client.post("/v1/recommendations", json={"query": query, "k": 3})
    assert answer.status_code == 200
    assert len(answer.json()["items"]) == 3
    if len(query) > 2000:
        told = answer.json()["understood"]["unmatched"][-1]
        assert f"{len(query) - 2000} more characters were not read" in told


def test_the_weight_of_a_request_steers_between_taste_and_words(client):
    body = {"user_id": "eve", "query": "Jacques Tati", "k": 3}
    plain = client.post("/v1/recommendations", json={"user_id": "eve", "k": 3}).json()["items"]
    for weight in (0.0, 0.2, 0.5, 1.0):
        items = client.post("/v1/recommendations", json=body | {"request_weight": weight}).json()[
            "items"
        ]
        if weight == 0.0:
            assert items == plain
        asked = {"user_id": "eve", "query": "Jacques Tati", "request_weight": weight}
        for item in items:
            told = client.get(
                "/v1/explanations", params=asked | {"item_id": item["item_id"]}
            ).json()
            assert told["score"] == pytest.approx(item["score"], abs=1e-6)


@pytest.mark.parametrize(
    "diversity", [0.9, 1, {"strength": 0.9}, {"strength": 0.9, "strategy": "mmr"}]
)
def test_diversity_reorders_says_so_and_leaves_the_scores(client, diversity):
    body = {"user_id": "eve", "k": 4}
    plain = client.post("/v1/recommendations", json=body).json()
    every = client.post("/v1/recommendations", json=body | {"k": 50}).json()
    varied = client.post("/v1/recommendations", json=body | {"diversity": diversity}).json()
    assert plain["reordered"] == []
    assert all("moved" not in item for item in plain["items"])
    (stage,) = varied["reordered"]
    assert stage["by"] == "diversity"
    assert stage["how"] == (diversity["strategy"] if len(str(diversity)) > 20 else "msd")
    assert stage["after"] > stage["before"]
    by_score = {item["item_id"]: (n, item) for n, item in enumerate(every["items"], 1)}
    for to, item in enumerate(varied["items"], 1):
        came_from, same = by_score[item["item_id"]]
        assert item["moved"] == {"from": came_from, "to": to}
        assert (item["score"], item["parts"]) == (same["score"], same["parts"])
        assert item["score"] == pytest.approx(sum(item["parts"].values()), abs=1e-9)
    assert [item["item_id"] for item in varied["items"]] != [i["item_id"] for i in plain["items"]]


@pytest.mark.parametrize("diversity", [0, 0.0, None, {"strength": 0}])
def test_no_diversity_is_the_list_by_score(client, diversity):
    body = {"user_id": "eve", "k": 4}
    plain = client.post("/v1/recommendations", json=body).json()
    assert client.post("/v1/recommendations", json=body | {"diversity": diversity}).json() == plain


def test_calibration_brings_the_list_closer_to_the_mix_of_the_user(client):
    body = {"user_id": "eve", "k": 4, "calibration": 1.0}
    (stage,) = client.post("/v1/recommendations", json=body).json()["reordered"]
    assert (stage["by"], stage["how"]) == ("calibration", "HAS_GENRE:out")
    assert stage["after"] <= stage["before"]
    both = client.post("/v1/recommendations", json=body | {"diversity": 0.5}).json()
    assert [stage["by"] for stage in both["reordered"]] == ["diversity", "calibration"]


def test_a_stranger_gets_popular_themes_mixed_and_has_no_mix(client):
    answer = client.post("/v1/recommendations", json={"k": 4, "calibration": 1.0}).json()
    assert [stage["by"] for stage in answer["reordered"]] == ["themes"]
    assert all(item["moved"]["to"] == n for n, item in enumerate(answer["items"], 1))


def test_what_the_catalog_lists_twice_is_shown_once(client):
    again = {
        "id": "again",
        "title": "Tokyo Story (1953)",
        "attributes": {"genres": ["Drama"], "directors": "Yasujirō Ozu", "year": 1953},
    }
    body = {"user_id": "ben", "k": 50}
    before = client.post("/v1/recommendations", json=body).json()
    assert client.post("/v1/items", json=again).status_code == 201
    after = client.post("/v1/recommendations", json=body).json()
    both = client.post("/v1/recommendations", json=body | {"copies": True}).json()
    assert (before["hidden_copies"], after["hidden_copies"], both["hidden_copies"]) == (0, 1, 0)
    assert len(after["items"]) == len(before["items"]) == len(both["items"]) - 1
    seen = client.post("/v1/recommendations", json={"user_id": "ada", "k": 50}).json()
    assert "again" not in {item["item_id"] for item in seen["items"]}


def test_similar_items_share_something(client):
    assert "tokyo" in ids(client.get("/v1/items/spring/similar?k=3"))
    assert client.get("/v1/items/nothing/similar").json()["id"] == "nothing"


def test_popular_and_latest(client):
    assert ids(client.get("/v1/popular?k=2"))[0] in {"spring", "tokyo"}
    assert ids(client.get("/v1/latest?k=1")) == ["low"]
    assert client.get("/v1/popular?k=0").json()["errors"][0]["parameter"] == "k"
