"""For everybody: two languages, dark, a phone, a keyboard, a screen reader; and hostile names."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

PLACES = ("/?user=312", "/rate?user=312", "/add", "/model")
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
HOSTILE = [
    "<script>alert('title')</script>",
    "<img src=x onerror=alert('image')>",
    "\"><svg onload=alert('svg')>",
    "{{ constructor.constructor('alert(1)')() }}",
    "עברית \u202e reversed \u202c and 👩‍👩‍👧‍👦 🎬",
    "long " * 100,
]


def opened(visitor, place, **options):
    page = visitor.opens(place, **options)
    expect(page.locator("main h1")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    return page


def test_the_language_is_switched_and_kept(visitor):
    page = opened(visitor, "/?user=312")
    page.get_by_role("button", name="中文").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.get_by_role("link", name="模型")).to_be_visible()
    page.goto("/model")
    expect(page.get_by_role("heading", name="学习过程")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="How it learned")).to_be_visible()


@pytest.mark.parametrize("place", PLACES)
def test_every_text_is_there_in_chinese(visitor, place):
    page = opened(visitor, place, locale="zh-CN")
    for heading in page.locator("main h2, main h3").all_inner_texts():
        assert re.search("[一-鿿]", heading), heading


def test_dark_is_switched_and_kept(visitor):
    page = opened(visitor, "/?user=312")
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(page.locator("body")).to_have_class(re.compile("body--dark"))
    assert page.evaluate(colour) != light
    page.reload()
    expect(page.locator("body")).to_have_class(re.compile("body--dark"))


@pytest.mark.parametrize("place", PLACES)
def test_a_phone_shows_it_without_scrolling_sideways(visitor, place):
    page = opened(visitor, place, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_main_task_is_done_with_the_keyboard_alone(console):
    page = console(None)
    for key in ("Tab", "Enter"):  # past header and navigation
        page.keyboard.press(key)
    focus(page, "Find a user by id")
    page.keyboard.type("312")
    expect(page.locator(".found-one").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("User 312", exact=True)).to_be_visible()
    focus(page, "What are you looking for?")
    page.keyboard.type("a western with Clint Eastwood")
    page.keyboard.press("Enter")
    expect(page.locator(".ask-what .chip-name", has_text="Clint Eastwood")).to_be_visible()
    focus(page, re.compile("^Why .*, number 2\\?"))
    page.keyboard.press("Enter")
    expect(page.locator(".result").nth(1)).to_have_class(re.compile("is-open"))
    focus(page, re.compile("^Take “"))
    page.keyboard.press("Enter")
    expect(page.locator(".whatif-figure").first).to_be_visible()


def focus(page, name, most=150):
    """Press Tab until something of that name has the focus, as somebody without a mouse does."""
    wanted = re.compile(re.escape(name)) if isinstance(name, str) else name
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.search(page.evaluate(_NAME)):
            return
    pytest.fail(f"Tab does not lead to {name}")


_NAME = """() => {
    const now = document.activeElement;
    return now.getAttribute('aria-label') ?? now.labels?.[0]?.innerText ?? now.innerText ?? '';
}"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("place", PLACES)
def test_nothing_stands_in_the_way_of_a_screen_reader(visitor, place, dark):
    page = opened(visitor, place, color_scheme="dark" if dark else "light")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    told = [
        f"{one['id']}: {one['help']} {node['target']} {node['any'][:1]}"
        for one in found
        for node in one["nodes"]
    ]
    assert told == []


def test_hostile_names_are_shown_as_text(shop_visitor, small_server):
    for number, name in enumerate(HOSTILE):
        body = {"id": f"h{number}", "title": name.strip(), "text": name}
        body["attributes"] = {"category": "Lamp", "brand": name.strip()[:60]}
        small_server.call("POST", "/v1/items", body=body)
        event = {"user_id": "<b>eve</b>", "item_id": f"h{number}", "type": "like"}
        if number < 3:
            small_server.call("POST", "/v1/events", body=event)
    page = shop_visitor.opens("/?user=<b>eve</b>&q=Lamp")
    for name in HOSTILE[3:]:
        title = page.locator(".result-title bdi", has_text=name.strip()).first
        expect(title).to_be_visible()
        page.get_by_role("button", name=f"Why {name.strip()}, number", exact=False).first.click()
        expect(page.locator("#why-title")).to_contain_text(name.strip())
    page.goto("/rate?user=<b>eve</b>")
    expect(page.locator(".history-title", has_text=HOSTILE[0])).to_be_visible()
    page.goto("/add")
    page.get_by_label("Change one that is there").fill("<script>alert")
    page.locator(".found-one").first.click()
    page.get_by_role("button", name="Save the changes").click()
    expect(page.locator(".outcome-title")).to_have_text(HOSTILE[0])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
