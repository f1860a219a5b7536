from nicegui import ui

from api.console.tags import block, heading, text, with_attributes


async def test_text_is_text_and_attributes_are_not_parsed(open_console):
    async with open_console() as tab:
        await tab.open("/")
        with tab.client:
            assert heading(2, "<b>x</b>").tag == "h2"
            assert text("p", "<i>").text == "<i>"
            element = block("div", aria_label='a" onclick="x', class_="y", title=None)
            assert element.props["aria-label"] == 'a" onclick="x'
            assert "title" not in element.props
            assert with_attributes(ui.label("x"), lang="zh").props["lang"] == "zh"
