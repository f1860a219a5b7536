"""The stores that the contract suite runs over, each empty and prepared."""

import pytest

from graph.embedded_store import EmbeddedStore


@pytest.fixture(
    params=[
        "embedded",
    ]
)
async def store(request, tmp_path):
    opened = EmbeddedStore(tmp_path / "graph.db")
    await opened.prepare()
    yield opened
    await opened.close()
