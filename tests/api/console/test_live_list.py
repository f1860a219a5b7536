from api.console.live_list import moves_of


def test_moves_are_places_gained():
    assert moves_of(["a", "b", "c"], ["c", "a", "b"]) == [2, -1, -1]
    assert moves_of(["a"], ["b", "a"]) == [None, -1]
    assert moves_of(None, ["a", "b"]) == [0, 0]


async def test_the_list_says_what_changed(open_console):
    async with open_console() as tab:
        await tab.open("/rate?user=ben")
        await tab.should_see("It changes with all that is said here.")
        first = tab.texts("live-title")[0]
        button = tab.all("reactions")[0]
        assert first in tab.texts("live-row")[0]
        assert button is not None


async def test_a_title_leads_to_why_it_is_there(open_console):
    async with open_console() as tab:
        await tab.open("/rate?user=ben")
        link, row = tab.all("live-title")[0], tab.all("live-row")[0]
        assert link.props["href"] == f"/?user=ben&item={row.props['data-item']}"
