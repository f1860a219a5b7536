"""A new user is asked, the list follows the answers, and what was said is kept."""

import pytest


def step(client, **body):
    answer = client.post("/v1/onboarding/next", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def replied(question, answer):
    return {"id": question["id"], "kind": question["kind"], "answer": answer}


COMEDY = {"id": "genre:comedy", "kind": "entity", "answer": "like"}
NO_DRAMA = {"id": "genre:drama", "kind": "entity", "answer": "dislike"}


def test_a_dialogue_begins_with_a_question_and_a_list(client):
    body = step(client, k=3)
    assert set(body) == {
        *("question", "asked", "left", "done", "saved", "recommendations"),
        *("graph_version", "model_version", "stale"),
    }
    assert set(body["question"]) == {"id", "kind", "label", "name", "text", "chance"}
    assert body["question"]["text"].startswith("Do you like films ")
    assert len(body["recommendations"]) == 3
    assert (body["asked"], body["left"], body["done"], body["saved"]) == (0, 5, False, False)


def test_a_question_comes_in_chinese(client):
    question = step(client, language="zh")["question"]
    assert question["text"].startswith("你喜欢")
    assert question["text"].endswith("吗？")


def test_nothing_is_asked_twice_and_five_answers_end_it(client):
    answers = []
    for asked in range(5):
        body = step(client, answers=answers)
        assert body["asked"] == asked
        assert body["left"] == 5 - asked
        question = body["question"]
        assert question["id"] not in {answer["id"] for answer in answers}
        answers.append(replied(question, "unknown"))
    body = step(client, answers=answers)
    assert body["question"] is None
    assert (body["left"], body["done"], body["saved"]) == (0, True, False)


def test_the_list_follows_the_answers_and_says_so(client):
    body = step(client, answers=[COMEDY, NO_DRAMA], k=4, explain=True)
    comedies = {"ohayo", "hulot", "uncle", "playtime", "traffic"}
    assert {item["item_id"] for item in body["recommendations"]} <= comedies
    (path,) = body["recommendations"][0]["paths"]
    assert path["kind"] == "stated"
    assert path["edges"][0]["type"] == "ASKS_FOR"
    assert path["text"].startswith("You said you like Comedy; ")


def test_what_was_said_is_kept_and_counts_after_a_restart(home, open_client):
    answers = [COMEDY, NO_DRAMA, {"id": "uncle", "kind": "item", "answer": "like"}]
    answers.append({"id": "hulot", "kind": "item", "answer": "dislike"})
    with open_client(home) as client:
        body = step(client, user_id="zoe", attributes={"age": 30}, answers=answers, save=True)
        assert body["saved"]
        expected = [item["item_id"] for item in body["recommendations"]]
        assert not {"uncle", "hulot"} & set(expected)
        again = step(client, user_id="zoe", answers=answers, save=True)
        assert [item["item_id"] for item in again["recommendations"]] == expected
    with open_client(home) as client:
        kept = client.get("/v1/users/zoe/export").json()
        assert kept["user"]["attributes"] == {
            "age": 30,
            "answer:entity:genre:comedy": "like",
            "answer:entity:genre:drama": "dislike",
            "answer:item:uncle": "like",
            "answer:item:hulot": "dislike",
        }
        events = {(event["item_id"], event["type"]) for event in kept["events"]}
        assert events == {("uncle", "like"), ("hulot", "dislike")}
        found = client.get("/v1/users/zoe/recommendations?k=10").json()["items"]
        assert [item["item_id"] for item in found] == expected
        told = client.get("/v1/explanations?user_id=zoe&item_id=playtime").json()
        assert told["score"] == pytest.approx(sum(told["parts"].values()))
        assert "stated" in {path["kind"] for path in told["paths"]}
        question = step(client, user_id="zoe")["question"]
        assert question["id"] not in {answer["id"] for answer in answers}


def test_answers_are_kept_at_the_end_without_being_asked_to(client):
    answers = []
    for _ in range(5):
        answers.append(replied(step(client, user_id="yan", answers=answers)["question"], "like"))
    assert client.get("/v1/users/yan").status_code == 404
    assert step(client, user_id="yan", answers=answers)["saved"]
    assert len(client.get("/v1/users/yan").json()["attributes"]) == 5


def test_nothing_is_kept_when_told_so(client):
    answers = [replied({"id": film, "kind": "item"}, "like") for film in ("spring", "tokyo")]
    answers += [replied({"id": film, "kind": "item"}, "unknown") for film in ("low", "ikiru")]
    body = step(client, user_id="xi", answers=[*answers, COMEDY], save=False)
    assert (body["done"], body["saved"]) == (True, False)
    assert client.get("/v1/users/xi").status_code == 404


def test_attributes_that_are_kept_stay(client):
    client.post("/v1/users", json={"id": "wu", "attributes": {"city": "Xi'an", "age": 20}})
    step(client, user_id="wu", attributes={"age": 21}, answers=[COMEDY], save=True)
    assert client.get("/v1/users/wu").json()["attributes"] == {
        "city": "Xi'an",
        "age": 21,
        "answer:entity:genre:comedy": "like",
    }


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"answers": [{**COMEDY, "id": "genre:nothing"}]}, 404, "genre:nothing"),
        ({"answers": [{**COMEDY, "kind": "item"}]}, 404, "genre:comedy"),
        ({"answers": [COMEDY, {**COMEDY, "answer": "dislike"}]}, 422, "same thing"),
        ({"save": True}, 422, "user_id"),
    ],
)
def test_bad_dialogues_are_refused_with_a_reason(client, body, status, said):
    answer = client.post("/v1/onboarding/next", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert said in answer.text


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"answers": [COMEDY] * 6}, "#/answers"),
        ({"language": "fr"}, "#/language"),
        ({"answers": [{**COMEDY, "answer": "maybe"}]}, "#/answers/0/answer"),
        ({"answers": [{**COMEDY, "kind": "genre"}]}, "#/answers/0/kind"),
        ({"k": 0}, "#/k"),
        ({"likes": []}, "#/likes"),
    ],
)
def test_bad_values_are_pointed_at(client, body, pointer):
    answer = client.post("/v1/onboarding/next", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_bodies_have_examples(client):
    named = client.get("/openapi.json").json()["components"]["schemas"]
    for example in named["OnboardingRequest"]["examples"]:
        assert client.post("/v1/onboarding/next", json=example).status_code == 200
