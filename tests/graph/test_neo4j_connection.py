"""The driver's errors in our own words; the wire itself is tested with the store."""

import pytest
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConstraintError,
    DatabaseError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from graph.errors import ConflictError, TimedOutError, UnavailableError
from graph.neo4j_connection import translated

TRANSIENT = "Neo.TransientError.Transaction"


def from_server(cls, code):
    error = cls("secret text of the server")
    error._neo4j_code = code
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ServiceUnavailable("x"), UnavailableError),
        (SessionExpired("x"), UnavailableError),
        (ConnectionResetError(), UnavailableError),
        (TransientError("x"), UnavailableError),
        (DatabaseError("x"), UnavailableError),
        (AuthError("x"), UnavailableError),
        (TimeoutError(), TimedOutError),
        (ConstraintError("x"), ConflictError),
    ],
)
def test_each_kind_of_error_has_one_of_ours(error, expected):
    found = translated(error)
    assert type(found) is expected
    assert found.fix


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (f"{TRANSIENT}.LockAcquisitionTimeout", TimedOutError),
        ("Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration", TimedOutError),
        ("Neo.ClientError.Security.AuthenticationRateLimit", UnavailableError),
        ("Neo.ClientError.Database.DatabaseNotFound", UnavailableError),
        ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", UnavailableError),
    ],
)
def test_codes_of_the_server_are_understood(code, expected):
    found = translated(from_server(Neo4jError, code))
    assert type(found) is expected
    assert "secret" not in str(found)


def test_a_mistake_in_a_statement_of_ours_stays_as_it_is():
    error = from_server(ClientError, "Neo.ClientError.Statement.SyntaxError")
    assert translated(error) is error
