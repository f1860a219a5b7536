import gzip
import json
import time
from contextlib import suppress

import pytest

from graph.errors import AppError, InvalidError, TimedOutError, UnavailableError
from llm.chat import Message
from llm.chat_endpoint import MAX_READ_BYTES, Dialect, Endpoint

SCHEMA = {
    "type": "object",
    "properties": {"text": {"type": "string", "maxLength": 20}},
    "required": ["text"],
    "additionalProperties": False,
}
ASKED = [Message("system", "Be brief."), Message("user", "Greet me.")]


@pytest.fixture
def endpoint(peer):
    return Endpoint(peer.url, model="small", api_key="secret", timeout_s=10.0)


# --- the real server ---


def test_a_real_server_keeps_to_the_schema(chat_server):
    endpoint = Endpoint(chat_server.url, api_key=chat_server.key, timeout_s=60.0)
    answer = endpoint.chat(ASKED, SCHEMA)
    assert list(answer) == ["text"]
    assert len(answer["text"]) <= 20
    assert endpoint.dialect == Dialect()


@pytest.mark.parametrize("format_", ["json_object", "none"])
def test_a_real_server_is_asked_in_lesser_dialects(chat_server, format_):
    endpoint = Endpoint(chat_server.url, api_key=chat_server.key, timeout_s=60.0, max_tokens=32)
    endpoint.dialect = Dialect(format_)
    asked = [Message("user", 'Answer with {"text": "hello"} and nothing else.')]
    with suppress(InvalidError):  # so small a model may write nonsense where no grammar holds it
        assert list(endpoint.chat(asked, SCHEMA)) == ["text"]
    assert endpoint.dialect == Dialect(format_)


def test_a_real_answer_that_is_too_long_says_so(chat_server):
    endpoint = Endpoint(chat_server.url, api_key=chat_server.key, timeout_s=60.0, max_tokens=3)
    with pytest.raises(InvalidError, match="within 3 tokens"):
        endpoint.chat(ASKED, SCHEMA)


def test_a_real_answer_that_takes_too_long_ends_in_time(chat_server):
    endpoint = Endpoint(chat_server.url, api_key=chat_server.key, timeout_s=0.3, max_tokens=1000)
    started = time.monotonic()
    with pytest.raises(TimedOutError, match=r"0\.3 seconds"):
        endpoint.chat([Message("user", "Tell a long story.")], {"type": "object"})
    assert time.monotonic() - started < 3.0


def test_a_real_server_refuses_the_wrong_key(chat_server):
    with pytest.raises(UnavailableError, match="refused the key"):
        Endpoint(chat_server.url, api_key="wrong").chat(ASKED, SCHEMA)


def test_nobody_listens(free_port):
    with pytest.raises(UnavailableError, match="cannot be reached"):
        Endpoint(f"http://127.0.0.1:{free_port}/v1").chat(ASKED, SCHEMA)


# --- what is sent ---


def test_the_request_is_as_the_protocol_has_it(peer, endpoint):
    peer.says('{"text": "hi"}')
    assert endpoint.chat(ASKED, SCHEMA) == {"text": "hi"}
    sent = peer.asked[0]
    assert sent["model"] == "small"
    assert sent["messages"][1] == {"role": "user", "content": "Greet me."}
    assert sent["temperature"] == 0
    assert sent["response_format"]["json_schema"]["schema"] == SCHEMA
    assert peer.keys == ["Bearer secret"]


def test_no_key_is_sent_where_none_is_set(peer):
    peer.says('{"text": "hi"}')
    Endpoint(peer.url).chat(ASKED, SCHEMA)
    assert peer.keys == [None]
    assert "model" not in peer.asked[0]


@pytest.mark.parametrize("known", ["json_object", None])
def test_a_server_that_does_not_know_schemas_is_told_in_words(peer, said, endpoint, known):
    def answer(body):
        format_ = body.get("response_format", {}).get("type")
        if format_ not in {known, None}:
            return said([b'{"error": {"message": "unknown response_format"}}'], status=400)
        return said.content('Here: {"text": "hi"}')

    peer.answer = answer
    assert endpoint.chat(ASKED, SCHEMA) == {"text": "hi"}
    assert json.dumps(SCHEMA) in peer.asked[-1]["messages"][0]["content"]
    assert [one["role"] for one in peer.asked[-1]["messages"]] == ["system", "user"]
    n_asked = len(peer.asked)
    endpoint.chat(ASKED, SCHEMA)
    assert len(peer.asked) == n_asked + 1  # what it understood is remembered


