"""Jobs over HTTP: read, listed, followed."""

import json

ITEMS = {"file": ("items.csv", "id,title\nheat,Heat\n")}


def stream(client, job_id):
    """Read the whole event stream of a job."""
    with client.stream("GET", f"/v1/jobs/{job_id}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        text = answer.read().decode()
    blocks = [block.splitlines() for block in text.strip().split("\n\n")]
    return [dict(line.split(": ", 1) for line in block) for block in blocks]


def test_a_job_can_be_followed_to_its_end(client):
    job_id = client.post("/v1/catalog/loads", files=ITEMS).json()["job_id"]
    events = stream(client, job_id)
    assert [event["event"] for event in events[:-1]] == ["progress"] * (len(events) - 1)
    assert events[-1]["event"] == "end"
    last = json.loads(events[-1]["data"])
    assert (last["job_id"], last["status"]) == (job_id, "succeeded")
    statuses = [json.loads(event["data"])["status"] for event in events]
    order = ["queued", "running", "finishing", "succeeded"]
    assert sorted(statuses, key=order.index) == statuses
    assert stream(client, job_id)[-1]["event"] == "end"


def test_jobs_are_listed_after_a_restart_too(home, open_client, finished):
    with open_client(home) as client:
        job = finished(client, client.post("/v1/catalog/loads", files=ITEMS))
    with open_client(home) as client:
        assert client.get("/v1/jobs").json()["jobs"] == [job]


def test_an_unknown_job_is_named(client):
    for path in ("/v1/jobs/nope", "/v1/jobs/nope/events"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["id"]) == (404, "nope")
