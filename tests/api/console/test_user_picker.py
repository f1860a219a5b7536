async def test_suggestions_choose_a_user(open_console):
    async with open_console() as tab:
        await tab.open("/")
        chips = tab.all("chip-button")
        assert len(chips) == 3
        await tab.press(chips[0])
        told = tab.texts("user-name")[0]
        assert told.startswith("User cleo 4 events; newest: High and Low · Seven Samurai")


async def test_nobody_can_be_chosen_again(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada")
        tab.find("Change").click()
        await tab.settle()
        assert tab.texts("user-name")[0].startswith("Nobody in particular")


async def test_an_id_is_needed(open_console):
    async with open_console() as tab:
        await tab.open("/")
        form = next(one for one in tab.all("form-row") if one.tag == "form")
        await tab.press(form, "submit.prevent")
        assert "A user needs an id." in tab.notify.messages
