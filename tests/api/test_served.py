"""Serving beside a store that hangs, is away at the start, goes in the middle, and comes back."""

import asyncio
import socket
import sqlite3
from contextlib import contextmanager, suppress

import pytest

from api.assistant import Assistant
from api.follower import Follower
from api.learning import Learning
from api.served import Served
from api.services import Services
from api.state import CatalogPreset, ModelShelf, SnapshotShelf
from api.wiring import build, encoders_of
from graph.domain import Interaction, Item
from graph.embedded_store import EmbeddedStore
from graph.errors import UnavailableError
from ranking.domain import Query


class Wire:
    """A connection to a port that can be cut and mended."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._server: asyncio.Server | None = None
        self._pipes: set[asyncio.Task[None]] = set()
        self.port = 0

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        self._server.close()
        for pipe in self._pipes:
            pipe.cancel()
        await asyncio.gather(*self._pipes, return_exceptions=True)
        self._pipes.clear()

    async def _join(self, reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", self._target)
        for source, sink in ((reader, back), (there, writer)):
            self._pipes.add(asyncio.create_task(self._pipe(source, sink)))

    async def _pipe(self, source, sink):
        try:
            with suppress(ConnectionError):
                while chunk := await source.read(65536):
                    sink.write(chunk)
                    await sink.drain()
        finally:
            sink.close()


@contextmanager
def locked(home):
    """Keep everybody else from writing."""
    other = sqlite3.connect(home / "graph.db", isolation_level=None)
    other.execute("begin immediate")
    yield
    other.execute("rollback")
    other.close()


def composed(settings, store) -> Services:
    domain = CatalogPreset(settings.preset_file, chosen=settings.preset)
    learning = Learning(settings.training, domain, settings.work_folder, encoders_of(settings))
    shelf = ModelShelf(settings.models_folder, keep=2)
    served = Served(
        store, domain, learning, shelf, SnapshotShelf(settings.snapshots_folder, keep=2)
    )
    return Services(settings, store, domain, learning, shelf, served, Assistant())


def recommended(services, user="ada"):
    found = services.recommender.recommend(Query(user_id=user, k=50))
    return [item.item_id for item in found.items]


async def until(condition, seconds=20.0):
    for _ in range(int(seconds / 0.05)):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen in time")


async def test_a_write_to_a_store_that_hangs_is_unavailable_and_nothing_of_it_is_seen(
    home, settings_at
):
    services = composed(settings_at(home), EmbeddedStore(home / "graph.db", busy_timeout_s=0.1))
    await services.served.open()
    before = recommended(services)
    event = Interaction("ada", "uncle", "rating", 5.0, 1.0, "hang")
    with locked(home):
        with pytest.raises(UnavailableError):
            await services.record_events([event])
        with pytest.raises(UnavailableError):
            await services.put_item(Item("new", "New"), replace=False)
        assert services.stale
        assert not (await services.readiness()).ready
        assert recommended(services) == before
    await services.served.follow()
    assert not services.stale
    assert (await services.readiness()).ready
    assert (await services.record_events([event])).accepted == (0,)
    assert "uncle" not in recommended(services)
    await services.close()


async def test_two_processes_see_what_the_other_writes(home, settings_at):
    one = await build(settings_at(home))
    two = await build(settings_at(home))
    event = Interaction("ada", "uncle", "rating", 5.0, 1.0, "shared")
    await one.record_events([event])
    await one.put_item(Item("new", "New"), replace=False)
    assert "uncle" in recommended(two)
    await two.served.follow()
    assert "uncle" not in recommended(two)
    assert "new" in recommended(two)
    assert two.recommender.graph_version == one.recommender.graph_version
    await one.close()
    await two.close()


async def test_many_writes_at_once_all_count_once_while_the_graph_is_swapped(home, settings_at):
    services = await build(settings_at(home))

    items = [item.item_id for item in services.recommender.latest(k=10)]

    async def write(number):
        item = items[number // 8]
        event = Interaction(f"u{number % 8}", item, "view", None, 10.0 + number, f"e{number}")
        await services.record_events([event])

    await asyncio.gather(
        *(write(number) for number in range(40)),
        services.refresh(),
        *(write(number) for number in range(40, 80)),
        services.refresh(),
    )
    for user in range(8):
        seen = services.recommender.state.history(f"u{user}").items
        assert [services.recommender.state.item(row).id for row in seen] == items
    await services.close()


async def test_a_big_load_of_others_leads_to_a_new_snapshot(home, settings_at):
    services = await build(settings_at(home))
    follower = Follower(services, services.settings.serving)
    follower.start()
    other = EmbeddedStore(home / "graph.db")
    await other.prepare()
    await other.upsert_items([Item(f"n{number}", f"N{number}") for number in range(1500)])
    await until(lambda: services.stale)
    await until(lambda: not services.stale)
    assert services.recommender.item("n1499").title == "N1499"
    await follower.close()
    await other.close()
    await services.close()


async def test_a_forgotten_user_leaves_the_snapshots_on_disk(home, settings_at):
    services = await build(settings_at(home))
    await services.remove_user("ada")
    follower = Follower(services, services.settings.serving)
    follower.start()
    snapshots = services.settings.snapshots_folder

    def told():
        return b"ada" in b"".join(path.read_bytes() for path in snapshots.rglob("users.ids*"))

    assert told()
    await until(lambda: not told())
    await follower.close()
    await services.close()


async def test_snapshots_of_another_graph_do_not_serve(home, settings_at):
    services = await build(settings_at(home))
    await services.close()
    for file in home.glob("graph.db*"):
        file.unlink()
    services = await build(settings_at(home))
    assert recommended(services) == []
    assert services.recommender.graph_version == 0
    await services.close()


async def test_a_store_that_is_away_at_the_start_leaves_the_last_snapshot(home, settings_at):
    await (await build(settings_at(home))).close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
    neo4j = {"uri": f"bolt://127.0.0.1:{closed}", "password": "p"}
    services = await build(settings_at(home, neo4j=neo4j))
    assert services.stale
    assert len(recommended(services)) == 9
    readiness = await services.readiness()
    assert not readiness.ready
    assert readiness.reason
    with pytest.raises(UnavailableError):
        await services.record_events([Interaction("ada", "uncle")])
    await services.close()


@pytest.mark.neo4j
async def test_a_server_that_goes_in_the_middle_and_comes_back(neo4j_server, tmp_path, settings_at):
    neo4j_server.wipe()
    wire = Wire(int(neo4j_server.uri.rpartition(":")[2]))
    await wire.mend()
    neo4j = {
        "uri": f"bolt://127.0.0.1:{wire.port}",
        "user": neo4j_server.user,
        "password": neo4j_server.password,
    }
    services = await build(settings_at(tmp_path, neo4j=neo4j))
    follower = Follower(services, services.settings.serving)
    follower.start()
    for name in ("a", "b"):
        await services.put_item(Item(name, name), replace=False)
    event = Interaction("u", "a", "view", None, 1.0, "once")

    await wire.cut()
    await until(lambda: services.stale)
    assert not (await services.readiness()).ready
    with pytest.raises(UnavailableError):
        await services.record_events([event])
    assert set(recommended(services, "u")) == {"a", "b"}

    await wire.mend()
    await until(lambda: not services.stale)
    assert (await services.readiness()).ready
    assert (await services.record_events([event])).accepted == (0,)
    assert recommended(services, "u") == ["b"]
    assert len((await services.export_user("u"))["events"]) == 1
    await follower.close()
    await services.close()
    await wire.cut()
