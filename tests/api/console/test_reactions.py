import pytest

from api.console.reactions import Reactions, Stars, react, reactions_of
from graph.domain import Interaction


async def test_without_a_scale_there_are_likes_and_what_people_do(open_console):
    async with open_console() as tab:
        found = reactions_of(tab.services.recommender.state)
        assert found == Reactions(None, ("like", "dislike"))


async def test_ratings_on_a_scale_become_stars(open_console):
    async with open_console() as tab:
        events = [
            Interaction("gus", item, "rating", value, 1_700_000_000)
            for item, value in (("low", 1.0), ("ikiru", 3.0), ("ohayo", 5.0))
        ]
        await tab.services.record_events(events)
        await tab.services.refresh()
        found = reactions_of(tab.services.recommender.state)
        assert found == Reactions(Stars("rating", 1, 5), ())


async def test_a_second_word_on_an_item_takes_the_place_of_the_first(open_console):
    async with open_console() as tab:
        await react(tab.services, "gus", "low", "like")
        await react(tab.services, "gus", "low", "rating", 2.0)
        exported = await tab.services.export_user("gus")
        assert [(e["type"], e["value"]) for e in exported["events"]] == [("rating", 2.0)]


async def test_an_unknown_item_is_refused(open_console):
    from graph.errors import NotFoundError

    async with open_console() as tab:
        with pytest.raises(NotFoundError):
            await react(tab.services, "gus", "nothing", "like")
