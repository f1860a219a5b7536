from nicegui import ui


async def test_questions_are_asked_one_after_the_other_and_kept(open_console):
    async with open_console() as tab:
        await tab.open("/rate?user=newcomer")
        tab.find(kind=ui.button, content="Ask me").click()
        await tab.until(lambda: tab.all("question"))
        asked = []
        for _ in range(5):
            if not tab.all("question"):
                break
            now = tab.texts("question")
            asked += now
            tab.find(kind=ui.button, content="Yes" if len(asked) % 2 else "No").click()
            await tab.until(lambda now=now: tab.texts("question") != now)
        assert len(set(asked)) == len(asked) >= 2
        kept = (await tab.services.user("newcomer")).attributes
        assert len([name for name in kept if name.startswith("answer:")]) == len(asked)
