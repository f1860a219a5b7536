"""Explanations, what-if and why-not over HTTP."""

import pytest

from api.routers.explanations import MAX_PATHS


def called(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()


def edge(source, type_, target):
    return {"from": source, "type": type_, "to": target}


def shown_edges(explanation):
    return [
        {name: one[name] for name in ("from", "type", "to")}
        for path in explanation["paths"]
        for one in path["edges"]
    ]


def test_an_explanation_adds_up(client):
    asked = {"user_id": "ada", "item_id": "ohayo", "k": 2}
    body = called(client.get("/v1/explanations", params=asked))
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


@pytest.mark.parametrize(
    ("name", "media_type", "begins"),
    [
        ("json", "application/json", b"{"),
        ("text", "text/plain; charset=utf-8", b"Good Morning (ohayo)"),
        ("mermaid", "text/vnd.mermaid; charset=utf-8", b"flowchart LR"),
        ("graphml", "application/graphml+xml; charset=utf-8", b"<?xml"),
        ("node-link", "application/json", b"{"),
        ("svg", "image/svg+xml; charset=utf-8", b"<svg "),
        ("png", "image/png", b"\x89PNG"),
    ],
)
def test_an_explanation_comes_in_the_format_asked_for(client, name, media_type, begins):
    asked = {"user_id": "ada", "item_id": "ohayo", "format": name}
    for answer in (
        client.get("/v1/explanations", params=asked),
        client.post("/v1/explanations", json=asked),
    ):
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == media_type
        assert answer.content.startswith(begins)
        described = client.get("/openapi.json").json()["paths"]["/v1/explanations"]["get"]
        assert media_type.partition(";")[0] in described["responses"]["200"]["content"]


def test_a_picture_may_run_and_load_nothing(client):
    asked = {"user_id": "ada", "item_id": "ohayo", "format": "svg"}
    answer = client.get("/v1/explanations", params=asked)
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_format_that_there_is_not_is_refused(client):
    asked = {"user_id": "ada", "item_id": "ohayo", "format": "pdf"}
    assert client.get("/v1/explanations", params=asked).status_code == 422


def test_explanations_speak_chinese(client):
    asked = {"user_id": "ada", "item_id": "ohayo", "language": "zh"}
    text = called(client.get("/v1/explanations", params=asked))["text"]
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


@pytest.mark.parametrize(
    "request_",
    [
        {"user_id": "ada"},
        {"user_id": "nobody", "query": "comedy"},
        {"session": ["hulot"], "filters": {"genres": "Comedy"}},
        {"user_id": "eve", "query": "no, by Akira Kurosawa", "context": ["a film by Yasujirō Ozu"]},
        {"user_id": "eve", "query": "Jacques Tati", "request_weight": 0.2, "diversity": 0.5},
    ],
)
def test_each_item_of_a_list_is_explained_for_the_request_that_it_answered(client, request_):
    for item in called(client.post("/v1/recommendations", json=request_))["items"]:
        asked = request_ | {"item_id": item["item_id"], "paths": 2}
        told = called(client.post("/v1/explanations", json=asked))
        assert told["score"] == pytest.approx(item["score"], abs=1e-9)
        assert dict(told["parts"]) == pytest.approx(item["parts"], abs=1e-9)
        assert sum(path["shown"] for path in told["paths"]) <= 2


def test_both_ways_to_ask_for_an_explanation_answer_the_same(client):
    asked = {"user_id": "ada", "item_id": "ohayo", "query": "comedy", "language": "zh"}
    got = called(client.get("/v1/explanations", params=asked))
    assert called(client.post("/v1/explanations", json=asked)) == got


# --- what if ---


def without(client, user, item, *edges, **asked):
    body = {"user_id": user, "item_id": item, "without": list(edges)} | asked
    return called(client.post("/v1/what-if", json=body))


def explained(client, user, item, **asked):
    return called(client.post("/v1/explanations", json={"user_id": user, "item_id": item} | asked))


def place(client, user, item, **asked):
    body = {"user_id": user, "k": 100} | asked
    items = called(client.post("/v1/recommendations", json=body))["items"]
    return next((n for n, one in enumerate(items, 1) if one["item_id"] == item), None)


def test_without_an_event_as_if_the_user_had_never_rated(client):
    found = without(client, "eve", "playtime", edge("eve", "INTERACTED", "uncle"))
    told = explained(client, "eve", "playtime")
    assert found["score_before"] == pytest.approx(told["score"], abs=1e-12)
    assert found["title"] == "Playtime"
    events = called(client.get("/v1/users/eve/export"))["events"]
    client.delete("/v1/users/eve")
    client.post("/v1/events", json=[one for one in events if one["item_id"] != "uncle"])
    told = explained(client, "eve", "playtime")
    assert found["score_after"] == pytest.approx(told["score"], abs=1e-12)
    assert found["parts_after"] == pytest.approx(told["parts"], abs=1e-12)
    assert found["rank_after"] == place(client, "eve", "playtime")
    assert found["removed"] == [edge("eve", "INTERACTED", "uncle")]


@pytest.mark.parametrize(("item", "of"), [("playtime", "playtime"), ("playtime", "uncle")])
def test_without_a_link_as_if_the_item_had_been_put_so(client, item, of):
    asked = {"query": "comedy"}
    gone = edge(of, "HAS_GENRE", "genre:comedy")
    found = without(client, "eve", item, gone, **asked)
    known = called(client.get(f"/v1/items/{of}"))
    genres = [name for name in known["attributes"]["genres"] if name != "Comedy"]
    patch = {"attributes": {"genres": genres or None}}
    assert client.patch(f"/v1/items/{of}", json=patch).status_code == 200
    told = explained(client, "eve", item, **asked)
    assert found["score_before"] > found["score_after"] == pytest.approx(told["score"], abs=1e-12)
    assert found["parts_after"] == pytest.approx(told["parts"], abs=1e-12)
    assert found["rank_after"] == place(client, "eve", item, **asked)


def test_every_edge_of_an_explanation_can_be_left_out_alone_and_twice(client):
    asked = {"query": "comedy", "session": ["low"]}
    told = explained(client, "ada", "ohayo", **asked)
    for one in shown_edges(told):
        found = without(client, "ada", "ohayo", one, one, **asked)
        assert found["removed"] == [one]
        assert found["score_before"] == pytest.approx(told["score"], abs=1e-12)
        assert found["score_after"] == pytest.approx(sum(found["parts_after"].values()), abs=1e-12)


def test_somebody_without_a_name(client):
    body = {"session": ["hulot", "uncle"], "item_id": "playtime"}
    body["without"] = [edge("you", "INTERACTED", "uncle")]
    found = called(client.post("/v1/what-if", json=body))
    told = called(
        client.post("/v1/explanations", json={"session": ["hulot"], "item_id": "playtime"})
    )
    assert found["score_after"] == pytest.approx(told["score"], abs=1e-12)
    assert found["user_id"] is None


def test_an_edge_that_does_not_explain_is_a_422_that_names_it(client):
    body = {"user_id": "ada", "item_id": "ohayo"}
    body["without"] = [edge("ada", "INTERACTED", "hulot")]
    answer = client.post("/v1/what-if", json=body)
    assert answer.status_code == 422
    assert "ada INTERACTED hulot" in answer.json()["detail"]
    assert answer.json()["fix"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"without": None}, "#/without"),
        ({"without": [{"from": "ada", "type": "INTERACTED"}]}, "#/without/0/to"),
        ({"without": [{"source": "ada"}]}, "#/without/0/from"),
        ({"without": [edge("ada", "INTERACTED", "spring")] * 101}, "#/without"),
        ({"without": [edge("", "INTERACTED", "spring")]}, "#/without/0/from"),
        ({"without": [edge("ada", "T" * 65, "spring")]}, "#/without/0/type"),
    ],
)
def test_bad_edges_are_pointed_at(client, changes, pointer):
    body = {"user_id": "ada", "item_id": "ohayo"} | changes
    answer = client.post("/v1/what-if", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ({"user_id": "nobody", "item_id": "ohayo"}, ("user", "nobody")),
        ({"user_id": "ada", "item_id": "nothing"}, ("item", "nothing")),
        ({"session": ["nothing"], "item_id": "ohayo"}, ("item", "nothing")),
    ],
)
def test_what_nobody_knows_is_a_404(client, body, missing):
    answer = client.post("/v1/what-if", json=body | {"without": []})
    assert answer.status_code == 404
    assert (answer.json()["what"], answer.json()["id"]) == missing


