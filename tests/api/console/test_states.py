async def test_filters_that_leave_nothing_can_be_reset(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada&q=films by Jacques Tati before 1900")
        assert tab.texts("result-title")  # widened: the nearest are shown
        await tab.should_see("Nothing meets the limits; the items that come nearest are shown.")


async def test_a_user_nobody_knows_is_told(open_console):
    async with open_console() as tab:
        await tab.open("/?user=nobody-knows-me")
        assert tab.texts("user-name")[0].startswith("User nobody-knows-me")
