import pytest

from api.console.rating import EVENTS, answer, rate
from graph.errors import AppError, InvalidError


@pytest.mark.parametrize("said", list(EVENTS))
async def test_each_rating_is_an_event_that_takes_the_item_off_the_list(open_console, said):
    async with open_console() as tab:
        await rate(tab.services, "ada", "hulot", said)
        last = (await tab.services.export_user("ada"))["events"][-1]
        assert (last["item_id"], last["type"]) == ("hulot", EVENTS[said])


async def test_an_item_nobody_knows_cannot_be_rated(open_console):
    async with open_console() as tab:
        with pytest.raises(InvalidError):
            await rate(tab.services, "ada", "no-such-film", "like")


async def test_an_answer_is_kept_and_taken_back(open_console):
    async with open_console() as tab:
        recommender = tab.services.recommender
        tati = next(one for one in recommender.search("Jacques Tati") if one.kind == "Entity")
        await answer(tab.services, "ada", tati.entity_id, "like")
        assert "like" in (await tab.services.user("ada")).attributes.values()
        await answer(tab.services, "ada", tati.entity_id, "forget")
        assert (await tab.services.user("ada")).attributes == {}


async def test_an_entity_nobody_knows_is_told(open_console):
    async with open_console() as tab:
        with pytest.raises(AppError):
            await answer(tab.services, "ada", "no-such-entity", "like")
