async def test_every_step_is_a_button_that_tells_whether_it_is_taken_away(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada&q=films by Jacques Tati")
        assert tab.texts("walk")[0].startswith("your request asked for Jacques Tati directed by")
        step = tab.all("walk-edge")[0]
        assert step.props["aria-pressed"] == "false"
        await tab.press(step)
        assert tab.all("walk-edge")[0].props["aria-pressed"] == "true"
        assert len(tab.all("is-gone")) >= 1
