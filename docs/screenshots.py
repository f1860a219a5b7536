"""Takes the pictures of the console that README and docs show.

    .venv/bin/python docs/screenshots.py [HOME_OF_A_DEMO]

Needs Chromium, as the tests do. A copy of the demo is served, so nothing in it changes.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from api.demo_server import running_server

PICTURES = Path(__file__).parent / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESKTOP = {"viewport": {"width": 1280, "height": 1110}, "locale": "en-GB"}
DARK = {"viewport": {"width": 1280, "height": 940}, "locale": "zh-CN", "color_scheme": "dark"}
PHONE = {
    "viewport": {"width": 390, "height": 1000},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "en-GB",
}
AT_REST = """() => [...document.querySelectorAll('.nicegui-echart')].every((drawn) =>
    getElement(Number(drawn.id.slice(1)))?.chart?.getZr().animation.isFinished())"""
EXPLAINED = "/?user=312"
IN_CHINESE = "/?user=312&q=八十年代的喜剧片"


def opened(browser: Browser, address: str, **look: object) -> Page:
    """Open a page and wait until it is drawn."""
    context = browser.new_context(**look)
    if look.get("color_scheme") == "dark":
        site = "/".join(address.split("/")[:3])
        context.add_cookies([{"name": "whyrec-dark", "value": "1", "url": site}])
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page


def take(page: Page, name: str) -> None:
    """Keep what a page shows, when its fonts and charts are there."""
    page.evaluate("document.fonts.ready")
    page.wait_for_function(AT_REST)
    page.wait_for_timeout(500)
    page.screenshot(path=PICTURES / f"console-{name}.png")
    page.context.close()


def take_all(browser: Browser, site: str) -> None:
    """Take every picture."""
    page = opened(browser, f"{site}{EXPLAINED}", **DESKTOP)
    expect(page.locator(".why-graph canvas")).to_be_visible()
    take(page, "recommend")

    page = opened(browser, f"{site}{IN_CHINESE}", **DARK)
    page.locator(".result-open").nth(1).click()
    expect(page.locator(".result").nth(1)).to_contain_class("is-open")
    take(page, "dark")

    page = opened(browser, f"{site}{EXPLAINED}", **PHONE)
    page.locator(".result-open").first.click()
    expect(page.locator(".why-graph canvas")).to_be_visible()
    take(page, "phone")

    page = opened(browser, f"{site}/rate?user=926", **DESKTOP)
    page.locator(".thing").first.get_by_role("radio", name="5 of 5 stars").click()
    expect(page.locator(".live [role=status]")).to_contain_text("new")
    page.mouse.move(0, 0)
    take(page, "rate")

    page = opened(browser, f"{site}/model", **DESKTOP)
    expect(page.locator(".chart canvas")).to_have_count(3)
    take(page, "model")


def main(demo: Path) -> None:
    """Serve a copy of a demo and take the pictures."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "demo")
        leave_out = shutil.ignore_patterns("downloads", "training")
        shutil.copytree(demo, home, ignore=leave_out)
        with running_server(home) as client, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            take_all(browser, f"http://127.0.0.1:{client.port}")
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "~/.local/share/whyrec/demo").expanduser())
