async def test_each_button_says_what_it_does_to_what(open_console):
    async with open_console() as tab:
        await tab.open("/rate?user=ben")
        groups = tab.all("reactions")
        assert groups[0].props["aria-label"].startswith("Rate ")
        names = [
            e.props["aria-label"]
            for e in tab.client.elements.values()
            if str(e.props.get("aria-label", "")).startswith(("Like: ", "Dislike: "))
        ]
        assert len(names) == 2 * len(groups)


async def test_pressing_one_records_an_event(open_console):
    async with open_console() as tab:
        await tab.open("/rate?user=gus")
        await tab.press(tab.labelled("Like: Tokyo Story"))
        exported = await tab.services.export_user("gus")
        assert [(e["item_id"], e["type"]) for e in exported["events"]] == [("tokyo", "like")]
