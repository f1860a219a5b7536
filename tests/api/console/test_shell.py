import pytest

ENGLISH, CHINESE = {"accept-language": "en-GB,zh"}, {"accept-language": "zh-CN,en;q=0.5"}


@pytest.mark.parametrize(
    ("headers", "name", "lang"),
    [
        (ENGLISH, "Recommend", "en-US"),
        (CHINESE, "推荐", "zh-CN"),
        ({**CHINESE, "cookie": "whyrec-language=en"}, "Recommend", "en-US"),
    ],
)
async def test_the_language_is_the_chosen_one_else_the_browsers(open_console, headers, name, lang):
    async with open_console(headers) as user:
        await user.open("/")
        await user.should_see(name)
        page = await user.http_client.get("/")
        assert f'<html lang="{lang}">' in page.text


async def test_the_page_is_dark_when_that_was_chosen_before(open_console):
    async with open_console({"cookie": "whyrec-dark=1"}) as user:
        assert "const dark = True" in (await user.http_client.get("/")).text.replace(";", "")


async def test_navigation_tells_where_one_is(open_console):
    async with open_console() as user:
        await user.open("/")
        links = [
            e for e in user.client.elements.values() if e.tag == "a" and "aria-current" in e.props
        ]
        assert [link.props["href"] for link in links] == ["/"]
