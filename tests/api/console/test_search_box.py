async def test_items_are_found_by_the_beginning_of_a_word(open_console):
    async with open_console() as tab:
        await tab.open("/")
        tab.find("Title of an item").type("summ")
        await tab.settle()
        assert tab.texts("found-one") == ["Early Summer Drama · Yasujirō Ozu"]


async def test_what_is_not_found_is_said(open_console):
    async with open_console() as tab:
        await tab.open("/")
        tab.find("Title of an item").type("zzzz")
        await tab.settle()
        await tab.should_see("Nothing has such a name.")


async def test_enter_takes_the_first_and_empties_the_field(open_console):
    async with open_console() as tab:
        await tab.open("/")
        tab.find("Find a user by id").type("ad")
        await tab.settle()
        tab.find("Find a user by id").trigger("keydown.enter")
        await tab.settle()
        assert tab.texts("user-name")[0].startswith("User ada")
