"""What is particular to the store on Neo4j; what all stores do is in the contract suite."""

import asyncio

import neo4j
import numpy as np
import pytest

from graph.domain import Entity, Interaction, Item, Triple
from graph.errors import InvalidError, TimedOutError, UnavailableError
from graph.learned import LearnedEdges
from graph.neo4j_connection import Neo4jConnection
from graph.neo4j_store import Neo4jStore

pytestmark = pytest.mark.neo4j


@pytest.fixture
def cypher(neo4j_server):
    """Run a statement as a person with a console would."""
    auth = (neo4j_server.user, neo4j_server.password)
    with neo4j.GraphDatabase.driver(neo4j_server.uri, auth=auth) as driver:
        yield lambda text, **values: [list(r) for r in driver.execute_query(text, values).records]


class Relay:
    """A wire to the server that can be cut or blocked."""

    def __init__(self, uri):
        host, _, port = uri.rpartition("//")[2].partition(":")
        self._target = (host, int(port or 7687))
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._writers = []
        self._tasks = set()

    async def open(self, port=0):
        self._server = await asyncio.start_server(self._join, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]
        self.uri = f"bolt://127.0.0.1:{self.port}"

    async def _join(self, reader, writer):
        other_reader, other_writer = await asyncio.open_connection(*self._target)
        self._writers += [writer, other_writer]
        for pair in ((reader, other_writer), (other_reader, writer)):
            task = asyncio.create_task(self._pump(*pair))
            self._tasks.add(task)

    async def _pump(self, reader, writer):
        while data := await reader.read(65536):
            await self._flowing.wait()
            writer.write(data)

    def block(self):
        self._flowing.clear()

    async def cut(self):
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._writers.clear()
        self._tasks.clear()


@pytest.fixture
async def relay(neo4j_store, neo4j_server):
    """A relay in front of the empty, prepared server."""
    relay = Relay(neo4j_server.uri)
    await relay.open()
    yield relay
    await relay.cut()


def through(relay, server, **options):
    options = {"retry_budget_s": 0.5, **options}
    return Neo4jStore(relay.uri, server.user, server.password, **options)


# --- what people see in Cypher --------------------------------------------------------------------


async def test_the_graph_can_be_read_in_cypher(neo4j_store, cypher):
    film = Item("i1", "Alien", {"zh": "异形"}, attributes={"year": 1979, "tags": ("a", "b")})
    await neo4j_store.upsert_items([film, Item("i2", "Heat")])
    await neo4j_store.upsert_entities([Entity("e1", "Person", "Ridley Scott")])
    await neo4j_store.upsert_triples([Triple("i1", "DIRECTED_BY", "e1", 0.5)])
    await neo4j_store.add_events([Interaction("u1", "i1", "rating", 4.0, 7.0, "key")])
    await neo4j_store.replace_learned(LearnedEdges("m1", ["i1"], ["i2"], [0.25]))
    assert cypher(
        "MATCH (i:Item {year: 1979})-[r:DIRECTED_BY]->(p:Entity:Person) "
        "RETURN i.title, i.tags, r.weight, p.name"
    ) == [["Alien", ["a", "b"], 0.5, "Ridley Scott"]]
    assert cypher(
        "MATCH (:User {id: 'u1'})-[r:INTERACTED]->(i) "
        "RETURN i.id, r.type, r.value, r.at, r.event_id"
    ) == [["i1", "rating", 4.0, 7.0, "key"]]
    assert cypher(
        "MATCH (:Item {id: 'i1'})-[r:SIMILAR_TO]->(j) RETURN j.id, r.weight, r.model"
    ) == [["i2", 0.25, "m1"]]


async def test_attributes_cannot_overwrite_what_the_store_needs(neo4j_store, cypher):
    odd = {"id": "other", "nid": 99, "record": "x", "vector": 1, "title": "y", "a b": 2}
    await neo4j_store.upsert_items([Item("i1", "Alien", attributes=odd)])
    assert await neo4j_store.item("i1") == Item("i1", "Alien", attributes=odd)
    assert cypher("MATCH (i:Item) RETURN i.id, i.nid, i.title") == [["i1", 0, "Alien"]]


