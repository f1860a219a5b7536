async def test_more_and_less_is_offered_for_what_paths_lead_over(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada&q=films by Jacques Tati")
        more = tab.labelled("More because of Jacques Tati")
        assert more.props["aria-pressed"] == "false"
        await tab.press(more)
        assert tab.labelled("More because of Jacques Tati").props["aria-pressed"] == "true"
        await tab.press(tab.labelled("More because of Jacques Tati"))
        assert tab.labelled("More because of Jacques Tati").props["aria-pressed"] == "false"


async def test_nobody_cannot_answer(open_console):
    async with open_console() as tab:
        await tab.open("/?q=films by Jacques Tati")
        assert not tab.labelled("Less of Jacques Tati").enabled
        await tab.should_see("Pick or create a user to rate.")
