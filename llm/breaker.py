"""Stop asking what keeps failing, and try again after a while."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Literal

from graph.errors import UnavailableError

BreakerState = Literal["closed", "open", "half_open"]


class Breaker:
    """A circuit breaker.

    ``closed``: all attempts pass. After a number of failures in a row it is ``open``: attempts fail
    at once. After a rest it is ``half_open``: one attempt passes; its success closes the breaker,
    its failure opens it for another rest.

    Parameters
    ----------
    what : str
        What is protected, as the beginning of a sentence.
    failures : int
        Failures in a row that open it.
    rest_s : float
        Seconds that it stays open.
    clock : Callable
        Seconds that only grow.

    References
    ----------
    .. [1] Nygard, "Release It!", 2nd edition, chapter 5.

    Examples
    --------
    >>> breaker = Breaker("The oracle", failures=1)
    >>> breaker.state
    'closed'
    >>> with breaker.attempt():
    ...     raise ValueError
    Traceback (most recent call last):
    ValueError
    >>> breaker.state
    'open'
    """

    def __init__(
        self,
        what: str,
        *,
        failures: int = 3,
        rest_s: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what = what
        self._failures = failures
        self._rest_s = rest_s
        self._clock = clock
        self._lock = Lock()
        self._failed = 0
        self._opened_at: float | None = None
        self._is_trying = False

    @property
    def state(self) -> BreakerState:
        """Whether attempts pass now."""
        with self._lock:
            if self._opened_at is None:
                return "closed"
            return "half_open" if self._rest_left() <= 0 else "open"

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Do something within; what it raises counts as a failure.

        Yields
        ------
        None
            Where the attempt may be made.

        Raises
        ------
        UnavailableError
            The breaker lets no attempt pass.
        """
        self._admit()
        try:
            yield
        except BaseException:
            self._count_failure()
            raise
        with self._lock:
            self._failed, self._opened_at, self._is_trying = 0, None, False

    def _admit(self) -> None:
        with self._lock:
            if self._opened_at is None:
                return
            if self._rest_left() > 0 or self._is_trying:
                raise UnavailableError(
                    f"{self._what} failed several times in a row and is not asked for a while.",
                    retry_after_s=max(self._rest_left(), 1.0),
                )
            self._is_trying = True

    def _count_failure(self) -> None:
        with self._lock:
            self._failed += 1
            if self._is_trying or self._failed >= self._failures:
                self._opened_at = self._clock()
            self._is_trying = False

    def _rest_left(self) -> float:
        assert self._opened_at is not None  # noqa: S101 (asked only of a breaker that is not closed)
        return self._opened_at + self._rest_s - self._clock()
