"""Items: visible in recommendations when the answer comes back."""

import pytest

NEW = {
    "id": "autumn",
    "title": "An Autumn Afternoon",
    "text": "A widower marries off his daughter.",
    "attributes": {"genres": ["Drama"], "directors": "Yasujirō Ozu", "year": 1962},
}


def recommended(client, user="ada"):
    answer = client.get(f"/v1/users/{user}/recommendations?k=50")
    return [item["item_id"] for item in answer.json()["items"]]


def test_a_new_item_is_recommended_at_once(client):
    answer = client.post("/v1/items", json=NEW)
    assert answer.status_code == 201
    body = answer.json()
    assert body["item_id"] == "autumn"
    assert "Yasujirō Ozu" in [linked["name"] for linked in body["linked"]]
    assert 0 < body["visible_in_ms"] <= 1000
    place = {
        item["item_id"]: item
        for item in client.get("/v1/users/ada/recommendations?k=50").json()["items"]
    }
    assert place["autumn"]["cold"] is True
    assert place["autumn"]["score"] > place["traffic"]["score"]


def test_sending_the_same_item_again_changes_nothing_and_another_is_a_conflict(client):
    assert client.post("/v1/items", json=NEW).status_code == 201
    version = client.get("/v1/popular").json()["graph_version"]
    assert client.post("/v1/items", json=NEW).status_code == 201
    assert client.get("/v1/popular").json()["graph_version"] == version
    answer = client.post("/v1/items", json=NEW | {"title": "Other"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")
    assert client.get("/v1/items/autumn").json()["title"] == NEW["title"]


def test_an_item_is_read_replaced_changed_and_removed(client):
    body = {name: value for name, value in NEW.items() if name != "id"}
    assert client.put("/v1/items/autumn", json=body).status_code == 201
    assert client.put("/v1/items/autumn", json=body | {"title": "Afternoon"}).status_code == 200
    assert client.get("/v1/items/autumn").json()["title"] == "Afternoon"
    patch = {"attributes": {"directors": "Jacques Tati", "year": None}}
    linked = client.patch("/v1/items/autumn", json=patch).json()["linked"]
    assert {entity["name"] for entity in linked} == {"Drama", "Jacques Tati"}
    kept = client.get("/v1/items/autumn").json()
    assert kept["title"] == "Afternoon"
    assert kept["attributes"] == {"genres": ["Drama"], "directors": "Jacques Tati"}
    assert client.delete("/v1/items/autumn").status_code == 204
    assert client.get("/v1/items/autumn").status_code == 404
    assert "autumn" not in recommended(client)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/items/x", None),
        ("DELETE", "/v1/items/x", None),
        ("PATCH", "/v1/items/x", {"title": "T"}),
    ],
)
def test_unknown_items_are_named(client, method, path, body):
    answer = client.request(method, path, json=body)
    assert (answer.status_code, answer.json()["id"]) == (404, "x")


def test_an_id_may_hold_a_slash_and_letters_of_any_language(client):
    body = {"title": "T"}
    for name, address in {"a/b": "a/b", "m/0中文": "m/0%E4%B8%AD%E6%96%87"}.items():
        assert client.put(f"/v1/items/{address}", json=body).json()["item_id"] == name
        assert client.get(f"/v1/items/{address}").json()["item_id"] == name


def test_an_item_without_attributes_is_fine(client):
    body = client.post("/v1/items", json={"id": "bare", "title": "Bare"}).json()
    assert (body["linked"], body["item_id"]) == ([], "bare")
    assert "bare" in recommended(client)


def test_an_id_that_is_an_entity_already_is_a_conflict(client):
    entity = client.get("/v1/entities?search=Kurosawa").json()["entities"][0]["entity_id"]
    answer = client.post("/v1/items", json={"id": entity, "title": "T"})
    assert answer.status_code == 409


def test_images_are_not_taken_yet_and_it_says_so(client):
    answer = client.post("/v1/items", json=NEW | {"image": "aGk="})
    assert (answer.status_code, answer.json()["type"]) == (501, "/problems/unsupported")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"title": "T"}, "#/id"),
        ({"id": "i"}, "#/title"),
        ({"id": "i", "title": ""}, "#/title"),
        ({"id": "i\u0000", "title": "T"}, "#/id"),
    ],
)
def test_bad_items_are_pointed_at(client, body, pointer):
    answer = client.post("/v1/items", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
