async def test_the_text_can_be_read_in_the_other_language(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada&q=films by Jacques Tati")
        await tab.press(tab.all("turn-language")[0])
        assert "你" in tab.texts("why-text")[0]
        await tab.press(tab.all("turn-language")[0])
        assert "You " in tab.texts("why-text")[0]


async def test_a_line_of_the_picture_can_be_pressed(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada&q=films by Jacques Tati")
        chart = tab.all("nicegui-echart")[0]
        pressed = {
            "componentType": "series",
            "seriesType": "graph",
            "seriesIndex": 0,
            "seriesName": "",
            "name": "",
            "dataIndex": 0,
            "data": {"at": 0},
            "dataType": "edge",
            "value": None,
        }
        await tab.press(chart, "componentClick", pressed)
        assert len(tab.all("whatif-figures")) == 1
        edges = chart.options["media"][-1]["option"]["series"][0]["edges"]
        assert edges[0]["lineStyle"]["type"] == "dashed"


async def test_pictures_follow_the_dark_switch(open_console):
    async with open_console() as tab:
        await tab.open("/?user=ada&q=films by Jacques Tati")

        def colour():
            options = tab.all("nicegui-echart")[0].options
            return options["media"][-1]["option"]["series"][0]["label"]["color"]

        light = colour()
        await tab.press(tab.client.layout, "whyrec-dark", True)
        assert colour() != light
