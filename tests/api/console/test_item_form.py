from api.console.item_form import new_id


def test_an_id_is_made_of_the_title_and_never_taken():
    assert new_id("Late Spring!", lambda _: None) == "late-spring"
    assert new_id("晚春", lambda _: None) == "晚春"
    assert new_id("Late Spring", lambda _: 3).startswith("late-spring-")
    assert len(new_id("x" * 500, lambda _: None)) <= 100


async def test_what_the_form_does_not_show_of_a_changed_item_stays(open_console):
    async with open_console() as tab:
        await tab.open("/add")
        tab.find("Change one that is there").type("tokyo")
        await tab.settle()
        await tab.press(tab.all("found-one")[0])
        tab.find("Year").clear().type("1954")
        await tab.press(next(e for e in tab.all("form-column")), "submit.prevent")
        await tab.until(lambda: tab.services.recommender.item("tokyo").attributes["year"] == 1954)
        changed = tab.services.recommender.item("tokyo")
        assert changed.attributes["directors"] in ("Yasujirō Ozu", ("Yasujirō Ozu",))
        assert changed.text == "Tokyo Story, a drama by Yasujirō Ozu."


async def test_an_item_needs_a_title(open_console):
    async with open_console() as tab:
        await tab.open("/add")
        await tab.press(tab.all("form-column")[0], "submit.prevent")
        await tab.should_see("An item needs a title.")
