import pytest

from api.explanation_quality import measured, quality_report, stored_edges
from api.wiring import build
from graph.domain import Entity, Interaction, Item, Triple
from graph.embedded_store import EmbeddedStore
from graph.errors import InvalidError
from ranking.evaluation.explanation_collecting import Scope

SCOPE = Scope(k=2, n_draws=4, n_paths_left_out=4, n_writes=20)


@pytest.fixture
async def store():
    store = EmbeddedStore(":memory:")
    await store.prepare()
    await store.upsert_items([Item("heat", "Heat"), Item("thief", "Thief")])
    await store.upsert_entities([Entity("mann", "Person", "Michael Mann")])
    await store.upsert_triples([Triple("heat", "DIRECTED_BY", "mann")])
    await store.add_events([Interaction("ada", "heat", "view", None, 1.0)])
    yield store
    await store.close()


async def test_each_edge_is_asked_with_its_type_and_direction(store):
    there = [("heat", "DIRECTED_BY", "mann"), ("ada", "INTERACTED", "heat")]
    missing = [
        ("mann", "DIRECTED_BY", "heat"),
        ("heat", "WRITTEN_BY", "mann"),
        ("ada", "INTERACTED", "thief"),
        ("nobody", "INTERACTED", "heat"),
    ]
    found = await stored_edges(store, [*there, *missing])
    assert list(found) == [*there, *missing]
    assert [found[edge] for edge in there] == [True, True]
    assert not any(found[edge] for edge in missing)


async def test_no_edges_are_no_question(store):
    assert await stored_edges(store, []) == {}


@pytest.fixture
async def services(home, settings_at):
    services = await build(settings_at(home))
    yield services
    await services.close()


async def test_users_are_drawn_or_named(services):
    drawn = await measured(services, SCOPE, n_users=2)
    assert len(drawn.users) == 2
    named = await measured(services, SCOPE, users=["ada"])
    assert [user.user_id for user in named.users] == ["ada"]


async def test_the_report_tells_the_model_and_asks_the_store(services):
    collected = await measured(services, SCOPE, users=["ada", "ben"])
    found = await quality_report(services, collected, SCOPE)
    assert found["model_version"] == services.recommender.model_version
    assert found["measures"]["validity"]["mean"] == 1.0
    assert found["missing_edges"] == []


async def test_nothing_recommended_is_told(services):
    for item_id in list(services.recommender.state.snapshot.items.ids):
        services.recommender.remove_item(item_id)
    with pytest.raises(InvalidError, match="Nothing can be recommended"):
        await measured(services, SCOPE, users=["ada"])
