async def test_links_neighbours_and_lists_are_told(open_console):
    async with open_console() as tab:
        await tab.open("/add")
        await tab.should_see("Here you will see")
        tab.find("Title").type("Parade")
        tab.find("Directors").type("Jacques Tati")
        tab.find("Genres").type("Comedy")
        await tab.press(tab.all("form-column")[0], "submit.prevent")
        await tab.until(lambda: tab.all("appearance"))
        assert tab.texts("outcome-title") == ["Parade"]
        links = " ".join(tab.texts("outcome-parts"))
        assert "Jacques Tati person · 4 others" in links
        assert "Comedy genre · 5 others" in links
        assert "Most like it" in links
        addresses = [e.props["href"] for e in tab.all("link-button")]
        assert all(address.startswith("/?") for address in addresses)
        assert any("q=Jacques+Tati" in address for address in addresses)
