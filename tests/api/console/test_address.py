async def test_what_is_asked_is_a_step_and_what_is_explained_is_none(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada")
        steps = watched(tab)
        await tab.press(tab.all("result-open")[1])
        shown = tab.all("is-open")[0]
        await tab.press(tab.all("chip-example")[0])
        assert [step.split("State")[0] for step in steps] == ["replace", "push"]
        assert "item=" in steps[0]
        assert "user=ada&q=" in steps[1]
        assert shown


async def test_going_back_shows_what_was_asked_before(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada")
        before = tab.texts("result-title")
        await tab.press(tab.client.layout, "whyrec-went", "?user=ada&q=films+by+Jacques+Tati")
        assert tab.texts("chip-name") == ["Jacques Tati"]
        await tab.press(tab.client.layout, "whyrec-went", "?user=ada")
        assert tab.texts("result-title") == before


async def test_an_address_may_name_the_item_that_is_explained(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada")
        second = tab.texts("result-title")[1]
        item_id = tab.services.recommender.search(second, limit=1)[0].entity_id
        await tab.open(f"/?user=ada&item={item_id}")
        await tab.should_see(f"Why “{second}”?")
        await tab.open("/?user=ada&item=nothing-of-that-name")
        assert tab.texts("result-title")[1] == second


async def test_the_navigation_takes_along_who_asks(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada")
        links = [link.props["href"] for link in tab.all("console-nav")[0].default_slot.children]
        assert links == [f"{path}?user=ada" for path in ("/", "/rate", "/add", "/model")]


def watched(tab):
    """Note from now on what is done to the history of the browser."""
    steps, run = [], tab.client.run_javascript

    def note(code, **options):
        if code.startswith("history."):
            steps.append(code.removeprefix("history."))
        return run(code, **options)

    tab.client.run_javascript = note
    return steps
