"""The main page as people use it, on the real application."""

import pytest
from nicegui import ui

from graph.domain import Item

HOSTILE = '<img src=x onerror=alert(1)>{{b}} ${c} `d` "e" \u202eRTL 🎬'


async def test_a_list_comes_for_somebody_and_the_first_item_is_explained(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada")
        found = tab.services.recommender.recommend
        titles = tab.texts("result-title")
        assert titles
        assert not {"Late Spring", "Early Summer", "Tokyo Story"} & set(titles)  # seen
        await tab.should_see(f"Why “{titles[0]}”?")
        assert tab.texts("user-name")[0].startswith("User ada")
        assert found


async def test_nobody_gets_what_is_popular_and_may_not_rate(open_console):
    async with open_console() as tab:
        await tab.open("/")
        assert tab.texts("result-title")
        await tab.should_see("Nobody in particular")
        assert not tab.labelled(f"Like {tab.texts('result-title')[0]}").enabled


async def test_a_request_becomes_chips_and_a_chip_can_be_taken_away(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada&q=comedy by Jacques Tati not crime")
        assert tab.texts("chip-name") == ["Comedy", "Jacques Tati", "Crime"]
        first = tab.texts("result-title")
        assert set(first[:3]) <= {"My Uncle", "Playtime", "Traffic", "Monsieur Hulot's Holiday"}
        await tab.press(tab.labelled("Ask again without “with Comedy”"))
        assert tab.texts("chip-name") == ["Jacques Tati", "Crime"]
        await tab.press(tab.labelled("Ask again without “without Crime”"))
        assert tab.texts("chip-name") == ["Jacques Tati"]


async def test_a_rating_changes_the_list_and_can_be_undone(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada")
        title = tab.texts("result-title")[0]
        await tab.press(tab.labelled(f"Like {title}"))
        assert title not in tab.texts("result-title")
        await tab.should_see(f"Liked: {title}. The list is new.")
        exported = await tab.services.export_user("ada")
        assert exported["events"][-1]["type"] == "like"
        await tab.press(tab.all("undo")[0])
        assert title in tab.texts("result-title")
        assert len((await tab.services.export_user("ada"))["events"]) == 3


async def test_a_new_user_is_created_with_attributes(open_console):
    async with open_console() as tab:
        await tab.open("/")
        tab.find("Id").type("gus")
        tab.find("Attributes (optional)").type("age: 24, occupation: clerk")
        form = next(one for one in tab.all("form-row") if one.tag == "form")
        await tab.press(form, "submit.prevent")
        assert tab.texts("user-name")[0].startswith("User gus")
        user = await tab.services.user("gus")
        assert user.attributes == {"age": 24, "occupation": "clerk"}


async def test_a_known_id_is_not_taken_again(open_console):
    async with open_console() as tab:
        await tab.open("/")
        tab.find("Id").type("ada")
        form = next(one for one in tab.all("form-row") if one.tag == "form")
        await tab.press(form, "submit.prevent")
        assert "There is already a user with this id." in tab.notify.messages


async def test_an_empty_catalog_says_which_command_is_next(open_console, tmp_path):
    async with open_console(folder=tmp_path / "empty") as tab:
        await tab.open("/")
        await tab.should_see("The catalog is empty")
        await tab.should_see("whyrec demo")


async def test_before_the_first_training_the_page_says_so(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada")
        await tab.should_see("No model is trained yet")


async def test_names_are_shown_as_they_are(open_console):
    async with open_console() as tab:
        long = "x" * 500
        attributes = {"genres": (HOSTILE,), "directors": "Yasujirō Ozu"}
        for number, title in enumerate((HOSTILE, long)):
            item = Item(f"h{number}", title, attributes=attributes)
            await tab.services.put_item(item, replace=False)
        await tab.open(f"/?user=<b>me</b>&q={long}")
        page = (await tab.http_client.get("/?user=<b>me</b>")).text
        assert "<b>me" not in page
        assert "<img src=x" not in page
        await tab.open("/?user=ada&q=films by Yasujirō Ozu")
        assert {HOSTILE, long} <= set(" ".join(tab.texts("result-title")).split("  ")) or any(
            HOSTILE in title for title in tab.texts("result-title")
        )
        assert not [
            e
            for e in tab.client.elements.values()
            if isinstance(e, ui.html) and "x" * 9 in e.content
        ]


@pytest.mark.parametrize("address", ["/?user=nobody-knows-me", "/?q=" + "z" * 3000])
async def test_strange_addresses_get_a_page(open_console, address):
    async with open_console() as tab:
        await tab.open(address)
        assert tab.texts("result-title")


async def test_more_because_of_an_entity_counts_and_can_be_taken_back(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada&q=films by Jacques Tati")
        await tab.press(tab.labelled("More because of Jacques Tati"))
        user = await tab.services.user("ada")
        assert "like" in user.attributes.values()
        more = tab.labelled("More because of Jacques Tati")
        assert more.props["aria-pressed"] == "true"
        await tab.press(more)
        assert "like" not in (await tab.services.user("ada")).attributes.values()


async def test_steps_can_be_taken_away_and_put_back(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada&q=films by Jacques Tati")
        cut = tab.labelled("Take “Jacques Tati” away")
        await tab.press(cut)
        assert len(tab.all("whatif-figures")) == 1
        assert "→" in tab.texts("whatif-figures")[0]
        await tab.press(tab.all("chip-gone")[0].slots["default"].children[-1])
        assert not tab.all("whatif-figures")


async def test_why_not_tells_the_reason(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada")
        tab.find("Title of an item").type("late spr")
        await tab.settle()
        await tab.press(tab.all("found-one")[0])
        assert tab.texts("why-not-head") == ["Late Spring seen"]
