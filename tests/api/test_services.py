"""The facade that HTTP and the command line call."""

from pathlib import Path

import numpy as np
import pytest

from api.wiring import build
from graph.domain import Item
from graph.errors import ConflictError, InvalidError, NotFoundError
from ranking.domain import Query
from ranking.feedback import Feedback
from ranking.links import owns_its_edges

ITEMS = "id,title,genres\nheat,Heat,Crime|Drama\nbroken\n"


@pytest.fixture
async def services(home, settings_at):
    services = await build(settings_at(home))
    yield services
    await services.close()


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


async def as_the_store_has_it(services):
    """What is said to be stored is exactly what the store finds, for all pairs of items."""
    state = services.recommender.state
    rows = np.array([r for r in range(state.n_items) if r not in state.removed_rows()])
    said, edges = [], []
    for target in rows.tolist():
        for relation, verb in (
            ("SIMILAR_TO", state.stored.similar),
            ("CLOSE_TO", state.stored.close),
        ):
            said += verb(rows, target).tolist()
            for source in rows.tolist():
                ends = state.item(source).id, state.item(target).id
                first, second = ends[::-1] if owns_its_edges(state, target) else ends
                edges.append((first, relation, second))
    found = await services.store.find_edges(edges)
    assert said == found if state.stored.holds_ours else not any(said)
    return sum(said)


async def shown_edges_exist(services, user):
    """Whether each edge beside the items of a list is in the store."""
    found = services.recommender.recommend(Query(user_id=user, k=50, explain=True))
    edges = [
        (edge.source, edge.type, edge.target)
        for item in found.items
        for path in item.paths
        for edge in path.path.edges
    ]
    assert edges
    assert all(await services.store.find_edges(edges))


async def test_what_is_shown_is_in_the_store_whatever_happens_to_items(home, settings_at):
    training = {"encoder": "none", "epochs": 2, "neighbours_written": 3, "close_written": 2}
    settings = settings_at(home, training=training)
    services, other = await build(settings), await build(settings)
    film = {"genres": ("Comedy",), "directors": "Jacques Tati"}
    await services.train()
    assert await as_the_store_has_it(services) == 0  # the model that serves wrote nothing
    await services.refresh()
    assert await as_the_store_has_it(services) > 0
    await services.put_item(Item("parade", "Parade", attributes=film), replace=False)
    assert await services.store.similar("parade")
    n_held = await as_the_store_has_it(services)
    await services.remove_item("hulot")
    assert await as_the_store_has_it(services) < n_held
    again = Item("hulot", "Holiday", attributes=film)
    await services.put_item(again, replace=False)
    await as_the_store_has_it(services)
    changed = {"genres": ("Drama",), "directors": "Yasujirō Ozu"}
    await services.put_item(Item("parade", "Parade", attributes=changed), replace=True)
    await as_the_store_has_it(services)
    await services.record_feedback([Feedback("ada", "genre:comedy", "like")])
    for user in ("ada", "eve"):
        await shown_edges_exist(services, user)
    await other.refresh()
    await as_the_store_has_it(other)
    await services.remove_item("parade")
    await other.served.follow()
    await as_the_store_has_it(other)
    await services.close()
    await other.close()
    once_more = await build(settings)
    await as_the_store_has_it(once_more)
    await shown_edges_exist(once_more, "ada")
    await once_more.close()


async def test_items_that_came_past_the_training_get_their_edges_at_a_refresh(services):
    await services.train(epochs=1)
    item = Item("parade", "Parade", attributes={"genres": ("Comedy",)})
    entities, triples = services.mapping.describe(item)
    await services.store.put_item(item, entities, triples)
    assert await services.store.similar("parade") == []
    await services.refresh()
    assert await services.store.similar("parade")
    await as_the_store_has_it(services)


async def test_activating_a_model_writes_its_edges(services):
    first = (await services.train(epochs=1))["id"]
    folder = services.settings.models_folder / first
    for file in folder.glob("written.*"):
        file.unlink()  # as a version left it that did not note what it wrote
    await services.train(epochs=1)
    await services.activate(first)
    assert (await services.store.relearned()).model == first
    assert services.recommender.model_version == first
    assert await as_the_store_has_it(services) > 0
    assert list(folder.glob("written.close.*"))


async def test_one_process_trains_at_a_time(services, home, settings_at):
    other = await build(settings_at(home), serving=False)
    with services._shelf.training(), pytest.raises(ConflictError):
        await other.train(epochs=1)
    await other.close()


async def test_an_unknown_preset_is_told_at_the_start(tmp_path, settings_at):
    with pytest.raises(InvalidError, match="nonsense"):
        await build(settings_at(Path(tmp_path), preset="nonsense"))
