"""The composition root."""

import pytest

from api.setting_groups import ChatSettings
from api.wiring import build, chat_of, store_of
from graph.embedded_store import EmbeddedStore
from graph.errors import InvalidError
from graph.neo4j_store import Neo4jStore
from llm.chat_endpoint import Endpoint
from llm.chat_local import LocalModel
from ranking.domain import Query


async def test_the_embedded_store_is_the_default_and_a_uri_asks_for_neo4j(tmp_path, settings_at):
    assert isinstance(store_of(settings_at(tmp_path)), EmbeddedStore)
    neo4j = {"uri": "bolt://127.0.0.1:1", "password": "p"}
    store = store_of(settings_at(tmp_path, neo4j=neo4j))
    assert isinstance(store, Neo4jStore)
    await store.close()


async def test_an_empty_home_serves_nothing_and_says_so_without_errors(tmp_path, settings_at):
    services = await build(settings_at(tmp_path / "new"))
    found = services.recommender.recommend(Query(user_id="u", k=5))
    assert (found.items, found.graph_version, found.model_version) == ((), 0, "untrained")
    assert not services.stale
    assert (await services.readiness()).ready
    await services.close()


async def test_what_does_not_serve_loads_no_snapshot(home, settings_at):
    services = await build(settings_at(home), serving=False)
    assert (await services.readiness()).ready is False
    assert await services.store.version() > 0
    await services.close()


async def test_an_unreadable_model_does_not_keep_the_service_down(home, settings_at):
    settings = settings_at(home)
    (settings.models_folder / "broken").mkdir(parents=True)
    (settings.models_folder / "active").write_text("broken\n")
    services = await build(settings)
    assert services.recommender.model_version == "untrained"
    assert not services.served.has_other_model
    await services.close()


def test_the_language_model_is_off_unless_the_settings_name_one(tmp_path):
    assert chat_of(ChatSettings()) is None
    endpoint = ChatSettings(kind="endpoint", base_url="http://127.0.0.1:1/v1", model="m")
    assert isinstance(chat_of(endpoint), Endpoint)
    assert isinstance(chat_of(ChatSettings(kind="local", path=tmp_path / "m.gguf")), LocalModel)


async def test_an_address_that_is_none_is_told_at_the_start(tmp_path, settings_at):
    chat = {"kind": "endpoint", "base_url": "localhost"}
    with pytest.raises(InvalidError, match="address of the language model"):
        await build(settings_at(tmp_path, chat=chat))
