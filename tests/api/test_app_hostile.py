"""Hostile values in every field and address: always a problem or an answer, never a failure."""

import json
import random
from urllib.parse import quote

import pytest

from api.problem_types import MEDIA_TYPE

STRINGS = [
    "",
    "\x00",
    "a\nb",
    "中文",
    "'; drop table node;--",
    "MATCH (n) DETACH DELETE n",
    "💥" * 50,
    "x" * 5000,
    "../../etc/passwd",
    "%00",
    "<script>",
    "\u202e",
    "1e999",
    "not not",
    "before 1960",
    "像 Playtime 一样",
    "*",
    '"',
    "\\",
    "(",
    "[",
]
VALUES = [
    *STRINGS,
    0,
    -1,
    5,
    1e308,
    2**53,
    2**70,
    True,
    None,
    [],
    {},
    [1, "a"],
    {"a": 1},
    [[]],
    [None],
]
BODIES = {
    "POST /v1/recommendations": ("user_id", "query", "session", "k", "exclude", "explain"),
    "POST /v1/explanations": ("user_id", "item_id", "query", "paths", "context"),
    "POST /v1/what-if": ("user_id", "item_id", "query", "without"),
    "POST /v1/why-not": ("user_id", "item_id", "filters", "exclude", "k"),
    "POST /v1/items": ("id", "title", "names", "text"),
    "PUT /v1/items/new": ("title", "text"),
    "PATCH /v1/items/spring": ("title", "names"),
    "POST /v1/users": ("id",),
    "POST /v1/events": ("user_id", "item_id", "type", "value", "at", "event_id", "entity_id"),
    "POST /v1/query/understand": ("text",),
    "POST /v1/catalog/loads": ("path", "format", "strict"),
}
GOOD = {
    "user_id": "ada",
    "item_id": "spring",
    "id": "new",
    "title": "T",
    "query": "comedy",
    "text": "comedy",
    "k": 3,
    "paths": 3,
    "context": [],
    "exclude": [],
    "without": [{"from": "ada", "type": "INTERACTED", "to": "spring"}],
}
ADDRESSES = [
    "/v1/users/{}/recommendations",
    "/v1/users/{}/export",
    "/v1/items/{}",
    "/v1/items/{}/similar",
    "/v1/jobs/{}",
    "/v1/jobs/{}/events",
    "/v1/entities?search={}",
    "/v1/explanations?item_id={}",
    "/v1/explanations?item_id=spring&user_id={}",
    "/v1/explanations?item_id=spring&query={}",
    "/v1/popular?k={}",
    "/problems/{}",
]
RAW = [
    b'{"k": NaN}',
    b"[" * 100_000,
    b"\xff\xfe",
    b'{"user_id": "\\ud800", "id": "\\ud800", "text": "\\ud800"}',
    b'{"k": 1' + b"0" * 5000 + b"}",
    b"",
]


def check(answer):
    assert answer.status_code < 500 or answer.status_code == 501, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == MEDIA_TYPE
        assert answer.json()["request_id"]


@pytest.mark.parametrize("route", BODIES)
def test_hostile_values_in_bodies(client, route):
    method, path = route.split()
    choose = random.Random(7)
    for _ in range(60):
        body = {
            name: choose.choice(VALUES) if choose.random() < 0.4 else GOOD.get(name, "a")
            for name in BODIES[route]
        }
        for part in ("filters", "attributes"):
            if (method, part) in {("POST", "filters"), ("PUT", "attributes")}:
                names = choose.sample(["genres", "min_year", "max_year", "year", "中"], 2)
                body[part] = {name: choose.choice(VALUES) for name in names}
        check(client.request(method, path, content=json.dumps(body)))
        check(
            client.request(
                method,
                path,
                content=json.dumps(body),
                headers={"content-type": "application/json"},
            )
        )


@pytest.mark.parametrize("route", BODIES)
def test_bodies_that_are_hardly_json(client, route):
    method, path = route.split()
    for content in RAW:
        answer = client.request(
            method, path, content=content, headers={"content-type": "application/json"}
        )
        check(answer)
        assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("address", ADDRESSES)
def test_hostile_values_in_addresses(client, address):
    for text in STRINGS:
        check(client.get(address.format(quote(text, safe=""))))


def test_nothing_that_was_there_is_lost(client):
    before = [item["item_id"] for item in client.get("/v1/latest?k=50").json()["items"]]
    for text in STRINGS:
        client.post("/v1/query/understand", json={"text": text})
        client.post("/v1/recommendations", json={"user_id": text, "query": text})
        client.get(f"/v1/entities?search={quote(text)}")
    assert [item["item_id"] for item in client.get("/v1/latest?k=50").json()["items"]] == before
