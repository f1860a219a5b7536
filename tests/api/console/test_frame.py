import pytest
from starlette.requests import Request

from api.console.frame import darkness_of, language_of
from graph.errors import InvalidError


def request(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": raw, "query_string": b""})


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "en"),
        ({"accept_language": "de, zh-TW;q=0.8, en;q=0.5"}, "zh"),
        ({"accept_language": "fr-FR"}, "en"),
        ({"accept_language": "en", "cookie": "whyrec-language=zh"}, "zh"),
        ({"cookie": "whyrec-language=<script>"}, "en"),
    ],
)
def test_language(headers, language):
    assert language_of(request(**headers)) == language


@pytest.mark.parametrize(("cookie", "dark"), [("1", True), ("0", False), ("x", None)])
def test_darkness(cookie, dark):
    assert darkness_of(request(cookie=f"whyrec-dark={cookie}")) is dark


async def test_errors_are_told_with_their_fix_and_never_as_code(open_console, caplog):
    async with open_console() as tab:
        await tab.open("/")
        tab.client.handle_exception(InvalidError("No.", fix="Do this."))
        tab.client.handle_exception(ZeroDivisionError("secret"))
        assert tab.notify.messages == [
            "No.",
            "Something went wrong here. The log of the server says what.",
        ]
