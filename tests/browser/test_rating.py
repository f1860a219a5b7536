"""Saying what one likes, and the list that follows at once."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]


@pytest.fixture
def rate_page(visitor):
    def open_for(user, **options):
        page = visitor.opens(f"/rate?user={user}", **options)
        expect(page.locator(".live-row")).to_have_count(10)
        return page

    return open_for


def listed(page):
    return page.locator(".live-row").evaluate_all("rows => rows.map(row => row.dataset.item)")


def test_stars_change_the_list_and_taking_them_back_restores_it(rate_page):
    page = rate_page("star-giver")
    before = listed(page)
    thing = page.locator(".thing").first
    title = thing.locator("bdi").inner_text()
    thing.get_by_role("radio", name="5 of 5 stars").click()
    history = page.locator(".history-rows > li")
    expect(history).to_have_count(1)
    expect(history.first).to_contain_text(f"{title}★ 5")
    expect(page.locator(".live [role=status]")).to_contain_text("new")
    assert listed(page) != before
    page.get_by_role("button", name=f"Take back what was said of {title}").click()
    expect(history).to_have_count(0)
    assert listed(page) == before


def test_a_thing_is_searched_for_and_rated(rate_page):
    page = rate_page("star-searcher")
    page.get_by_label("Find something to rate").fill("Vertigo")
    page.locator(".found-one").first.click()
    thing = page.locator(".thing").first
    expect(thing.locator("bdi")).to_have_text("Vertigo")
    thing.get_by_role("radio", name="4 of 5 stars").click()
    expect(page.locator(".history-rows > li").first).to_contain_text("Vertigo★ 4")


def test_five_questions_at_most_each_changes_the_list(rate_page):
    page = rate_page("asked-newcomer")
    page.get_by_role("button", name="Ask me").click()
    number = page.locator(".questions-area")
    lists = [listed(page)]
    for n in range(1, 6):
        expect(number).to_contain_text(f"Question {n} of at most 5")
        page.get_by_role("button", name="Yes" if n % 2 else "No", exact=True).click()
        expect(number).not_to_contain_text(f"Question {n} of at most 5")
        lists.append(listed(page))
    expect(number).to_contain_text("The answers are kept")
    assert lists[-1] != lists[0]


def test_without_a_user_rating_says_what_to_do(visitor):
    page = visitor.opens("/rate")
    page.locator(".thing").first.get_by_role("radio", name="5 of 5 stars").click()
    expect(page.get_by_text("Nobody is chosen who could rate.")).to_be_visible()
    expect(page.get_by_text("Find a user above, or create one.")).to_be_visible()
