from nicegui import ui


async def opened(tab):
    await tab.open("/?user=ada")
    panel = next(
        e
        for e in tab.client.elements.values()
        if isinstance(e, ui.expansion) and "refine" in e.classes
    )
    panel.set_value(True)
    await tab.settle()
    return panel


async def test_a_filter_narrows_the_list_and_reset_widens_it(open_console):
    async with open_console() as tab:
        panel = await opened(tab)
        years = [e for e in tab.client.elements.values() if isinstance(e, ui.number)]
        years[0].set_value(1960)
        await tab.settle()
        assert set(tab.texts("result-title")) == {"Playtime", "Traffic", "High and Low"}
        assert panel.text == "Filters and variety (1 set)"
        years[1].set_value(1962)
        await tab.settle()
        await tab.should_see("Nothing is left")
        tab.find(kind=ui.button, content="Reset").click()
        await tab.settle()
        assert len(tab.texts("result-title")) > 3


async def test_an_item_can_be_left_out_and_allowed_again(open_console):
    async with open_console() as tab:
        await opened(tab)
        tab.find("Leave an item out").type("playt")
        await tab.settle()
        await tab.press(tab.all("found-one")[0])
        assert "Playtime" not in tab.texts("result-title")
        await tab.press(tab.labelled("Allow “Playtime” again"))
        assert "Playtime" in tab.texts("result-title")


async def test_sliders_change_how_many_come(open_console):
    async with open_console() as tab:
        await opened(tab)
        slider = tab.labelled("Number of items")
        slider.set_value(2)
        await tab.press(slider, "change", 2)
        assert len(tab.texts("result-title")) == 2
