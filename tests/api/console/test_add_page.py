from nicegui import ui


async def test_an_item_is_added_changed_and_deleted(open_console):
    async with open_console() as tab:
        await tab.open("/add")
        recommender = tab.services.recommender
        tab.find("Title").type("Parade")
        tab.find("Year").type("1974")
        await tab.press(tab.all("form-column")[0], "submit.prevent")
        await tab.until(lambda: recommender.state.find_item("parade") is not None)
        await tab.until(lambda: "Change an item" in tab.texts("card-head")[0])
        tab.find("Title").clear().type("Parade of 1974")
        await tab.press(tab.all("form-column")[0], "submit.prevent")
        await tab.until(lambda: recommender.item("parade").title == "Parade of 1974")
        tab.find(kind=ui.button, content="Delete").click()
        await tab.until(lambda: tab.all("dialog-card"))
        await tab.should_see("Delete “Parade of 1974” with all that people did with it?")
        inside = tab.all("dialog-card")[0].descendants()
        yes = next(e for e in inside if isinstance(e, ui.button))
        await tab.press(yes)
        await tab.until(lambda: recommender.state.find_item("parade") is None)
        await tab.should_see("“Parade of 1974” is deleted and in no list any more.")
