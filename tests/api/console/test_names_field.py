async def test_what_is_typed_is_added_in_the_spelling_of_the_graph(open_console):
    async with open_console() as tab:
        await tab.open("/add")
        tab.find("Directors").type("jacques tati")
        await tab.settle()
        assert tab.texts("found-one") == ["Jacques Tati 4 items"]
        tab.find("Directors").trigger("keydown.enter")
        await tab.settle()
        assert tab.labelled("Remove Jacques Tati")


async def test_a_name_nobody_knows_is_offered_as_new(open_console):
    async with open_console() as tab:
        await tab.open("/add")
        tab.find("Directors").type("agnes v")
        await tab.settle()
        assert tab.texts("found-one")[0] == "agnes v new in the graph"
        await tab.press(tab.all("found-one")[0])
        await tab.press(tab.labelled("Remove agnes v"))
        assert "agnes v" not in tab.texts("chip-name")
