async def test_a_link_names_the_page_and_takes_along_what_is_asked(open_console):
    async with open_console() as tab:
        await tab.open("/?user=%3Cb%3E%20%26%20co")
        assert tab.all("link-button")[-1].props["href"] == "/rate?user=%3Cb%3E+%26+co"
        assert tab.texts("link-button")[-1].startswith("Rate things")
