"""The dialogue without HTTP: what is kept, and in which order."""

import pytest

from api.onboarding import next_step
from api.wiring import build
from graph.errors import InvalidError, NotFoundError
from ranking.domain import Answer, Query

COMEDY = Answer("genre:comedy", "entity", "like")
UNCLE = Answer("uncle", "item", "like")


@pytest.fixture
async def services(home, settings_at):
    services = await build(settings_at(home))
    yield services
    await services.close()


async def test_a_step_is_the_answer_of_the_http_interface(services, client):
    body = {"answers": [{"id": "uncle", "kind": "item", "answer": "like"}], "k": 2}
    over_http = client.post("/v1/onboarding/next", json=body).json()
    step = await next_step(services, Query(k=2, answers=(UNCLE,)))
    assert step["question"] == over_http["question"]
    found = [item["item_id"] for item in step["recommendations"]]
    assert found == [item["item_id"] for item in over_http["recommendations"]]


async def test_answers_are_in_the_store_when_the_step_is_done(services):
    query = Query(user_id="zoe", answers=(COMEDY, UNCLE), attributes={"age": 30})
    assert not (await next_step(services, query))["saved"]
    with pytest.raises(NotFoundError):
        await services.store.user("zoe")
    assert (await next_step(services, query, save=True))["saved"]
    user = await services.store.user("zoe")
    assert user.attributes["answer:entity:genre:comedy"] == "like"
    for _ in range(2):
        (event,) = await services.store.events_of("zoe")
        assert (event.item_id, event.type) == ("uncle", "like")
        await next_step(services, query, save=True)


async def test_nobody_s_answers_cannot_be_kept(services):
    with pytest.raises(InvalidError, match="nobody"):
        await next_step(services, Query(answers=(COMEDY,)), save=True)
