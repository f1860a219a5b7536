async def test_a_row_says_title_place_score_and_that_it_is_new(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada")
        titles = tab.texts("result-title")
        opening = tab.all("result-open")
        assert opening[0].props["aria-label"] == f"Why {titles[0].removesuffix(' new')}, number 1?"
        assert tab.all("bar")[0].props["role"] == "img"
        new = [title for title in titles if title.endswith(" new")]
        assert new == []  # everything in the small catalog but Traffic... has been chosen


async def test_pressing_a_row_explains_it_and_marks_it(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada")
        title = tab.texts("result-title")[2]
        await tab.press(tab.all("result-open")[2])
        await tab.should_see(f"Why “{title}”?")
        assert tab.texts("is-open")[0].startswith("3 ")
