import pytest

from api.app import create_app
from api.settings import load_settings


def test_it_is_the_answer_of_the_http_interface(whyrec, loaded):
    from fastapi.testclient import TestClient

    asked = ("--user", "u1", "--item", "heat", "--query", "comedy, not crime", "-k", 2)
    answer = whyrec("why-not", *asked, "--exclude", "airplane", "--language", "zh", "--json")
    assert answer.code == 0, answer.stderr
    body = {"user_id": "u1", "item_id": "heat", "query": "comedy, not crime", "k": 2}
    with TestClient(create_app(load_settings())) as client:
        more = {"exclude": ["airplane"], "language": "zh"}
        assert answer.document == client.post("/v1/why-not", json=body | more).json()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--user", "u1", "--item", "thief"), "seen"),
        (("--item", "thief", "-k", 6), "listed"),
        (("--item", "thief", "--session", "thief"), "seen"),
        (("--item", "thief", "--exclude", "thief"), "excluded"),
        (("--item", "thief", "--query", "not crime"), "refused"),
        (("--user", "u1", "--item", "hotshots", "-k", 1), "score"),
    ],
)
def test_reasons_follow_the_options_of_the_list(whyrec, loaded, options, reason):
    found = whyrec("why-not", *options, "--json").document
    assert found["reason"] == reason
    shown = whyrec("why-not", *options).stdout
    assert found["text"] in shown
    assert "place by score" in shown


def test_an_item_nobody_knows_is_said(whyrec, loaded):
    answer = whyrec("why-not", "--item", "nothing", "--json")
    assert (answer.code, answer.document["status"]) == (1, 404)
