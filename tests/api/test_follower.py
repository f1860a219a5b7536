"""The follower: when a new snapshot is due, and that it outlives surprises."""

import asyncio
import gc
import weakref

from api.follower import Follower
from api.wiring import build
from graph.domain import Interaction


async def wait_for(condition):
    for _ in range(400):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen in time")


async def test_another_active_model_is_served(home, settings_at):
    services = await build(settings_at(home))
    trainer = await build(settings_at(home), serving=False)
    follower = Follower(services, services.settings.serving)
    follower.start()
    card = await trainer.train(epochs=1)
    await wait_for(lambda: services.recommender.model_version == card["id"])
    await follower.close()
    await trainer.close()
    await services.close()


async def test_many_small_changes_lead_to_a_new_snapshot(home, settings_at):
    serving = {"poll_s": 0.05, "refresh_after_changes": 3}
    services = await build(settings_at(home, serving=serving))
    follower = Follower(services, services.settings.serving)
    before = services.served.live
    for number in range(4):
        await services.record_events([Interaction("ada", "uncle", "view", None, float(number))])
    await follower.look()
    await wait_for(lambda: services.served.live is not before)
    assert services.served.live.n_changes == 0
    await follower.close()
    await services.close()


async def test_one_look_that_fails_is_not_the_last(home, settings_at, tmp_path):
    services = await build(settings_at(home))
    follower = Follower(services, services.settings.serving)
    await services.close()  # from here on every look fails
    follower.start()
    await wait_for(lambda: services.stale)
    await asyncio.sleep(0.2)
    assert not follower._polling.done()
    await follower.close()


async def test_a_new_graph_is_put_aside_and_the_old_one_freed(home, settings_at):
    services = await build(settings_at(home, serving={"poll_s": 0.05}))
    follower = Follower(services, services.settings.serving)
    old = weakref.ref(services.served.live)
    follower.start()
    assert gc.get_freeze_count() > 0
    await services.record_events([Interaction("ada", "uncle", "view", None, 1.0)])
    await services.refresh()
    await wait_for(lambda: old() is None)
    assert gc.get_freeze_count() > 0
    await follower.close()
    assert gc.get_freeze_count() == 0
    await services.close()
