"""Asking on the main page: who, what for, in two languages, with filters; and fast enough."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

MAX_BYTES, MAX_MS = 1_500_000, 300
BUSY = 5  # other work on the machine may slow a redraw down; benchmarks hold the exact figure


def ask(page, text):
    page.get_by_label(re.compile("What are you looking for|想找什么")).fill(text)
    page.keyboard.press("Enter")


def titles(page):
    return page.locator(".result-title bdi").all_inner_texts()


def chips(page):
    return page.locator(".ask-what .chip-name")


def test_a_user_is_found_and_picked(console):
    page = console(None)
    popular = titles(page)
    page.get_by_label("Find a user by id").fill("312")
    page.locator(".found-one").first.click()
    expect(page.get_by_text("User 312", exact=True)).to_be_visible()
    expect(page.locator(".result-title bdi").first).not_to_have_text(popular[0])
    expect(page).to_have_url(re.compile("user=312"))


def test_a_user_is_created(console):
    page = console(None)
    page.get_by_text("New user").click()
    page.get_by_label("Id", exact=True).fill("browser-visitor")
    page.get_by_label("Attributes (optional)").fill("age: 24, occupation: student")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_text("User browser-visitor")).to_be_visible()


def test_a_request_is_understood_and_a_part_of_it_taken_away(console):
    page = console()
    ask(page, "a thriller by Alfred Hitchcock")
    expect(chips(page)).to_have_text(["Thriller", "Alfred Hitchcock"])
    expect(page.locator(".result-reason").first).to_contain_text("Alfred Hitchcock")
    both = titles(page)
    page.get_by_role("button", name="Ask again without “with Alfred Hitchcock”").click()
    expect(chips(page)).to_have_text(["Thriller"])
    expect(page.locator(".result-title bdi")).not_to_have_text(both)


def test_a_request_in_chinese_is_answered_in_chinese(console):
    page = console(None, locale="zh-CN")
    ask(page, "八十年代的喜剧片")
    expect(chips(page).first).to_be_visible()
    assert {"1980年代", "喜剧片"} <= set(chips(page).all_inner_texts())
    expect(page.locator(".result-reason").first).to_contain_text(re.compile("[一-鿿]"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_filters_and_variety_change_the_list(console):
    page = console()
    before = titles(page)
    page.get_by_text("Filters and variety").click()
    year = page.get_by_role("group", name="Year")
    year.get_by_label("from").fill("1995")
    expect(page.locator(".result-title bdi")).not_to_have_text(before)
    years = [int(line[:4]) for line in page.locator(".result-text p.one-line").all_inner_texts()]
    assert min(years) >= 1995
    filtered = titles(page)
    page.locator(".slider", has_text="Strength of variety").locator(".q-slider").click()
    expect(page.locator(".results")).to_contain_text("variety")
    assert titles(page) != filtered
    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".result-title bdi")).to_have_text(before)


def test_nothing_left_says_so_and_offers_a_way_back(console):
    page = console()
    page.get_by_text("Filters and variety").click()
    page.get_by_role("group", name="Year").get_by_label("from").fill("2999")
    expect(page.get_by_role("heading", name="Nothing is left")).to_be_visible()
    page.locator(".notice").get_by_role("button", name="Reset").click()
    expect(page.locator(".result")).to_have_count(10)


def test_the_first_load_is_small(visitor, wire, note):
    page = visitor.opens("about:blank")
    wire.follow(page)
    page.goto("/?user=312")
    expect(page.locator(".why-graph canvas")).to_be_visible()
    page.wait_for_load_state("networkidle")
    note("first load", wire.n_bytes / 1000, "kB")
    assert 0 < wire.n_bytes <= MAX_BYTES


def test_a_click_is_answered_at_once(console, redrawn, note):
    page = console()
    times = [
        redrawn(page, f".result:nth-child({n}) .result-open", f".result:nth-child({n}).is-open")
        for n in (3, 5, 2, 7, 4)
    ]
    median = sorted(times)[len(times) // 2]
    note("redraw after a click", median, "ms")
    assert median <= BUSY * MAX_MS


def test_an_address_can_be_sent_on_and_gone_back_to(console):
    page = console()
    page.locator(".result-open").nth(2).click()
    third = page.locator(".result-title bdi").nth(2).inner_text()
    expect(page).to_have_url(re.compile(r"\?user=312&item="))
    sent_on = page.url
    ask(page, "a western with Clint Eastwood")
    expect(chips(page).last).to_have_text("Clint Eastwood")
    expect(page).to_have_url(re.compile("Eastwood"))
    page.go_back()
    expect(page.locator("#why-title")).to_have_text(f"Why “{third}”?")
    expect(page.get_by_label("What are you looking for?")).to_have_value("")
    page.goto(sent_on)
    expect(page.locator("#why-title")).to_have_text(f"Why “{third}”?")
    page.get_by_role("link", name="Rate").click()
    expect(page.get_by_text("User 312", exact=True)).to_be_visible()
