"""How Whyrec talks to a Neo4j server: transactions with limits, and errors in our own words."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from neo4j import (
    AsyncDriver,
    AsyncGraphDatabase,
    AsyncManagedTransaction,
    NotificationMinimumSeverity,
    Query,
    unit_of_work,
)
from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    ConstraintError,
    DatabaseError,
    DriverError,
    Neo4jError,
    TransientError,
)

from graph.errors import ConflictError, InvalidError, TimedOutError, UnavailableError

R = TypeVar("R")
Work = Callable[[AsyncManagedTransaction], Awaitable[R]]

_CONNECT_TIMEOUT_S = 5.0
_GRACE_S = 5.0
_ADDRESS = re.compile(r"(bolt|neo4j)(\+s|\+ssc)?://.")


class Neo4jConnection:
    """A pool of connections to one database, opened at the first use.

    Parameters
    ----------
    uri : str
        Address, such as ``bolt://localhost:7687``.
    user, password : str
        Credentials.
    database : str
        Name of the database.
    retry_budget_s : float
        Seconds within which a transaction that failed for a passing reason is tried again.
    """

    def __init__(
        self, uri: str, user: str, password: str, *, database: str, retry_budget_s: float
    ) -> None:
        self._uri = uri
        self._auth = (user, password)
        self._database = database
        self._retry_budget_s = retry_budget_s
        self._driver: AsyncDriver | None = None

    async def close(self) -> None:
        """Close every connection."""
        driver, self._driver = self._driver, None
        if driver is not None:
            await driver.close()

    async def run(self, statement: str, *, timeout_s: float, **parameters: Any) -> list[list[Any]]:
        """Run one statement in a transaction of its own, once; returns its rows."""
        async with (
            self._limited(timeout_s + _GRACE_S) as driver,
            driver.session(database=self._database) as session,
        ):
            result = await session.run(Query(statement, timeout=timeout_s), parameters)
            return await result.values()

    async def read(self, work: Work[R], *, timeout_s: float) -> R:
        """Run a reading transaction, tried again while the budget lasts.

        Parameters
        ----------
        work : callable
            What to do with the transaction; may be called several times.
        timeout_s : float
            After so many seconds the server ends the transaction.

        Returns
        -------
        object
            What ``work`` returns.
        """
        async with (
            self._limited(timeout_s + self._retry_budget_s + _GRACE_S) as driver,
            driver.session(database=self._database, fetch_size=-1) as session,
        ):
            return await session.execute_read(unit_of_work(timeout=timeout_s)(work))

    async def write(self, work: Work[R], *, timeout_s: float) -> R:
        """Run a writing transaction, as :meth:`read`."""
        async with (
            self._limited(timeout_s + self._retry_budget_s + _GRACE_S) as driver,
            driver.session(database=self._database, fetch_size=-1) as session,
        ):
            return await session.execute_write(unit_of_work(timeout=timeout_s)(work))

    @asynccontextmanager
    async def _limited(self, limit_s: float) -> AsyncIterator[AsyncDriver]:
        """Give the driver for a limited time; its errors become ours."""
        try:
            async with asyncio.timeout(limit_s):
                yield self._opened()
        except (DriverError, Neo4jError, OSError, TimeoutError) as error:
            raise translated(error) from error

    def _opened(self) -> AsyncDriver:
        if self._driver is None:
            try:
                if not _ADDRESS.match(self._uri):
                    raise ValueError(self._uri)  # noqa: TRY301
                self._driver = AsyncGraphDatabase.driver(
                    self._uri,
                    auth=self._auth,
                    connection_timeout=_CONNECT_TIMEOUT_S,
                    connection_acquisition_timeout=_CONNECT_TIMEOUT_S + _GRACE_S,
                    max_transaction_retry_time=self._retry_budget_s,
                    notifications_min_severity=NotificationMinimumSeverity.OFF,
                    telemetry_disabled=True,
                    user_agent="whyrec",
                )
            except (ConfigurationError, ValueError) as error:
                raise InvalidError(
                    f"{self._uri!r} is not the address of a Neo4j server.",
                    fix="Set WHYREC_NEO4J__URI to something like bolt://localhost:7687.",
                ) from error
        return self._driver


def translated(error: Exception) -> Exception:
    """Say in our own words what the driver reports.

    Parameters
    ----------
    error : Exception
        What the driver raised.

    Returns
    -------
    Exception
        One of :mod:`graph.errors`; the error itself when it is a mistake in a statement of ours.
    """
    code = getattr(error, "code", None) or ""
    if isinstance(error, AuthError) or "Security" in code:
        return UnavailableError(
            "Neo4j refused the user name or the password.",
            fix="Set WHYREC_NEO4J__USER and WHYREC_NEO4J__PASSWORD to those of the server.",
            retry_after_s=30.0,
        )
    if isinstance(error, TimeoutError) or "TimedOut" in code or "LockAcquisition" in code:
        return TimedOutError("Neo4j did not answer in time.", fix="Try again shortly.")
    if isinstance(error, ConstraintError):
        return ConflictError(
            "The same thing was written to Neo4j from elsewhere at the same time.",
            fix="Send the request again.",
        )
    return _about_the_server(error, code)


def _about_the_server(error: Exception, code: str) -> Exception:
    if "DatabaseNotFound" in code:
        return UnavailableError(
            "The Neo4j server has no database of that name.", fix="Check WHYREC_NEO4J__DATABASE."
        )
    passing = isinstance(error, DriverError | OSError | TransientError | DatabaseError)
    if passing or code.startswith(("Neo.TransientError", "Neo.ClientError.General")):
        return UnavailableError(
            "Neo4j is away.",
            fix="Check that the server runs and that WHYREC_NEO4J__URI names it.",
        )
    return error
