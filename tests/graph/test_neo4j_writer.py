"""The graph's lock and its log in Neo4j."""

import asyncio

import pytest

from graph.neo4j_queries import VERSION
from graph.neo4j_writer import GraphWriter

pytestmark = pytest.mark.neo4j


async def test_a_transaction_without_entries_leaves_no_trace(neo4j_store):
    async def nothing(writer):
        assert list(writer.take("Item", 3)) == [0, 1, 2]

    await neo4j_store._write(nothing)
    assert await neo4j_store.version() == 0


async def test_numbers_and_versions_go_on_where_they_ended(neo4j_store):
    async def take(writer):
        writer.log("items", ["x"])
        return list(writer.take("Item", 2))

    assert await neo4j_store._write(take) == [0, 1]
    assert await neo4j_store._write(take) == [2, 3]
    assert [change.version for change in await neo4j_store.changes(0)] == [1, 2]


async def test_a_transaction_that_raises_leaves_nothing(neo4j_store):
    async def fail(writer):
        writer.log("items", ["x"])
        await writer.finish()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await neo4j_store._write(fail)
    assert await neo4j_store.version() == 0


async def test_the_second_writer_reads_what_the_first_has_committed(neo4j_store, neo4j_server):
    other = neo4j_server.store()
    locked, seen = asyncio.Event(), []

    async def first(tx):
        writer = await GraphWriter.locked(tx)
        locked.set()
        await asyncio.sleep(0.3)
        writer.log("items", ["x"])
        await writer.finish()

    async def second(writer):
        seen.append((await writer.run(VERSION))[0][0])
        writer.log("items", ["y"])

    holding = asyncio.create_task(neo4j_store._connection.write(first, timeout_s=10.0))
    await locked.wait()
    await other._write(second)
    await holding
    await other.close()
    assert seen == [1]
    assert [change.version for change in await neo4j_store.changes(0)] == [1, 2]
