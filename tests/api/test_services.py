"""The facade that HTTP and the command line call."""

from pathlib import Path

import pytest

from api.wiring import build
from graph.domain import Interaction, Item, User
from graph.errors import ConflictError, InvalidError, NotFoundError
from ranking.domain import Query

ITEMS = "id,title,genres\nheat,Heat,Crime|Drama\nbroken\n"


@pytest.fixture
async def services(home, settings_at):
    services = await build(settings_at(home))
    yield services
    await services.close()


async def test_an_event_is_durable_and_counts_at_once(services):
    outcome = await services.record_events([Interaction("ada", "uncle", "rating", 5.0, 1.0)])
    assert outcome.accepted == (0,)
    stored = await services.store.events_of("ada")
    assert "uncle" in [event.item_id for event in stored]
    found = services.recommender.recommend(Query(user_id="ada", k=50))
    assert "uncle" not in [item.item_id for item in found.items]
    assert found.graph_version == await services.store.version()


async def test_an_item_is_linked_by_the_mapping_of_the_preset(services):
    item = Item("heat", "Heat", attributes={"genres": ("Crime",), "directors": "Michael Mann"})
    report = await services.put_item(item, replace=False)
    names = {entity.name for entity in services.entities_of(item)}
    assert names == {"Crime", "Michael Mann"}
    assert set(report.linked) == {entity.id for entity in services.entities_of(item)}
    assert [neighbour for neighbour, _ in report.neighbours]
    with pytest.raises(ConflictError):
        await services.put_item(Item("heat", "Other"), replace=False)
    assert (await services.put_item(item, replace=False)).item_id == "heat"


async def test_removing_what_is_not_there_says_so(services):
    with pytest.raises(NotFoundError, match="nothing"):
        await services.remove_item("nothing")
    with pytest.raises(NotFoundError, match="nobody"):
        await services.remove_user("nobody")
    with pytest.raises(NotFoundError, match="nobody"):
        services.require_user("nobody")


async def test_a_user_is_created_once(services):
    assert await services.put_user(User("gil", {"age": 30})) is True
    assert await services.put_user(User("gil", {"age": 31})) is False
    services.require_user("gil")


async def test_a_load_is_served_after_a_refresh_and_its_preset_is_remembered(tmp_path, settings_at):
    file = tmp_path / "items.csv"
    file.write_text(ITEMS)
    settings = settings_at(tmp_path / "home", preset=None)
    services = await build(settings)
    seen = []
    summary = await services.load_catalog(
        file, format="whyrec", preset="films", progress=seen.append
    )
    assert summary.items.created == 1
    assert [(problem.file, problem.line) for problem in summary.problems] == [("items.csv", 3)]
    assert seen
    with pytest.raises(NotFoundError):
        services.recommender.item("heat")
    await services.refresh()
    assert services.recommender.item("heat").title == "Heat"
    assert services.recommender.state.preset.name == "films"
    await services.close()
    again = await build(settings)
    assert again.recommender.state.preset.name == "films"
    await again.close()


async def test_training_makes_a_model_that_serves_after_a_refresh(services):
    stages = []
    card = await services.train(epochs=1, progress=lambda progress: stages.append(progress.stage))
    assert stages
    assert services.models()["active"] == card["id"]
    assert services.recommender.model_version == "untrained"
    await services.refresh()
    assert services.recommender.model_version == card["id"]
    assert not services.stale
    neighbours = await services.store.similar("spring")
    assert 1 <= len(neighbours) <= services.settings.training.neighbours_written


async def test_one_process_trains_at_a_time(services, home, settings_at):
    other = await build(settings_at(home), serving=False)
    with services._shelf.training(), pytest.raises(ConflictError):
        await other.train(epochs=1)
    await other.close()


async def test_an_unknown_preset_is_told_at_the_start(tmp_path, settings_at):
    with pytest.raises(InvalidError, match="nonsense"):
        await build(settings_at(Path(tmp_path), preset="nonsense"))
