from api.console.item_line import attributes_line


def test_what_is_long_or_true_or_there_already_is_left_out():
    attributes = {
        "plot": "long " * 20,
        "hit": True,
        "director": "Ozu",
        "writer": "Ozu",
        "year": 1953,
    }
    assert attributes_line(attributes) == "Ozu · 1953"
    assert attributes_line(attributes, n=1) == "Ozu"


async def test_values_are_called_as_in_the_language_of_the_page(open_console):
    async with open_console({"accept-language": "zh-CN"}) as tab:
        await tab.open("/?user=ada&q=films by Jacques Tati")
        assert "喜剧片" in tab.texts("one-line")[0]
