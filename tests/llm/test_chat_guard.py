import threading
import time

import pytest

from graph.errors import InvalidError, TimedOutError, UnavailableError
from llm.breaker import Breaker
from llm.chat import Chat, Message
from llm.chat_endpoint import Endpoint
from llm.chat_guard import MAX_SENT_CHARACTERS, GuardedChat

SCHEMA = {"type": "object", "properties": {"n": {"type": "array"}}, "required": ["n"]}
ASKED = [Message("user", "Count.")]


def guarded(peer, *, timeout_s=10.0, **options):
    return GuardedChat(Endpoint(peer.url, timeout_s=timeout_s), **options)


def test_it_is_a_chat_itself(peer):
    chat = guarded(peer)
    assert isinstance(chat, Chat)
    chat.load()
    chat.close()


def test_answers_are_remembered_and_cannot_be_spoilt(peer):
    peer.says('{"n": [1]}')
    chat = guarded(peer)
    chat.chat(ASKED, SCHEMA)["n"].append(2)
    assert chat.chat(ASKED, SCHEMA) == {"n": [1]}
    assert len(peer.asked) == 1
    chat.chat([Message("user", "Count again.")], SCHEMA)
    chat.chat(ASKED, {**SCHEMA, "title": "other"})
    assert len(peer.asked) == 3


def test_failures_are_not_remembered(peer):
    peer.says("no")
    chat = guarded(peer)
    with pytest.raises(InvalidError):
        chat.chat(ASKED, SCHEMA)
    peer.says('{"n": []}')
    assert chat.chat(ASKED, SCHEMA) == {"n": []}


def test_too_much_is_not_sent_and_is_no_failure_of_the_model(peer):
    chat = guarded(peer, breaker=Breaker("It", failures=1))
    with pytest.raises(InvalidError, match=str(MAX_SENT_CHARACTERS)):
        chat.chat([Message("user", "x" * (MAX_SENT_CHARACTERS + 1))], SCHEMA)
    assert peer.asked == []
    assert chat.breaker.state == "closed"


def test_a_model_that_keeps_failing_is_left_alone_until_it_recovers(peer, said):
    chat = guarded(peer, breaker=Breaker("It", failures=3, rest_s=2.0))
    peer.answer = lambda _: said([b""], status=500)
    for _ in range(3):
        with pytest.raises(UnavailableError, match="500"):
            chat.chat(ASKED, SCHEMA)
    for _ in range(5):
        with pytest.raises(UnavailableError, match="several times in a row"):
            chat.chat(ASKED, SCHEMA)
    assert len(peer.asked) == 3
    time.sleep(2.1)
    peer.says('{"n": []}')
    assert chat.breaker.state == "half_open"
    assert chat.chat(ASKED, SCHEMA) == {"n": []}
    assert chat.breaker.state == "closed"


def test_a_real_model_that_is_too_slow_opens_it_and_one_in_time_closes_it(chat_server):
    quick = {"type": "object", "properties": {"n": {"enum": [1]}}, "required": ["n"],
             "additionalProperties": False}  # fmt: skip
    endpoint = Endpoint(chat_server.url, api_key=chat_server.key, timeout_s=0.2, max_tokens=1000)
    chat = GuardedChat(endpoint, breaker=Breaker("It", failures=1, rest_s=0.05))
    with pytest.raises(TimedOutError):
        chat.chat([Message("user", "Tell a long story.")], {"type": "object"})
    assert chat.breaker.state in {"open", "half_open"}
    time.sleep(0.1)
    endpoint._timeout_s = 60.0
    assert chat.chat([Message("user", "Say 1.")], quick) == {"n": 1}
    assert chat.breaker.state == "closed"


def test_those_who_come_while_it_is_busy_do_not_wait(peer):
    peer.says('{"n": []}', pause_s=1.5)
    endpoint = Endpoint(peer.url)
    endpoint.at_once = 1
    chat = GuardedChat(endpoint, breaker=Breaker("It", failures=1))
    first = threading.Thread(target=chat.chat, args=(ASKED, SCHEMA))
    first.start()
    while not peer.asked:
        time.sleep(0.01)
    with pytest.raises(UnavailableError, match="busy"):
        chat.chat([Message("user", "Me too.")], SCHEMA)
    assert first.is_alive()
    first.join()
    assert chat.breaker.state == "closed"
    assert chat.chat(ASKED, SCHEMA) == {"n": []}
