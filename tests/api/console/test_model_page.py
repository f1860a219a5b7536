from nicegui import ui


async def test_an_untrained_model_says_so_and_its_weights_are_shown(open_console):
    async with open_console() as tab:
        await tab.open("/model")
        await tab.should_see("Nothing has been learned yet")
        await tab.should_see("This model has no graph network.")
        await tab.should_see("There were too few users to measure on.")
        charts = [e for e in tab.client.elements.values() if isinstance(e, ui.echart)]
        assert len(charts) == 1  # the weights


async def test_the_graph_is_counted(open_console):
    async with open_console() as tab:
        await tab.open("/model")
        told = " ".join(tab.texts("plain-table"))
        assert "INTERACTED 21" in told
        assert "Item 12" in told


async def test_charts_follow_the_colour_of_the_page(open_console):
    async with open_console({"cookie": "whyrec-dark=1"}) as tab:
        await tab.open("/model")
        chart = next(e for e in tab.client.elements.values() if isinstance(e, ui.echart))
        assert chart.options["color"][0] == "#93b4ff"