# --- why not ---


def why_not(client, item, **asked):
    return called(client.post("/v1/why-not", json={"item_id": item} | asked))


@pytest.mark.parametrize(
    "asked",
    [
        {"user_id": "ada", "k": 3},
        {"user_id": "nobody", "k": 3},
        {"user_id": "eve", "k": 2, "diversity": 0.9, "calibration": 0.5},
        {"query": "a comedy, not by Yasujirō Ozu", "k": 4, "filters": {"min_year": 1958}},
        {"session": ["hulot"], "exclude": ["uncle"], "query": "comedy before 1960", "k": 4},
    ],
)
def test_exactly_the_items_of_the_list_are_listed(client, asked):
    items = called(client.post("/v1/recommendations", json=asked))["items"]
    listed = {item["item_id"]: item["score"] for item in items}
    for item in ("spring", "ohayo", "hulot", "uncle", "playtime", "traffic", "rashomon", "low"):
        found = why_not(client, item, **asked)
        assert (found["reason"] == "listed") == (item in listed)
        if item in listed:
            assert found["score"] == listed[item]
        assert found["title"] in found["text"]


@pytest.mark.parametrize(
    ("item", "asked", "reason", "by"),
    [
        ("spring", {"user_id": "ada"}, "seen", ["rating"]),
        ("hulot", {"session": ["hulot"]}, "seen", ["session"]),
        ("hulot", {"exclude": ["hulot"]}, "excluded", []),
        (
            "hulot",
            {"filters": {"genres": ["Drama", "Crime"]}},
            "filter",
            ["genres", "Drama", "Crime"],
        ),
        ("hulot", {"filters": {"min_year": 1960}}, "filter", ["min_year", "1960"]),
        ("hulot", {"query": "not comedy"}, "refused", ["genre:comedy", "Comedy"]),
        ("hulot", {"query": "a comedy after 1965"}, "limit", ["year", ">", "1965"]),
        ("hulot", {"user_id": "ada", "k": 1}, "score", []),
    ],
)
def test_the_reason_is_named(client, item, asked, reason, by):
    found = why_not(client, item, **asked)
    assert (found["reason"], found["by"]) == (reason, by)
    chinese = why_not(client, item, language="zh", **asked)
    assert chinese["text"].endswith("。")
    assert chinese | {"text": found["text"]} == found


def test_bad_requests_for_a_reason(client):
    answer = client.post("/v1/why-not", json={"k": 3})
    assert answer.json()["errors"][0]["pointer"] == "#/item_id"
    answer = client.post("/v1/why-not", json={"item_id": "nothing"})
    assert (answer.status_code, answer.json()["id"]) == (404, "nothing")


def test_a_deleted_item_is_a_404(client):
    assert client.delete("/v1/items/ohayo").status_code == 204
    for route in ("what-if", "explanations", "why-not"):
        body = {"user_id": "ada", "item_id": "ohayo"}
        if route == "what-if":
            body["without"] = []
        assert client.post(f"/v1/{route}", json=body).json()["id"] == "ohayo"


@pytest.mark.parametrize("paths", [0, MAX_PATHS + 1])
def test_how_many_paths_is_limited(client, paths):
    body = {"user_id": "ada", "item_id": "ohayo", "paths": paths}
    assert client.post("/v1/explanations", json=body).json()["errors"][0]["pointer"] == "#/paths"
