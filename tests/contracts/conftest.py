"""The stores that the contract suite runs over, each empty and prepared."""

import pytest

from graph.embedded_store import EmbeddedStore


@pytest.fixture
async def embedded_store(tmp_path):
    store = EmbeddedStore(tmp_path / "graph.db")
    await store.prepare()
    yield store
    await store.close()


@pytest.fixture(params=["embedded_store", pytest.param("neo4j_store", marks=pytest.mark.neo4j)])
def store(request):
    return request.getfixturevalue(request.param)
