"""Health, metrics, and where the type of a problem leads."""

from api.problem_types import PROBLEMS


def test_a_healthy_service_lives_and_is_ready(client):
    assert client.get("/health/live").json() == {"status": "live"}
    ready = client.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["status"] == "ready"
    assert ready.json()["stale"] is False


def test_metrics_count_requests_by_template_events_and_sources(client):
    client.get("/v1/users/ada/recommendations?k=3")
    client.post("/v1/events", json={"user_id": "ada", "item_id": "uncle"})
    text = client.get("/metrics").text
    assert 'route="/v1/users/{user_id}/recommendations"' in text
    assert 'whyrec_events_total{outcome="accepted"} 1.0' in text
    assert "whyrec_recommended_items_total{" in text
    assert "whyrec_stale 0.0" in text
    assert "ada" not in text


def test_the_type_of_every_problem_leads_to_its_meaning(client):
    for problem in PROBLEMS.values():
        assert problem.meaning in client.get(problem.uri).text
    assert client.get("/problems/nope").status_code == 404
