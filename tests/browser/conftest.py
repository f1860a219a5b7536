"""A real browser that looks at the console, and fails a test on whatever goes wrong in it."""

import json
import shutil
import sys
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from api.demo_server import running_server

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever is not on this machine does not even get an address.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def chromium():
    """A headless Chromium of this machine."""
    program = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if program is None:
        pytest.fail("There is no Chromium; as root: apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser():
    # One for each file of tests: while it is open, its event loop keeps others from running.
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def served_home(trained_home, tmp_path_factory):
    """A copy of the demo that tests may write to."""
    home = tmp_path_factory.mktemp("browser") / "demo"
    leave_out = shutil.ignore_patterns("downloads", "training")
    return shutil.copytree(trained_home, home, ignore=leave_out)


@pytest.fixture(scope="session")
def server(served_home, no_settings):
    """The demo."""
    with running_server(served_home, no_settings) as client:
        yield client


@pytest.fixture(scope="session")
def small_server(no_settings, tmp_path_factory):
    """A shop of next to nothing, where loads and refreshes take no time."""
    with running_server(tmp_path_factory.mktemp("small"), no_settings) as client:
        for number in range(12):
            kind = "Lamp" if number % 2 else "Chair"
            attributes = {"category": kind, "brand": f"Brand {number % 3}", "price": 10 + number}
            body = {"id": f"s{number}", "title": f"{kind} {number}", "attributes": attributes}
            client.call("POST", "/v1/items", body=body)
        yield client


@dataclass
class Watch:
    """What went wrong in a browser context, and what came over the wire."""

    origin: str
    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("dialog", self._asked)
        page.on("request", self._requested)
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        page.on("websocket", lambda socket: self._check(socket.url))

    def unexpected(self) -> list[str]:
        return [p for p in self.problems if not any(known in p for known in self.expected)]

    def _said(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"{message.type}: {message.text}")

    def _asked(self, dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _requested(self, request) -> None:
        self._check(request.url)

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != self.origin:
            self.problems.append(f"another host: {url}")

    def _failed(self, request) -> None:
        # What was under way when a page was left is given up; that is no failure.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")


@dataclass
class Visitor:
    """Somebody who looks at the console."""

    browser: Browser
    origin: str
    watch: Watch

    def opens(self, path: str = "/", **options) -> Page:
        """Open a page in a fresh profile."""
        context = self.browser.new_context(
            base_url=f"http://{self.origin}",
            **{"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"} | options,
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        self.watch.follow(page)
        page.goto(path)
        return page


def visiting(browser, server):
    """Open pages, and fail the test on any error, dialog or request to another host."""
    origin = f"127.0.0.1:{server.port}"
    visitor = Visitor(browser, origin, Watch(origin))
    yield visitor
    for context in browser.contexts:
        context.close()
    assert visitor.watch.unexpected() == []


@pytest.fixture
def visitor(browser, server):
    yield from visiting(browser, server)


@pytest.fixture
def shop_visitor(browser, small_server):
    yield from visiting(browser, small_server)


@pytest.fixture
def console(visitor):
    """Opens the main page for a user and waits for the list."""

    def open_for(user: str | None = "312", query: str = "", **options) -> Page:
        asked = {"user": user, "q": query}
        address = urlencode({name: value for name, value in asked.items() if value})
        page = visitor.opens(f"/?{address}", **options)
        expect(page.locator(".result")).to_have_count(10)
        return page

    return open_for


@dataclass
class Wire:
    """Bytes that came over the wire, headers and compression as they were."""

    n_bytes: float = 0

    def follow(self, page: Page) -> None:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: self._add(event["encodedDataLength"]))
        session.on(
            "Network.webSocketFrameReceived",
            lambda event: self._add(len(event["response"]["payloadData"].encode())),
        )

    def _add(self, n_bytes: float) -> None:
        self.n_bytes += n_bytes


@pytest.fixture
def wire() -> Wire:
    return Wire()


_REDRAWN = """
async ([click, seen]) => {
    const found = (selector) => document.querySelector(selector);
    const started = performance.now();
    found(click).click();
    while (!found(seen)) {
        if (performance.now() - started > 20000) throw new Error(`${seen} did not appear`);
        await new Promise(requestAnimationFrame);
    }
    return performance.now() - started;
}
"""


@pytest.fixture
def redrawn() -> Callable[[Page, str, str], float]:
    """Click one thing, and tell after how many ms another is there; both are CSS selectors."""
    return lambda page, click, seen: page.evaluate(_REDRAWN, [click, seen])


@pytest.fixture
def note(record_property):
    """Write a figure down, on the terminal as well: a busy machine says little, a trend much."""

    def write(name: str, figure: float, unit: str) -> None:
        record_property(name, f"{figure:.1f} {unit}")
        sys.__stderr__.write(f"\nconsole: {json.dumps(name)} {figure:.1f} {unit}\n")

    return write
