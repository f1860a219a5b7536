"""Nothing personal that a request holds is logged or answered, whatever becomes of the request."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm.personal_data import masked

DIGITS = st.text("0123456789", min_size=9, max_size=9)
SECRET = st.one_of(
    st.from_regex(r"[a-z]{2,8}[0-9]{2}@[a-z]{3,8}\.(com|cn|org)", fullmatch=True),
    st.builds("1{}{}".format, st.sampled_from("3456789"), DIGITS),
    st.sampled_from(["4111 1111 1111 1111", "6222020000000000018", "11010519491231002X"]),
)
SAID = st.sampled_from(["a comedy, write to {}", "{}想看喜剧片", "films like {}", "not {}, please"])


def own_lines(captured):
    """The lines of our own log; the test client has one too."""
    lines = [json.loads(line) for line in captured.err.splitlines()]
    return [line for line in lines if not line.get("logger", "").startswith("httpx")]


def test_no_personal_data_in_logs_and_answers(home, open_client, capsys):
    secrets = []
    with open_client(home, log={"level": "debug"}) as client:

        @settings(max_examples=40, deadline=None)
        @given(SECRET, SAID)
        def ask(secret, said):
            text = said.format(secret)
            secrets.append(secret)
            turn = {"text": text, "items": ["hulot"]}
            answers = [
                client.post("/v1/query/understand", json={"text": text}),
                client.post("/v1/query/understand", json={"text": "older", "context": [turn]}),
                client.post("/v1/recommendations", json={"query": text, "context": [text]}),
                client.get("/v1/explanations", params={"item_id": "hulot", "query": text}),
                client.get("/v1/entities", params={"search": text}),
            ]
            assert [answer.status_code for answer in answers] == [200] * 5
            assert all(secret not in answer.text for answer in answers)
            assert answers[0].json()["masked"] == 1
            assert answers[2].json()["understood"]["masked"] == 2

        ask()
    lines = own_lines(capsys.readouterr())
    assert sum(line["event"] == "request.answered" for line in lines) >= 5 * len(secrets)
    assert not [secret for secret in secrets if secret in json.dumps(lines, ensure_ascii=False)]


@pytest.mark.parametrize("style", ["json", "console"])
def test_no_personal_data_in_the_log_of_a_failure(home, open_client, capsys, monkeypatch, style):
    with open_client(home, log={"level": "info", "format": style}) as client:
        linker = client.app.state.services.recommender._linker
        monkeypatch.setattr(linker, "link", None)  # breaks what comes after the masking
        client.post("/v1/query/understand", json={"text": "comedies for ada@example.org"})
        client.post("/v1/query/understand", json={"text": "喜剧片 13800138000"})
    logged = capsys.readouterr().err
    assert "TypeError" in logged
    assert "example.org" not in logged
    assert "13800138000" not in logged


def test_spans_fit_the_text_that_was_sent(client):
    text = "ada@example.org: a comedy by Jacques Tati from the 50s"
    body = client.post("/v1/query/understand", json={"text": text}).json()
    spans = {part["name"]: text[slice(*part["span"])] for part in body["include"]}
    assert spans["Jacques Tati"] == "Jacques Tati"
    assert text[slice(*body["constraints"][0]["span"])] == "50s"
    assert body["masked"] == 1


def test_ordinary_requests_stay_as_they_are():
    for text in (
        "a comedy by Jacques Tati, 1953-1967, under 2 hours",
        "八十年代的喜剧片，500元以内",
    ):
        assert masked(text) == (text, 0)