def test_a_server_with_other_names_for_things_is_understood(peer, said, endpoint):
    def answer(body):
        if "max_tokens" in body:
            return said([b"Unsupported 'max_tokens', use 'max_completion_tokens'."], status=400)
        if "temperature" in body:
            return said([b"Unsupported value: 'temperature'."], status=400)
        return said.content('{"text": "hi"}')

    peer.answer = answer
    assert endpoint.chat(ASKED, SCHEMA) == {"text": "hi"}
    assert endpoint.dialect == Dialect("json_schema", "max_completion_tokens", False)


def test_a_server_that_refuses_everything_is_asked_only_a_few_times(peer, said, endpoint):
    everything = b"temperature max_completion_tokens response_format"
    peer.answer = lambda _: said([everything], status=400)
    with pytest.raises(UnavailableError, match="status 400"):
        endpoint.chat(ASKED, SCHEMA)
    assert len(peer.asked) == 5
    assert endpoint.dialect == Dialect()


# --- what a hostile or broken peer answers ---

HUGE = b"x" * 65_536
ENVELOPES = {
    "no JSON": b"<html>",
    "cut off": b'{"choices": [{"mess',
    "empty": b"",
    "null": b"null",
    "a list": b"[]",
    "a number": b"7",
    "no choice": b'{"choices": []}',
    "choices of the wrong type": b'{"choices": {"0": 1}}',
    "content of the wrong type": b'{"choices": [{"message": {"content": {"text": "hi"}}}]}',
    "no content": b'{"choices": [{"message": {"content": null}}]}',
    "deep": b"[" * 200_000,
    "no UTF-8": b'{"choices": [{"message": {"content": "\xff\xfe{"}}]}',
    "empty text": b'{"choices": [{"message": {"content": ""}}]}',
    "other object": b'{"choices": [{"message": {"content": "{\\"texts\\": 1}"}}]}',
}


@pytest.mark.parametrize("body", ENVELOPES.values(), ids=ENVELOPES)
def test_what_is_no_answer_is_refused(peer, said, endpoint, body):
    peer.answer = lambda _: said([body])
    with pytest.raises(InvalidError):
        endpoint.chat(ASKED, SCHEMA)


@pytest.mark.parametrize("status", [204, 302, 404, 429, 500, 503])
def test_other_statuses_are_no_answers(peer, said, endpoint, status):
    elsewhere = {"Location": f"{peer.url}/elsewhere"} if status == 302 else {}
    peer.answer = lambda _: said([b"secret detail"], status=status, headers=elsewhere)
    with pytest.raises(UnavailableError, match=str(status)) as caught:
        endpoint.chat(ASKED, SCHEMA)
    assert "secret" not in str(caught.value)
    assert len(peer.asked) == 1


def test_ten_megabytes_are_not_read(peer, said, endpoint):
    n_sent = 0

    def blocks():
        nonlocal n_sent
        for _ in range(160):
            n_sent += len(HUGE)
            yield HUGE

    peer.answer = lambda _: said(blocks())
    with pytest.raises(InvalidError, match=str(MAX_READ_BYTES)):
        endpoint.chat(ASKED, SCHEMA)
    time.sleep(0.1)
    assert n_sent < 10_000_000


def test_packed_answers_are_not_unpacked(peer, said, endpoint):
    bomb = gzip.compress(b"x" * 10_000_000)
    peer.answer = lambda _: said([bomb], headers={"Content-Encoding": "gzip"})
    with pytest.raises(InvalidError, match="packed"):
        endpoint.chat(ASKED, SCHEMA)


@pytest.mark.parametrize("pause_s", [0.2, 15.0])
def test_an_answer_that_drips_ends_in_time(peer, said, pause_s):
    peer.answer = lambda _: said([b"{"] * 100, pause_s=pause_s)
    started = time.monotonic()
    with pytest.raises(TimedOutError):
        Endpoint(peer.url, timeout_s=1.0).chat(ASKED, SCHEMA)
    assert time.monotonic() - started < 8.0


def test_a_peer_that_hangs_up_is_away(peer, said, endpoint):
    peer.answer = lambda _: said([b"{"], headers={"Content-Length": "1000"})
    with pytest.raises(UnavailableError):
        endpoint.chat(ASKED, SCHEMA)


@pytest.mark.parametrize(
    "address", ["", "localhost:8000", "ftp://x/v1", "http://", "http://x:port/v1"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(InvalidError):
        Endpoint(address)


def test_no_error_tells_the_key(peer, said):
    endpoint = Endpoint(peer.url, api_key="sk-very-secret", timeout_s=10.0)
    for status in (200, 400, 401, 500):
        peer.answer = lambda body, status=status: said([json.dumps(body).encode()], status=status)
        with pytest.raises(AppError) as caught:
            endpoint.chat(ASKED, SCHEMA)
        assert "very-secret" not in f"{caught.value} {endpoint.name}"