async def test_a_changed_label_leaves_the_old_one(neo4j_store, cypher):
    await neo4j_store.upsert_entities([Entity("e1", "Person", "A")])
    await neo4j_store.upsert_entities([Entity("e1", "Director", "A")])
    assert cypher("MATCH (n {id: 'e1'}) RETURN labels(n)") == [[["Entity", "Director"]]]


async def test_replacing_items_keeps_their_vectors(neo4j_store):
    await neo4j_store.upsert_items([Item("i1", "A")])
    await neo4j_store.write_vectors(["i1"], np.ones((1, 3), dtype=np.float32))
    await neo4j_store.upsert_items([Item("i1", "B")])
    found = await neo4j_store.nearest(np.ones(3, dtype=np.float32), k=1)
    assert found == [("i1", pytest.approx(1.0, abs=1e-5))]


async def test_learned_edges_that_were_never_finished_are_not_read(neo4j_store, cypher):
    await neo4j_store.upsert_items([Item("i1", "A"), Item("i2", "B")])
    await neo4j_store.replace_learned(LearnedEdges("m1", ["i1"], ["i2"], [0.5]))
    cypher(
        "MATCH (a:Item {id: 'i2'}), (b:Item {id: 'i1'}) "
        "CREATE (a)-[:SIMILAR_TO {weight: 1.0, model: 'm2', generation: 99}]->(b)"
    )
    assert await neo4j_store.similar("i2") == []
    await neo4j_store.replace_learned(LearnedEdges("m3", ["i1"], ["i2"], [0.75]))
    assert cypher("MATCH ()-[r:SIMILAR_TO]->() RETURN r.model") == [["m3"]]


async def test_what_others_wrote_into_the_database_does_no_harm(neo4j_store, cypher):
    await neo4j_store.upsert_items([Item("i1", "A")])
    cypher("CREATE (:Note)-[:`strange type`]->(:Item {name: 'no id'})")
    cypher("MATCH (a:Item {id: 'i1'}) CREATE (a)-[:KNOWS]->(:Entity {name: 'no id'})")
    export = await neo4j_store.export()
    assert [item.id for item in export.items] == ["i1"]
    assert list(export.edges) == []
    assert (await neo4j_store.counts()).triples == {"KNOWS": 1}


async def test_two_processes_leave_no_gap_in_the_log(neo4j_store, neo4j_server):
    other = neo4j_server.store()

    async def write(store, name):
        for n in range(25):
            await store.put_item(Item(f"{name}{n}", "x"), [Entity("e", "Genre", "x")], [])

    await asyncio.gather(write(neo4j_store, "a"), write(other, "b"))
    await other.close()
    log = await neo4j_store.changes(0)
    assert [change.version for change in log] == list(range(1, 52))
    assert sorted(item.id for item in (await neo4j_store.export()).items) == sorted(
        f"{name}{n}" for name in "ab" for n in range(25)
    )


# --- readiness ------------------------------------------------------------------------------------


async def test_readiness_names_a_missing_index(neo4j_store, cypher):
    cypher("DROP INDEX whyrec_names")
    readiness = await neo4j_store.readiness()
    await neo4j_store.prepare()
    assert not readiness.ready
    assert "whyrec_names" in readiness.reason
    assert (await neo4j_store.readiness()).ready


async def test_a_wrong_password_names_the_settings(neo4j_store, neo4j_server):
    store = Neo4jStore(neo4j_server.uri, "neo4j", "wrong-password")
    with pytest.raises(UnavailableError) as caught:
        await store.version()
    readiness = await store.readiness()
    await store.close()
    assert "WHYREC_NEO4J__PASSWORD" in caught.value.fix
    assert "wrong-password" not in str(caught.value)
    assert not readiness.ready
    assert "password" in readiness.reason


