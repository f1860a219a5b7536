from nicegui import ui


async def test_an_untrained_model_says_so_and_its_weights_are_shown(open_console):
    async with open_console() as tab:
        await tab.open("/model")
        await tab.should_see("Nothing has been learned yet")
        await tab.should_see("This model has no graph network.")
        await tab.should_see("There were too few users to measure on.")
        charts = [e for e in tab.client.elements.values() if isinstance(e, ui.echart)]
        assert charts == []  # one weight for each part, whoever asks: the table tells it
        assert "popularity 0.10" in " ".join(tab.texts("plain-table"))


async def test_the_graph_is_counted(open_console):
    async with open_console() as tab:
        await tab.open("/model")
        told = " ".join(tab.texts("plain-table"))
        assert "INTERACTED chose 21" in told
        assert "Item what is recommended 12" in told


async def test_labels_and_types_are_told_in_chinese(open_console):
    async with open_console({"accept-language": "zh-CN"}) as tab:
        await tab.open("/model")
        told = " ".join(tab.texts("plain-table"))
        assert "Genre 类型" in told
        assert "DIRECTED_BY 执导" in told
