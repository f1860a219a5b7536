"""Models over HTTP: trained beside the serving, listed, activated."""


def test_a_model_is_trained_beside_the_serving_and_serves_when_the_job_has_succeeded(
    client, home, open_client, finished
):
    started = client.post("/v1/models/train", json={"epochs": 1, "seed": 3})
    second = client.post("/v1/models/train")
    assert (second.status_code, second.json()["type"]) == (409, "/problems/conflict")
    assert client.get("/v1/popular").status_code == 200
    job = finished(client, started)
    assert job["status"] == "succeeded", job
    assert job["progress"]["stage"]
    model = job["result"]["id"]
    answer = client.get("/v1/users/ada/recommendations").json()
    assert (answer["model_version"], answer["stale"]) == (model, False)

    listed = client.get("/v1/models").json()
    assert listed["active"] == model
    assert [card["id"] for card in listed["models"]] == [model]
    with open_client(home) as again:
        assert again.get("/v1/popular").json()["model_version"] == model


def test_an_earlier_model_can_serve_again(client, finished):
    brief = {"epochs": 1, "time_budget_s": 44}
    first = finished(client, client.post("/v1/models/train", json=brief))
    assert first["result"]["config"]["time_budget_s"] == 44
    second = finished(client, client.post("/v1/models/train", json={"epochs": 1}))
    names = [first["result"]["id"], second["result"]["id"]]
    assert client.get("/v1/popular").json()["model_version"] == names[1]
    answer = client.post(f"/v1/models/{names[0]}/activate").json()
    assert answer["model_version"] == names[0]
    assert client.get("/v1/popular").json()["model_version"] == names[0]
    assert client.get("/v1/models").json()["active"] == names[0]


def test_without_models_the_list_is_empty(client):
    assert client.get("/v1/models").json() == {"active": None, "models": []}


def test_unknown_models_and_wrong_settings_are_refused(client):
    answer = client.post("/v1/models/nope/activate")
    assert (answer.status_code, answer.json()["id"]) == (404, "nope")
    assert client.post("/v1/models/..%2Fjobs/activate").status_code == 404
    wrong = client.post("/v1/models/train", json={"epochs": 0})
    assert wrong.json()["errors"][0]["pointer"] == "#/epochs"
