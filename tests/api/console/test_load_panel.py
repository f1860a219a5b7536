from nicegui import ui
from nicegui.elements.upload_files import SmallFileUpload

ROWS = b"item_id\ttitle\tgenres\nnew-1\tA Sunday\tDrama\n\tNo Id\tDrama\n"


def upload_of(tab):
    return next(e for e in tab.client.elements.values() if isinstance(e, ui.upload))


async def test_a_file_is_loaded_and_its_bad_rows_are_told(open_console):
    async with open_console() as tab:
        await tab.open("/add")
        file = SmallFileUpload("items.tsv", "text/plain", ROWS)
        await upload_of(tab).handle_uploads([file])
        await tab.until(lambda: tab.texts("load-result") != [""], seconds=120)
        told = tab.texts("load-result")[0]
        assert "2 rows read" in told
        assert "1 rows were left out" in told
        assert "items.tsv 3" in told
        assert tab.services.recommender.item("new-1").title == "A Sunday"


async def test_a_file_that_cannot_be_loaded_is_refused_with_the_fix(open_console):
    async with open_console() as tab:
        await tab.open("/add")
        await upload_of(tab).handle_uploads([SmallFileUpload("x.bin", "", b"\x00\x01")])
        await tab.until(lambda: tab.notify.messages, seconds=120)
        assert tab.texts("load-result") == [""]
