async def test_submitting_asks_and_clearing_asks_for_nothing(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada")
        tab.find("What are you looking for?").type("crime films")
        await tab.press(tab.all("request")[0], "submit.prevent")
        assert tab.texts("chip-name") == ["Crime"]
        await tab.press(tab.all("request-field")[0], "clear")
        assert tab.texts("chip-name") == []
