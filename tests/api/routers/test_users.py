"""Users: made known, exported, forgotten."""


def test_a_user_is_made_known_and_changed(client):
    body = {"id": "gil", "attributes": {"age": 30, "occupation": "writer"}}
    assert client.post("/v1/users", json=body).status_code == 201
    assert client.post("/v1/users", json=body).status_code == 200
    assert client.get("/v1/users/gil").json() == {
        "user_id": "gil",
        "attributes": {"age": 30, "occupation": "writer"},
    }
    answer = client.get("/v1/users/gil/recommendations?k=3")
    assert len(answer.json()["items"]) == 3


def test_an_export_holds_every_event(client):
    body = client.get("/v1/users/ada/export").json()
    assert body["user"]["user_id"] == "ada"
    assert [event["item_id"] for event in body["events"]] == ["spring", "summer", "tokyo"]
    assert body["events"][0]["at"] == 1_700_000_000


def test_what_was_done_with_an_item_can_be_forgotten(client):
    answer = client.delete("/v1/users/ada/events/tokyo")
    assert (answer.status_code, answer.json()) == (200, {"removed": 1})
    events = client.get("/v1/users/ada/export").json()["events"]
    assert [event["item_id"] for event in events] == ["spring", "summer"]
    answer = client.post("/v1/recommendations", json={"user_id": "ada", "k": 50})
    assert "tokyo" in [item["item_id"] for item in answer.json()["items"]]
    again = client.delete("/v1/users/ada/events/tokyo")
    assert (again.status_code, again.json()["type"]) == (404, "/problems/not-found")
    assert client.delete("/v1/users/nobody/events/tokyo").json()["id"] == "nobody"


def test_ids_with_slashes_are_told_apart(client):
    client.post("/v1/items", json={"id": "a/b", "title": "A"})
    client.post("/v1/events", json={"user_id": "x/y", "item_id": "a/b"})
    assert client.delete("/v1/users/x/y/events/a/b").json() == {"removed": 1}
    assert client.get("/v1/users/x/y/export").json()["events"] == []


def test_a_forgotten_user_is_gone_everywhere(client):
    assert client.delete("/v1/users/ada").status_code == 204
    for path in ("", "/export", "/recommendations"):
        answer = client.get(f"/v1/users/ada{path}")
        assert (answer.status_code, answer.json()["id"]) == (404, "ada")
    assert client.delete("/v1/users/ada").status_code == 404
    answer = client.post("/v1/recommendations", json={"user_id": "ada", "k": 50})
    assert "spring" in [item["item_id"] for item in answer.json()["items"]]


def test_a_user_who_comes_back_starts_anew(client):
    client.delete("/v1/users/ada")
    event = {"user_id": "ada", "item_id": "hulot", "event_id": "again"}
    assert client.post("/v1/events", json=event).json()["accepted"] == 1
    events = client.get("/v1/users/ada/export").json()["events"]
    assert [event["item_id"] for event in events] == ["hulot"]
    answer = client.get("/v1/users/ada/recommendations?k=50")
    assert "spring" in [item["item_id"] for item in answer.json()["items"]]
