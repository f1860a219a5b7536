import json

import pytest

from api.app import create_app
from api.settings import load_settings

EVENT = {"from": "u1", "type": "INTERACTED", "to": "thief"}


def test_it_is_the_answer_of_the_http_interface(whyrec, loaded):
    from fastapi.testclient import TestClient

    asked = ("--user", "u1", "--item", "insider", "--query", "crime", "--session", "airplane")
    answer = whyrec("what-if", *asked, "--without", "u1 INTERACTED thief", "--json")
    assert answer.code == 0, answer.stderr
    body = {"user_id": "u1", "item_id": "insider", "query": "crime", "session": ["airplane"]}
    with TestClient(create_app(load_settings())) as client:
        same = client.post("/v1/what-if", json=body | {"without": [EVENT]}).json()
    assert answer.document == same
    assert answer.document["removed"] == [EVENT]


def test_edges_may_be_json_and_several(whyrec, loaded):
    link = {"from": "heat", "type": "HAS_GENRE", "to": "genre:crime"}
    edges = ("--without", json.dumps(link), "--without", "u1 INTERACTED thief")
    found = whyrec("what-if", "--user", "u1", "--item", "heat", *edges, "--json").document
    assert found["removed"] == [link, EVENT]
    assert found["score_after"] < found["score_before"]


def test_people_see_before_and_after_side_by_side(whyrec, loaded):
    shown = whyrec(
        "what-if", "--user", "u1", "--item", "thief", "--without", "u1 INTERACTED thief"
    ).stdout
    assert "Thief (thief) without" in shown
    assert "u1 INTERACTED thief" in shown
    assert "before" in shown
    assert "place by score: none before, 2 after" in shown


@pytest.mark.parametrize(
    ("user", "item", "edge", "told"),
    [
        ("u1", "heat", "u1 likes thief", "This is no edge"),
        ("u1", "heat", '{"from": "u1"}', "This is no edge"),
        ("u1", "heat", "u1 INTERACTED airplane", "u1 INTERACTED airplane"),
        ("nobody", "heat", "nobody INTERACTED heat", "no user"),
        ("u1", "nothing", "u1 INTERACTED thief", "no item"),
    ],
)
def test_what_cannot_be_answered_is_said(whyrec, loaded, user, item, edge, told):
    answer = whyrec("what-if", "--user", user, "--item", item, "--without", edge)
    assert answer.code == 1
    assert told in answer.stderr


def test_without_edges_there_is_no_question(whyrec):
    assert whyrec("what-if", "--item", "heat").code == 2
