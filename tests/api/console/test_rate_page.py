async def test_rated_things_are_not_offered_again(open_console):
    async with open_console() as tab:
        await tab.open("/rate?user=cleo")
        offered = tab.texts("thing")
        assert offered
        assert not any(one.startswith("Rashomon") for one in offered)


async def test_a_thing_that_is_searched_for_comes_first(open_console):
    async with open_console() as tab:
        await tab.open("/rate?user=cleo")
        tab.find("Find something to rate").type("traf")
        await tab.settle()
        await tab.press(tab.all("found-one")[0])
        assert tab.texts("thing")[0].startswith("Traffic")


async def test_without_a_user_nothing_is_recorded(open_console):
    async with open_console() as tab:
        await tab.open("/rate")
        await tab.press(tab.labelled("Like: Tokyo Story"))
        await tab.should_see("Nobody is chosen who could rate.")


async def test_what_is_rated_stays_where_it_is(open_console):
    async with open_console() as tab:
        await tab.open("/rate?user=gus")
        before = tab.texts("thing")
        like = tab.labelled("Like: Tokyo Story")
        await tab.press(like)
        assert tab.texts("thing") == before
        assert like.props["aria-pressed"] == "true"
        await tab.press(tab.labelled("Take back what was said of Tokyo Story"))
        assert tab.labelled("Like: Tokyo Story").props["aria-pressed"] == "false"
