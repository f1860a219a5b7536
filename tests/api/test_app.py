"""The application as a whole: its OpenAPI document, and what the issue asks of its addresses."""

from pathlib import Path

import pytest

from api.problem_types import MEDIA_TYPE

DOCUMENT = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
ROUTES = [
    "POST /v1/recommendations",
    "POST /v1/onboarding/next",
    "GET /v1/users/{user_id}/recommendations",
    "GET /v1/items/{item_id}/similar",
    "GET /v1/popular",
    "GET /v1/latest",
    "GET /v1/explanations",
    "POST /v1/explanations",
    "POST /v1/what-if",
    "POST /v1/why-not",
    "POST /v1/catalog/loads",
    "GET /v1/jobs",
    "GET /v1/jobs/{job_id}",
    "GET /v1/jobs/{job_id}/events",
    "POST /v1/items",
    "GET /v1/items/{item_id}",
    "PUT /v1/items/{item_id}",
    "PATCH /v1/items/{item_id}",
    "DELETE /v1/items/{item_id}",
    "POST /v1/users",
    "GET /v1/users/{user_id}",
    "DELETE /v1/users/{user_id}",
    "DELETE /v1/users/{user_id}/events/{item_id}",
    "GET /v1/users/{user_id}/export",
    "POST /v1/events",
    "POST /v1/query/understand",
    "GET /v1/entities",
    "POST /v1/models/train",
    "GET /v1/models",
    "POST /v1/models/{model_id}/activate",
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
    "GET /problems/{name}",
]


@pytest.fixture
def operations(client):
    document = client.get("/openapi.json").json()
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_the_document_lists_exactly_the_addresses(operations):
    assert sorted(operations) == sorted(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_says_what_it_does_and_what_can_go_wrong(operations, route):
    operation = operations[route]
    assert operation["summary"]
    assert operation["description"]
    responses = operation["responses"]
    assert {"422", "500"} <= set(responses)
    for status, response in responses.items():
        if int(status) >= 400:
            assert list(response["content"]) == [MEDIA_TYPE], status
    if "{item_id}" in route or "{user_id}" in route or "{job_id}" in route:
        assert "404" in responses or route.startswith("PUT")
    if "requestBody" in operation:
        assert {"400", "413"} <= set(responses)
    if route.split()[1].startswith(("/v1/items", "/v1/users", "/v1/events")):
        assert "503" in responses


@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_that_is_json_has_a_model(operations, route):
    (success, *_) = [r for s, r in operations[route]["responses"].items() if s.startswith("2")]
    for media_type, content in success.get("content", {}).items():
        if media_type == "application/json":
            models = content["schema"].get("anyOf", [content["schema"]])
            assert all("$ref" in model for model in models)


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_is_documented_with_a_command(route):
    section = DOCUMENT.split(f"\n### {route}\n", 1)
    assert len(section) == 2, f"docs/api.md lacks {route}"
    assert "curl" in section[1].split("\n### ")[0]


def test_every_reference_in_the_document_leads_somewhere(client):
    document = client.get("/openapi.json").json()
    named = document["components"]["schemas"]

    def references(node):
        if isinstance(node, dict):
            if "$ref" in node:
                yield node["$ref"]
            for child in node.values():
                yield from references(child)
        elif isinstance(node, list):
            for child in node:
                yield from references(child)

    assert {ref.removeprefix("#/components/schemas/") for ref in references(document)} <= set(named)
    assert "HTTPValidationError" not in named


def test_bodies_have_examples(client):
    named = client.get("/openapi.json").json()["components"]["schemas"]
    for model in ("RecommendationRequest", "ItemRequest", "UserRequest", "EventRequest"):
        assert named[model]["examples"]
