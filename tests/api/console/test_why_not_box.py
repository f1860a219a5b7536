async def test_the_reason_follows_the_list(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada")
        tab.find("Title of an item").type("playtime")
        await tab.settle()
        await tab.press(tab.all("found-one")[0])
        assert tab.texts("why-not-head") == ["Playtime on the list"]
        await tab.press(tab.labelled("Seen Playtime"))
        assert tab.texts("why-not-head") == ["Playtime seen"]


async def test_its_score_can_be_explained(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada")
        tab.find("Title of an item").type("late spring")
        await tab.settle()
        await tab.press(tab.all("found-one")[0])
        tab.find("What its score is made of").click()
        await tab.settle()
        await tab.should_see("Why “Late Spring”?")
