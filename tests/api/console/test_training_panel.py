from nicegui import ui


async def test_a_training_is_followed_to_the_model_that_serves(open_console):
    async with open_console() as tab:
        await tab.open("/model")
        assert tab.services.recommender.model_version == "untrained"
        form = next(e for e in tab.all("form-grid") if e.tag == "form")
        await tab.press(form, "submit.prevent")
        assert any(e.visible for e in tab.all("job"))
        await tab.until(lambda: tab.services.recommender.model_version != "untrained", seconds=240)
        name = tab.services.recommender.model_version
        await tab.until(lambda: f"The new model {name} serves now." in tab.notify.messages)
        await tab.until(lambda: name in tab.texts("facts")[0])
        assert isinstance(
            tab.find(kind=ui.button, content="Start training").elements.pop(), ui.button
        )
