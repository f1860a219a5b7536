"""Errors as answers, over a small application."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

from api import problems
from api.observability import Metrics, RequestMiddleware
from api.problem_types import MEDIA_TYPE
from graph.errors import (
    AppError,
    ConflictError,
    InvalidError,
    NotFoundError,
    TimedOutError,
    UnavailableError,
    UnsupportedError,
)


class Body(BaseModel):
    names: list[str]


def application(error: Exception | None = None) -> FastAPI:
    app = FastAPI()
    problems.install(app)
    app.add_middleware(
        RequestMiddleware,
        metrics=Metrics(),
        body_bytes=2000,
        upload_bytes=4000,
        uploads=("/upload",),
    )

    @app.get("/raise")
    async def fail():
        raise error

    @app.post("/body")
    async def body(body: Body, k: int = 1):
        return {}

    return app


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (NotFoundError("item", "x"), 404, "not-found"),
        (InvalidError("bad"), 422, "invalid"),
        (ConflictError("taken"), 409, "conflict"),
        (UnavailableError("away"), 503, "unavailable"),
        (TimedOutError("slow"), 503, "timeout"),
        (UnsupportedError("cannot"), 501, "unsupported"),
        (problems.ForbiddenError("no"), 403, "forbidden"),
    ],
)
def test_every_error_of_ours_has_its_status_and_type(error, status, kind):
    answer = TestClient(application(error)).get("/raise")
    assert answer.status_code == status
    assert answer.headers["content-type"] == MEDIA_TYPE
    body = answer.json()
    assert (body["type"], body["status"], body["detail"]) == (
        f"/problems/{kind}",
        status,
        error.detail,
    )
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["instance"] == "/raise"


def test_a_missing_thing_is_named():
    body = TestClient(application(NotFoundError("item", "x", fix="Try y."))).get("/raise").json()
    assert (body["what"], body["id"], body["fix"]) == ("item", "x", "Try y.")


def test_what_is_away_says_when_to_come_back():
    answer = TestClient(application(UnavailableError("away", retry_after_s=7))).get("/raise")
    assert answer.headers["retry-after"] == "7"


@pytest.mark.parametrize("error", [ZeroDivisionError("secret"), AppError("secret")])
def test_an_error_nobody_expected_tells_nothing(error, capsys):
    answer = TestClient(application(error)).get("/raise")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_values_that_cannot_be_accepted_are_pointed_at():
    answer = TestClient(application()).post("/body?k=x", json={"names": ["a", 5]})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == MEDIA_TYPE
    lines = answer.json()["errors"]
    assert {line.get("pointer", line.get("parameter")) for line in lines} == {"#/names/1", "k"}
    assert all(line["detail"] for line in lines)


def test_pointers_escape_what_the_standard_says():
    lines = problems.validation_problems([{"loc": ("body", "a/b~c", 0), "msg": "no"}])
    assert lines == [{"detail": "no", "pointer": "#/a~1b~0c/0"}]


def test_a_body_that_is_no_json_is_malformed():
    answer = TestClient(application()).post(
        "/body", content=b"{", headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed")


def test_unknown_addresses_and_methods_are_problems_too():
    client = TestClient(application())
    missing, wrong = client.get("/nowhere"), client.delete("/body")
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/not-found")
    assert "/nowhere" in missing.json()["detail"]
    assert (wrong.status_code, wrong.json()["type"]) == (405, "/problems/method-not-allowed")
    assert wrong.headers["allow"] == "POST"


def test_the_same_problem_can_be_printed_without_a_request():
    assert problems.problem_document(NotFoundError("user", "u", fix="F.")) == {
        "type": "/problems/not-found",
        "title": "Not found",
        "status": 404,
        "detail": "There is no user with the id 'u'.",
        "fix": "F.",
        "what": "user",
        "id": "u",
    }


def test_a_value_of_no_fitting_type_is_pointed_at_once():
    errors = [
        {"loc": ("body", "attributes", "a", tag), "msg": told, "type": "x"}
        for tag, told in (("bool", "no bool"), ("list[union[bool,int]]", "no list"))
    ]
    body = {"attributes": {"a": None}}
    assert problems.validation_problems(errors, body) == [
        {"detail": "no bool; or no list", "pointer": "#/attributes/a"}
    ]


def test_what_is_missing_is_pointed_at_where_it_should_be():
    errors = [{"loc": ("body", "turns", 0, "TurnIn", "text"), "msg": "missing", "type": "missing"}]
    assert problems.validation_problems(errors, {"turns": [{}]}) == [
        {"detail": "missing", "pointer": "#/turns/0/text"}
    ]
