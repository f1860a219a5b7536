"""Users, what they do and what they say: durable, and part of the very next answer."""

import numpy as np
import pytest

from api.onboarding import next_step
from api.wiring import build
from graph.domain import Interaction, Item, User
from graph.errors import NotFoundError
from graph.store import EventOutcome
from ranking.domain import Answer, Query
from ranking.feedback import Feedback


@pytest.fixture
async def services(home, settings_at):
    services = await build(settings_at(home))
    yield services
    await services.close()


def answer(services, user="ada"):
    found = services.recommender.recommend(Query(user_id=user, k=50))
    return {item.item_id: (item.score, dict(item.parts)) for item in found.items}


async def test_an_event_is_durable_and_counts_at_once(services):
    outcome = await services.record_events([Interaction("ada", "uncle", "rating", 5.0, 1.0)])
    assert outcome.accepted == (0,)
    stored = await services.store.events_of("ada")
    assert "uncle" in [event.item_id for event in stored]
    found = services.recommender.recommend(Query(user_id="ada", k=50))
    assert "uncle" not in [item.item_id for item in found.items]
    assert found.graph_version == await services.store.version()


async def test_without_an_event_the_answer_is_that_of_before(services):
    before = answer(services)
    events = [
        Interaction("ada", "uncle", "rating", 5.0, 1_800_000_000.0),
        Interaction("ada", "uncle", "view", None, 1_800_000_001.0),
    ]
    await services.record_events(events)
    assert answer(services) != before
    assert await services.remove_events("ada", "uncle") == 2
    assert answer(services) == before
    await services.refresh()
    assert answer(services) == before


async def test_what_was_in_the_snapshot_is_gone_at_once_and_after_a_restart(home, settings_at):
    services = await build(settings_at(home))
    assert "tokyo" not in answer(services)
    assert await services.remove_events("ada", "tokyo") == 1
    assert "tokyo" in answer(services)
    history = services.recommender.state.history("ada")
    assert len(history) == 2
    await services.close()
    again = await build(settings_at(home))
    np.testing.assert_array_equal(again.recommender.state.history("ada").items, history.items)
    assert "tokyo" in answer(again)
    assert await again.remove_events("ada", "spring") == 1
    await again.refresh()
    snapshots = [folder.name for folder in again.settings.snapshots_folder.iterdir()]
    assert len(snapshots) == 1
    await again.close()


async def test_another_process_follows_a_deletion(home, settings_at):
    services, other = await build(settings_at(home)), await build(settings_at(home))
    await services.remove_events("ada", "tokyo")
    await other.served.follow()
    assert answer(other) == answer(services)
    assert other.recommender.state.event_types("ada") == services.recommender.state.event_types(
        "ada"
    )
    await other.close()
    await services.close()


@pytest.mark.parametrize("user", ["ada", "nobody yet"])
async def test_feedback_on_an_entity_counts_at_once_and_is_told(services, user):
    query = Query(user_id=user, k=50, explain=True)
    before = answer(services, user)
    outcome = await services.record_feedback([Feedback(user, "person:jacques-tati", "like")])
    assert outcome == EventOutcome(accepted=(0,))
    after = answer(services, user)
    assert after["playtime"][0] > before["playtime"][0]
    assert after["playtime"][0] - before["playtime"][0] > after["low"][0] - before["low"][0]
    explanation = services.recommender.explain("playtime", query, k=10)
    (path,) = [path for path in explanation.paths if path.kind == "stated"]
    assert path.text.startswith("You said you like Jacques Tati")
    assert [edge.type for edge in path.path.edges] == ["ASKS_FOR", "DIRECTED_BY"]
    assert explanation.score == pytest.approx(sum(explanation.parts.values()), abs=1e-9)
    assert (await services.record_feedback([Feedback(user, "person:jacques-tati", "like")])) == (
        EventOutcome(duplicates=(0,))
    )
    assert answer(services, user) == after
    await services.record_feedback([Feedback(user, "person:jacques-tati", "dislike")])
    assert answer(services, user)["playtime"][0] < before["playtime"][0]
    await services.record_feedback([Feedback(user, "person:jacques-tati", "forget")])
    assert answer(services, user) == before


async def test_feedback_survives_a_restart_and_new_demographics(home, settings_at):
    services, other = await build(settings_at(home)), await build(settings_at(home))
    await services.record_feedback([Feedback("ada", "genre:comedy", "dislike")])
    after = answer(services)
    for _ in range(2):
        await services.put_user(User("ada"))
        assert answer(services) == after
    await other.served.follow()
    assert answer(other) == after
    await other.close()
    await services.close()
    again = await build(settings_at(home))
    assert answer(again) == after
    user = await again.user("ada")
    assert user.attributes == {"answer:entity:genre:comedy": "dislike"}
    await again.close()


async def test_feedback_on_what_is_no_entity_is_rejected_and_the_rest_counts(services):
    said = [
        Feedback("ada", "nothing", "like"),
        Feedback("ada", "genre:comedy", "like"),
        Feedback("ada", "spring", "like"),
        Feedback("ada", "genre:comedy", "like"),
    ]
    outcome = await services.record_feedback(said)
    assert (outcome.accepted, outcome.duplicates) == ((1,), (3,))
    assert [index for index, _ in outcome.rejected] == [0, 2]
    assert "'nothing'" in outcome.rejected[0][1]


async def test_an_entity_that_another_process_has_just_written_is_known(home, settings_at):
    services, other = await build(settings_at(home)), await build(settings_at(home))
    item = Item("heat", "Heat", attributes={"genres": ("Heist",)})
    await services.put_item(item, replace=False)
    assert (await other.record_feedback([Feedback("ada", "genre:heist", "like")])).accepted == (0,)
    explanation = other.recommender.explain("heat", Query(user_id="ada"), k=10)
    assert "stated" in [path.kind for path in explanation.paths]
    await other.close()
    await services.close()


async def test_an_answer_about_an_item_goes_with_the_events_on_it(services):
    before = answer(services)
    said = Query(user_id="ada", answers=(Answer("uncle", "item", "like"),))
    await next_step(services, said, save=True)
    assert answer(services) != before
    assert await services.remove_events("ada", "uncle") == 1
    assert answer(services) == before
    assert (await services.user("ada")).attributes == {}


async def test_removing_what_is_not_there_says_so(services):
    with pytest.raises(NotFoundError, match="nobody"):
        await services.remove_user("nobody")
    with pytest.raises(NotFoundError, match="nobody"):
        services.require_user("nobody")
    with pytest.raises(NotFoundError, match="no user with the id 'nobody'"):
        await services.remove_events("nobody", "spring")
    with pytest.raises(NotFoundError, match="'uncle'"):
        await services.remove_events("ada", "uncle")


async def test_a_user_is_created_once(services):
    assert await services.put_user(User("gil", {"age": 30})) is True
    assert await services.put_user(User("gil", {"age": 31})) is False
    services.require_user("gil")
