from api.console.history_list import deeds_in


def event(item, type_, at, value=None):
    return {"item_id": item, "type": type_, "value": value, "at": at}


def test_only_the_newest_event_on_an_item_is_shown_newest_first():
    found = deeds_in([event("a", "view", 1), event("b", "like", 2), event("a", "rating", 3, 4.0)])
    assert [(deed.item_id, deed.type) for deed in found] == [("a", "rating"), ("b", "like")]


async def test_what_was_said_can_be_taken_back(open_console):
    async with open_console() as tab:
        await tab.open("/rate?user=ben")
        assert len(tab.all("history-title")) == 3
        await tab.press(tab.labelled("Take back what was said of Playtime"))
        await tab.until(lambda: len(tab.all("history-title")) == 2)
        exported = await tab.services.export_user("ben")
        assert {e["item_id"] for e in exported["events"]} == {"hulot", "uncle"}
