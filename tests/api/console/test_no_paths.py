import pytest


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/", "Pick a user, or say what you are looking for"),
        ("/?user=newcomer", "Rate a few things"),
    ],
)
async def test_it_says_how_to_get_a_path(open_console, address, told):
    async with open_console() as tab:
        await tab.open(address)
        await tab.should_see(told)


async def test_where_paths_lead_to_it_nothing_is_said(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada")
        assert tab.all("no-paths") == []


async def test_a_newcomer_is_led_to_the_page_for_rating(open_console):
    async with open_console() as tab:
        await tab.open("/?user=newcomer")
        assert tab.all("link-button")[-1].props["href"] == "/rate?user=newcomer"
