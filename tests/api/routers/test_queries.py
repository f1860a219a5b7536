"""What a request means, and the search for entities."""


def test_a_request_is_understood(client):
    body = client.post("/v1/query/understand", json={"text": "a comedy by Jacques Tati"}).json()
    assert body["language"] == "en"
    found = {linked["name"]: linked for linked in body["include"]}
    assert found["Jacques Tati"]["span"] == [12, 24]
    assert found["Jacques Tati"]["method"] == "exact"
    assert "Comedy" in found
    assert set(body) == {
        "language",
        "include",
        "exclude",
        "similar_to",
        "constraints",
        "free_text",
        "unmatched",
        "notes",
        "masked",
    }


def test_a_limit_that_the_catalog_cannot_be_held_to_says_so(client):
    body = client.post("/v1/query/understand", json={"text": "from the 50s, under $5"}).json()
    year, _, price = body["constraints"]
    assert year == {
        "field": "year",
        "op": ">=",
        "value": 1950.0,
        "unit": "",
        "span": [9, 12],
        "applies": True,
    }
    assert (price["field"], price["value"], price["applies"]) == ("price", 5.0, False)


def test_earlier_turns_are_refined(client):
    turns = ["a drama, no crime", {"text": "by Kurosawa", "items": ["ikiru", "samurai"]}]
    body = client.post(
        "/v1/query/understand", json={"text": "older than the second one", "context": turns}
    ).json()
    assert [(one["name"], one["turn"]) for one in body["exclude"]] == [("Crime", 2)]
    assert [(one["field"], one["op"], one["value"]) for one in body["constraints"]] == [
        ("year", "<", 1954.0)
    ]
    assert "turn" not in body["constraints"][0]


def test_a_turn_must_be_one(client):
    answer = client.post("/v1/query/understand", json={"text": "older", "context": [{"say": "x"}]})
    assert answer.status_code == 422


def test_an_empty_request_means_nothing(client):
    answer = client.post("/v1/query/understand", json={"text": ""})
    assert answer.status_code == 200
    assert [answer.json()[part] for part in ("include", "exclude", "constraints")] == [[], [], []]


def test_a_request_of_a_megabyte_is_read_as_far_as_requests_are_read(client):
    answer = client.post("/v1/query/understand", json={"text": "comedy " + "x" * 1_000_000})
    assert answer.status_code == 200
    assert [one["name"] for one in answer.json()["include"]] == ["Comedy"]
    assert answer.json()["unmatched"][-1] == "… (998007 more characters were not read)"


def test_entities_are_found_by_the_begin_of_their_names(client):
    found = client.get("/v1/entities?search=kuro&limit=5").json()["entities"]
    assert found[0]["name"] == "Akira Kurosawa"
    assert found[0]["kind"] == "Entity"
    assert set(found[0]) == {"entity_id", "kind", "name", "score", "method"}
    assert client.get("/v1/entities").json()["errors"][0]["parameter"] == "search"
