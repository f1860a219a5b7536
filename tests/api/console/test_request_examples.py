async def test_requests_to_try_are_in_the_words_of_the_catalog(open_console):
    async with open_console() as tab:
        await tab.open("/")
        tried = tab.texts("example-name")
        assert 1 <= len(tried) <= 3
        popular = {one.title for one in tab.services.recommender.popular(k=3)}
        assert all(any(title in request for title in popular) for request in tried)
        await tab.press(tab.all("chip-example")[0])
        assert tab.texts("chip-name")  # it was understood
        assert not tab.all("examples")[0].visible


async def test_an_empty_catalog_has_none(open_console, tmp_path):
    async with open_console(folder=tmp_path) as tab:
        await tab.open("/")
        assert tab.texts("example-name") == []
        assert not tab.all("examples")[0].visible
