import contextlib
import threading

import pytest

from graph.errors import UnavailableError
from llm.breaker import Breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker("The oracle", failures=2, rest_s=30.0, clock=clock)


def fail(breaker):
    with contextlib.suppress(ValueError), breaker.attempt():
        raise ValueError


def succeed(breaker):
    with breaker.attempt():
        pass


def test_failures_in_a_row_open_it(breaker):
    fail(breaker)
    assert breaker.state == "closed"
    fail(breaker)
    assert breaker.state == "open"
    with pytest.raises(UnavailableError, match="The oracle failed") as caught, breaker.attempt():
        pytest.fail("nobody may come in")
    assert caught.value.retry_after_s == pytest.approx(30.0)


def test_a_success_between_failures_keeps_it_closed(breaker):
    for _ in range(5):
        fail(breaker)
        succeed(breaker)
    assert breaker.state == "closed"


def test_after_a_rest_one_success_closes_it(breaker, clock):
    fail(breaker)
    fail(breaker)
    clock.now += 30.0
    assert breaker.state == "half_open"
    succeed(breaker)
    assert breaker.state == "closed"
    fail(breaker)
    assert breaker.state == "closed"


def test_after_a_rest_one_failure_opens_it_again(breaker, clock):
    fail(breaker)
    fail(breaker)
    clock.now += 30.0
    fail(breaker)
    assert breaker.state == "open"
    clock.now += 29.0
    assert breaker.state == "open"
    clock.now += 1.0
    assert breaker.state == "half_open"


def test_half_open_lets_one_in_at_a_time(breaker, clock):
    fail(breaker)
    fail(breaker)
    clock.now += 30.0
    with breaker.attempt(), pytest.raises(UnavailableError), breaker.attempt():
        pytest.fail("one is trying already")
    assert breaker.state == "closed"


def test_many_threads_count_every_failure():
    breaker = Breaker("The oracle", failures=200)
    threads = [
        threading.Thread(target=lambda: [fail(breaker) for _ in range(20)]) for _ in range(9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert breaker.state == "closed"
    for _ in range(20):
        fail(breaker)
    assert breaker.state == "open"
