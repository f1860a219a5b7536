"""A writing session on an empty SQLite file."""

import pytest

from graph.embedded_schema import connect, create_schema
from graph.embedded_session import WriteSession


@pytest.fixture
def session(tmp_path):
    connection = connect(str(tmp_path / "graph.db"), busy_timeout_s=1)
    create_schema(connection)
    yield WriteSession(connection)
    connection.close()
