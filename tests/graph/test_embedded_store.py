"""What is particular to the store on SQLite; what all stores do is in the contract suite."""

import asyncio
import multiprocessing
import sqlite3
import subprocess
import sys
import textwrap
import threading

import numpy as np
import pytest

from graph.domain import Entity, Interaction, Item, Triple, User
from graph.embedded_store import EmbeddedStore
from graph.errors import TimedOutError, UnavailableError, UnsupportedError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "graph.db"


@pytest.fixture
async def store(path):
    opened = EmbeddedStore(path)
    await opened.prepare()
    yield opened
    await opened.close()


def write_items(path, name, n):
    """Write items one by one, in a process of its own."""

    async def work():
        store = EmbeddedStore(path, busy_timeout_s=60)
        await store.prepare()
        for number in range(n):
            await store.upsert_items([Item(f"{name}{number}", "x")])
        await store.close()

    asyncio.run(work())


async def test_everything_is_there_after_closing_and_opening_again(path):
    for _ in range(2):
        store = EmbeddedStore(path)
        await store.prepare()
        await store.upsert_items([Item("i1", "Alien")])
        await store.add_events([Interaction("u1", "i1", "view")])
        assert await store.version() == 3
        assert await store.search("alien") == [("Item", "i1")]
        await store.close()


async def test_a_store_in_memory_does_all_the_same():
    store = EmbeddedStore(":memory:")
    await store.prepare()
    await store.upsert_items([Item("i1", "Alien")])
    assert (await store.add_events([Interaction("u1", "i1")])).accepted == (0,)
    await store.write_vectors(["i1"], np.ones((1, 2), dtype=np.float32))
    assert [name for name, _ in await store.nearest(np.ones(2, dtype=np.float32), k=1)] == ["i1"]
    assert (await store.export()).version == 3
    await store.close()


async def test_a_second_store_reads_fresh_and_both_write(store, path):
    other = EmbeddedStore(path)
    await other.prepare()
    await store.upsert_items([Item("i1", "A")])
    await store.upsert_entities([Entity("e1", "Genre", "G")])
    assert (await other.upsert_triples([Triple("i1", "HAS_GENRE", "e1")])).count.created == 1
    await other.delete_item("i1")
    assert (await store.upsert_triples([Triple("i1", "HAS_GENRE", "e1")])).dangling == ((0, "i1"),)
    await other.upsert_entities([Entity("i1", "Genre", "was an item")])
    assert (await store.add_events([Interaction("u1", "i1")])).accepted == ()
    await other.upsert_users([User("u1")])
    await store.upsert_items([Item("i2", "B")])
    assert (await store.add_events([Interaction("u1", "i2")])).accepted == (0,)
    assert (await other.counts()).users == 1
    await other.close()


async def test_vectors_that_another_store_wrote_are_seen(store, path):
    other = EmbeddedStore(path)
    await other.prepare()
    await store.upsert_items([Item("i1", "A"), Item("i2", "B")])
    query = np.array([1, 0], dtype=np.float32)
    await store.write_vectors(["i1"], np.array([[1, 0]], dtype=np.float32))
    assert [name for name, _ in await other.nearest(query, k=5)] == ["i1"]
    await store.write_vectors(["i2"], np.array([[1, 0]], dtype=np.float32))
    assert [name for name, _ in await other.nearest(query, k=5)] == ["i2"]
    await other.close()


async def test_several_processes_write_without_loss(store, path):
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=write_items, args=(path, name, 30)) for name in "ab"]
    for worker in workers:
        worker.start()
    for worker in workers:
        await asyncio.to_thread(worker.join)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert (await store.counts()).items == 60
    assert [change.version for change in await store.changes(0)] == list(range(1, 61))


async def test_an_event_outlives_a_process_that_is_killed(store, path):
    await store.upsert_items([Item("i1", "A")])
    code = f"""
        import asyncio, os, signal
        from pathlib import Path
        from graph.domain import Interaction
        from graph.embedded_store import EmbeddedStore

        async def work():
            store = EmbeddedStore(Path({str(path)!r}))
            await store.prepare()
            await store.add_events([Interaction("u1", "i1", "view")])
            os.kill(os.getpid(), signal.SIGKILL)

        asyncio.run(work())
    """
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", textwrap.dedent(code)], check=False
    )
    assert done.returncode == -9
    assert await store.events_of("u1") == [Interaction("u1", "i1", "view")]


async def test_a_writer_that_waits_too_long_times_out_and_readers_go_on(path):
    store = EmbeddedStore(path, busy_timeout_s=0.05)
    await store.prepare()
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("begin immediate")
    with pytest.raises(TimedOutError):
        await store.upsert_items([Item("i1", "A")])
    assert await store.version() == 0
    blocker.execute("rollback")
    blocker.close()
    await store.upsert_items([Item("i1", "A")])
    await store.close()


async def test_a_reader_does_not_wait_for_a_writer(store):
    await store.upsert_items([Item("i1", "A")])
    session = store._session
    inside, leave = threading.Event(), threading.Event()

    def slow(_session):
        with session.transaction():
            inside.set()
            leave.wait(20)

    write = asyncio.create_task(store._write(slow))
    await asyncio.to_thread(inside.wait, 20)
    assert await store.item("i1") == Item("i1", "A")
    leave.set()
    await write


async def test_a_cancelled_write_ends_as_a_whole(store):
    items = [Item(f"i{n}", "x") for n in range(3000)]
    write = asyncio.create_task(store.upsert_items(items))
    await asyncio.sleep(0)
    write.cancel()
    with pytest.raises(asyncio.CancelledError):
        await write
    assert (await store.upsert_items(items[:1])).created in {0, 1}
    assert (await store.counts()).items in {1, 3000}


async def test_a_closed_or_unprepared_store_is_unavailable(path):
    store = EmbeddedStore(path)
    with pytest.raises(UnavailableError, match="prepare"):
        await store.version()
    await store.prepare()
    await store.close()
    await store.close()
    for call in (store.version, store.export, store.prepare):
        with pytest.raises(UnavailableError):
            await call()
    assert not (await store.readiness()).ready


@pytest.mark.parametrize(
    "content", [b"this is not a database, but long enough to look like one" * 9]
)
async def test_a_file_that_is_no_database_is_unavailable(tmp_path, content):
    path = tmp_path / "graph.db"
    path.write_bytes(content)
    store = EmbeddedStore(path)
    with pytest.raises(UnavailableError, match="cannot be used"):
        await store.prepare()
    assert path.read_bytes() == content
    await store.close()


async def test_a_folder_in_the_place_of_the_file_is_unavailable(tmp_path):
    store = EmbeddedStore(tmp_path)
    with pytest.raises(UnavailableError):
        await store.prepare()
    await store.close()


async def test_a_file_of_a_later_version_is_refused(path):
    first = EmbeddedStore(path)
    await first.prepare()
    await first.close()
    with sqlite3.connect(path) as connection:
        connection.execute("pragma user_version = 99")
    connection.close()
    store = EmbeddedStore(path)
    with pytest.raises(UnsupportedError, match="schema 99"):
        await store.prepare()
    await store.close()
