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
    }


def test_an_empty_request_is_refused(client):
    answer = client.post("/v1/query/understand", json={"text": ""})
    assert answer.json()["errors"][0]["pointer"] == "#/text"


def test_entities_are_found_by_the_begin_of_their_names(client):
    found = client.get("/v1/entities?search=kuro&limit=5").json()["entities"]
    assert found[0]["name"] == "Akira Kurosawa"
    assert found[0]["kind"] == "Entity"
    assert set(found[0]) == {"entity_id", "kind", "name", "score", "method"}
    assert client.get("/v1/entities").json()["errors"][0]["parameter"] == "search"
