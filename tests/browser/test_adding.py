"""A new film in a list a moment later, and a catalog file with its progress and its bad rows."""

import re

import pytest
from playwright.sync_api import expect

from api.demo_film import strongest_tastes, unseen_film
from graph.snapshot import Snapshot

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

NAMES = {
    "Directors": ["Alfred Hitchcock"],
    "Genres": ["Thriller", "Mystery"],
    "Cast": ["Cary Grant", "A Face Nobody Knows"],
}
CATALOG = """item_id\ttitle\tcategory\tbrand\tprice
u1\tThe First Upload\tSofa|Bed\tBrand 7\t99
u2\tThe Second Upload\tSofa\tBrand 7\t95
\tNo Id Here\tSofa\tBrand 7\t90
"""


@pytest.fixture
def page(visitor):
    return visitor.opens("/add")


def add(page, title, names):
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Year").fill("1984")
    for field, values in names.items():
        for value in values:
            page.get_by_label(field, exact=True).fill(value)
            expect(page.locator(".found-one").first).to_be_visible()
            page.keyboard.press("Enter")
            expect(page.get_by_role("button", name=f"Remove {value}").first).to_be_visible()
    page.get_by_role("button", name="Add it").click()


def test_a_new_film_is_linked_compared_and_appears_in_a_list(page):
    add(page, "The Browser Film", NAMES)
    outcome = page.locator(".outcome")
    expect(outcome).to_contain_text(re.compile(r"visible after \d+ ms"))
    expect(outcome.locator(".chip-name", has_text="Alfred Hitchcock")).to_be_visible()
    expect(outcome.locator("ol.rows li")).not_to_have_count(0)
    ask = outcome.get_by_role("link", name="Ask for that")
    expect(ask).to_be_visible()
    ask.click()
    expect(page.locator(".result-title bdi", has_text="The Browser Film")).to_be_visible()


def test_a_new_film_appears_in_the_list_of_whom_it_suits(page, server, served_home):
    snapshot = Snapshot.latest(served_home / "snapshots")
    film = unseen_film(snapshot, strongest_tastes(snapshot, n_most=2)[-1])
    server.call("POST", "/v1/items", body=film)
    page.get_by_label("Change one that is there").fill(film["title"])
    page.locator(".found-one").first.click()
    expect(page.get_by_label("Title", exact=True)).to_have_value(film["title"])
    page.get_by_role("button", name="Save the changes").click()
    page.locator(".outcome").get_by_role("link", name="Open that list").click()
    expect(page.locator(".result-title bdi", has_text=film["title"])).to_be_visible()


def test_a_film_is_changed_and_deleted(page):
    add(page, "The Passing Film", {"Genres": ["Drama"]})
    expect(page.get_by_role("heading", name="Change an item")).to_be_visible()
    page.get_by_label("Title", exact=True).fill("The Passed Film")
    page.get_by_role("button", name="Save the changes").click()
    expect(page.locator(".outcome-title")).to_have_text("The Passed Film")
    page.get_by_role("button", name="Delete").click()
    page.locator(".dialog-card").get_by_role("button", name="Delete").click()
    expect(
        page.get_by_text("“The Passed Film” is deleted and in no list any more.")
    ).to_be_visible()
    expect(page.get_by_role("heading", name="A new item")).to_be_visible()


def test_a_film_without_title_is_refused_with_the_reason(page):
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("An item needs a title.")).to_be_visible()


@pytest.fixture
def shop(shop_visitor):
    return shop_visitor.opens("/add")


def test_the_form_asks_what_the_catalog_knows(shop):
    for field in ("Category", "Brand", "Price"):
        expect(shop.get_by_label(field)).to_be_visible()
    expect(shop.get_by_label("Directors")).to_have_count(0)


def test_a_catalog_file_is_loaded_with_its_bad_rows_told(shop, small_server):
    upload(shop, "items.tsv", CATALOG)
    expect(shop.get_by_role("progressbar", name="How far it is")).to_be_visible()
    result = shop.locator(".load-result")
    expect(result).to_contain_text("3 rows read", timeout=120_000)
    expect(shop.get_by_role("row", name="items.tsv").locator(".number")).to_have_text("4")
    assert small_server.call("GET", "/v1/items/u2")["title"] == "The Second Upload"


def test_a_file_that_is_no_catalog_is_refused_with_the_fix(shop):
    upload(shop, "holiday.xyz", "nothing")
    told = shop.locator(".q-notification")
    expect(told).to_contain_text("Name the format", timeout=120_000)


def upload(page, name, text):
    with page.expect_file_chooser() as chooser:
        page.locator(".upload .pick").click()
    chooser.value.set_files({"name": name, "mimeType": "text/plain", "buffer": text.encode()})
    expect(page.locator(".q-uploader__title")).to_have_text(name)
    page.get_by_role("button", name="Load", exact=True).click()
