"""Events: durable, counted once, and part of the very next answer."""

import pytest


def top(client, user):
    answer = client.post("/v1/recommendations", json={"user_id": user, "k": 50, "explain": True})
    return {item["item_id"]: item["score"] for item in answer.json()["items"]}


def test_an_event_counts_in_the_very_next_answer(client):
    before = top(client, "ada")
    answer = client.post(
        "/v1/events", json={"user_id": "ada", "item_id": "uncle", "type": "rating", "value": 5}
    )
    assert answer.status_code == 202
    assert answer.json() == {"accepted": 1, "duplicates": 0, "rejected": []}
    after = top(client, "ada")
    assert "uncle" not in after
    assert after["hulot"] - after["samurai"] > before["hulot"] - before["samurai"]


def test_a_user_nobody_knows_is_known_after_an_event(client):
    client.post("/v1/events", json={"user_id": "new", "item_id": "spring"})
    assert client.get("/v1/users/new/recommendations").status_code == 200


def test_events_survive_a_restart_and_keep_their_keys(home, open_client):
    event = {"user_id": "ada", "item_id": "uncle", "event_id": "once"}
    with open_client(home) as client:
        assert client.post("/v1/events", json=event).json()["accepted"] == 1
    with open_client(home) as client:
        assert "uncle" not in top(client, "ada")
        assert client.post("/v1/events", json=event).json() == {
            "accepted": 0,
            "duplicates": 1,
            "rejected": [],
        }


def test_the_same_event_twice_counts_once(client):
    event = {"user_id": "ada", "item_id": "uncle", "event_id": "e"}
    body = client.post("/v1/events", json=[event, event]).json()
    assert (body["accepted"], body["duplicates"]) == (1, 1)
    scores = top(client, "ada")
    client.post("/v1/events", json=event)
    assert top(client, "ada") == scores
    assert len(client.get("/v1/users/ada/export").json()["events"]) == 4


def test_of_a_list_the_good_events_count_and_the_others_are_told(client):
    sent = [
        {"user_id": "ada", "item_id": "uncle"},
        {"user_id": "ada", "item_id": "nothing"},
        {"user_id": "ada"},
        "event",
        {"user_id": "ada", "item_id": "ohayo", "value": "five"},
    ]
    body = client.post("/v1/events", json=sent).json()
    assert body["accepted"] == 1
    assert [line["index"] for line in body["rejected"]] == [1, 2, 3, 4]
    reasons = [line["reason"] for line in body["rejected"]]
    assert "nothing" in reasons[0]
    assert "item_id or an entity_id" in reasons[1]
    assert reasons[3].startswith("value")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"user_id": "ada"}, 422),
        ({"user_id": "ada", "item_id": "uncle", "at": "yesterday"}, 422),
        ("text", 422),
        (7, 422),
    ],
)
def test_a_single_event_that_cannot_be_accepted_is_a_problem(client, body, status):
    answer = client.post("/v1/events", json=body)
    assert (answer.status_code, answer.json()["type"]) == (status, "/problems/invalid")


def test_a_single_event_on_an_unknown_item_is_rejected_with_the_reason(client):
    body = client.post("/v1/events", json={"user_id": "ada", "item_id": "nothing"}).json()
    assert body["accepted"] == 0
    assert "nothing" in body["rejected"][0]["reason"]


def test_more_of_this_and_less_of_that_count_in_the_very_next_answer(client):
    before = top(client, "ada")
    said = {"user_id": "ada", "entity_id": "person:jacques-tati", "type": "like"}
    answer = client.post("/v1/events", json=said)
    assert answer.status_code == 202
    assert answer.json() == {"accepted": 1, "duplicates": 0, "rejected": []}
    assert client.post("/v1/events", json=said).json()["duplicates"] == 1
    assert top(client, "ada")["playtime"] > before["playtime"]
    found = client.get("/v1/explanations?user_id=ada&item_id=playtime").json()
    assert "You said you like Jacques Tati" in found["text"]
    export = client.get("/v1/users/ada/export").json()
    assert export["feedback"] == [{"entity_id": "person:jacques-tati", "type": "like"}]
    client.post("/v1/events", json={**said, "type": "forget"})
    assert top(client, "ada") == before
    assert client.get("/v1/users/ada/export").json()["feedback"] == []


def test_feedback_and_events_come_in_one_list(client):
    sent = [
        {"user_id": "ada", "entity_id": "nothing", "type": "like"},
        {"user_id": "ada", "item_id": "uncle"},
        {"user_id": "ada", "entity_id": "genre:comedy", "type": "dislike"},
        {"user_id": "ada", "item_id": "nothing"},
        {"user_id": "ada", "entity_id": "genre:drama", "type": "view"},
        {"user_id": "ada", "entity_id": "genre:comedy", "type": "dislike"},
    ]
    body = client.post("/v1/events", json=sent).json()
    assert (body["accepted"], body["duplicates"]) == (2, 1)
    assert [line["index"] for line in body["rejected"]] == [0, 3, 4]
    assert "no entity with the id 'nothing'" in body["rejected"][0]["reason"]


def test_feedback_on_nothing_is_a_problem(client):
    answer = client.post(
        "/v1/events", json={"user_id": "ada", "entity_id": "nothing", "type": "like"}
    )
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert "'nothing'" in answer.json()["detail"]


def test_a_list_has_a_limit_and_an_empty_one_is_fine(client):
    many = [{"user_id": "u", "item_id": "spring"}] * 10_001
    answer = client.post("/v1/events", json=many)
    assert answer.status_code == 422
    assert "10000" in answer.json()["detail"]
    assert client.post("/v1/events", json=[]).json()["accepted"] == 0


def test_a_body_that_is_no_json_is_malformed(client):
    answer = client.post("/v1/events", content=b"{nope")
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed")