async def test_an_unknown_database_names_the_setting(neo4j_server):
    store = neo4j_server.store(database="nowhere")
    with pytest.raises(UnavailableError, match="WHYREC_NEO4J__DATABASE"):
        await store.version()
    await store.close()


@pytest.mark.parametrize("uri", ["localhost", "http://localhost:7687", ""])
async def test_an_address_that_is_none_names_the_setting(uri):
    store = Neo4jStore(uri, "neo4j", "password")
    with pytest.raises(InvalidError, match="WHYREC_NEO4J__URI"):
        await store.version()
    assert not (await store.readiness()).ready
    await store.close()


# --- a server that is slow or away ----------------------------------------------------------------


async def test_the_server_ends_a_query_that_takes_too_long(neo4j_server):
    connection = Neo4jConnection(
        neo4j_server.uri,
        neo4j_server.user,
        neo4j_server.password,
        database="neo4j",
        retry_budget_s=0.0,
    )
    endless = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*)"
    with pytest.raises(TimedOutError):
        await connection.run(endless, timeout_s=0.5)
    await connection.close()


async def test_nobody_listening_is_unavailable_within_the_budget(free_port):
    store = Neo4jStore(f"bolt://127.0.0.1:{free_port}", "neo4j", "password", retry_budget_s=0.5)
    begin = asyncio.get_running_loop().time()
    with pytest.raises(UnavailableError):
        await store.upsert_items([Item("i1", "A")])
    assert not (await store.readiness()).ready
    assert asyncio.get_running_loop().time() - begin < 20
    await store.close()


async def test_a_cut_connection_is_unavailable_and_mends_itself(relay, neo4j_server, neo4j_store):
    store = through(relay, neo4j_server)
    await store.upsert_items([Item("i1", "A")])
    await relay.cut()
    with pytest.raises(UnavailableError):
        await store.put_item(Item("i2", "B"), [], [])
    with pytest.raises(UnavailableError):
        await store.item("i1")
    await relay.open(relay.port)
    assert await store.put_item(Item("i2", "B"), [], [])
    assert [item.id for item in (await neo4j_store.export()).items] == ["i1", "i2"]
    await store.close()


async def test_a_connection_that_hangs_times_out(relay, neo4j_server, monkeypatch):
    store = through(relay, neo4j_server, query_timeout_s=0.2, retry_budget_s=0.1)
    await store.version()
    relay.block()
    with pytest.raises(TimedOutError):
        await store.version()
    await relay.cut()
    await store.close()


async def test_nothing_is_half_written_when_the_wire_is_cut(relay, neo4j_server, neo4j_store):
    store = through(relay, neo4j_server)
    items = [Item(f"i{n}", "x" * 200) for n in range(4000)]
    write = asyncio.create_task(store.upsert_items(items))
    await asyncio.sleep(0.15)
    await relay.cut()
    with pytest.raises(UnavailableError):
        await write
    await store.close()
    n_items, version = (await neo4j_store.counts()).items, await neo4j_store.version()
    assert (n_items, version) in {(0, 0), (4000, 1)}


async def test_a_killed_server_is_unavailable_and_keeps_what_was_written(neo4j_store, neo4j_server):
    if neo4j_server.process is None:
        pytest.skip("only a server of our own may be killed, not that of WHYREC_NEO4J__URI")
    await neo4j_store.upsert_items([Item("i1", "Alien")])
    await neo4j_store.add_events([Interaction("u1", "i1", "view")])
    neo4j_server.kill()
    with pytest.raises(UnavailableError):
        await neo4j_store.add_events([Interaction("u1", "i1", "buy")])
    assert not (await neo4j_store.readiness()).ready
    neo4j_server.start()
    async with asyncio.timeout(120):
        while not (await neo4j_store.readiness()).ready:  # noqa: ASYNC110
            await asyncio.sleep(0.5)
    assert await neo4j_store.events_of("u1") == [Interaction("u1", "i1", "view")]
    assert await neo4j_store.search("alien") == [("Item", "i1")]
    assert (await neo4j_store.add_events([Interaction("u1", "i1", "buy")])).accepted == (0,)
