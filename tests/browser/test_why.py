"""Why an item is on the list: the picture, the table, what would be without, and why not."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]


@pytest.fixture
def page(console):
    """The list of a user, with the second item opened."""
    page = console()
    page.locator(".result-open").nth(1).click()
    title = page.locator(".result-title bdi").nth(1).inner_text()
    expect(page.locator("#why-title")).to_have_text(f"Why “{title}”?")
    return page


def figures(page):
    """Score and place, before and after."""
    return [
        re.findall(r"-?\d+(?:\.\d+)?", words)
        for words in page.locator(".whatif-figure .figure").all_inner_texts()
    ]


def test_the_picture_and_the_table_tell_the_same(page):
    expect(page.locator(".why-graph canvas")).to_be_visible()
    rows = page.locator(".paths tbody tr")
    assert 1 <= rows.count() <= 5
    title = page.locator(".result-title bdi").nth(1).inner_text()
    for row in rows.all():
        expect(row.locator(".walk-node").first).to_have_text("you")
        expect(row.locator(".walk-Target")).to_have_text(title)
    shares = [
        float(s.rstrip("% "))
        for s in rows.locator(".paths-share > span:first-child").all_inner_texts()
    ]
    assert all(0 < share <= 100 for share in shares)


def test_parts_add_up_to_the_score(page):
    score = float(page.locator(".why-score").inner_text().split()[-1])
    parts = [float(v) for v in page.locator(".why-parts .figure").all_inner_texts()]
    assert sum(parts) == pytest.approx(score, abs=0.02)


def test_a_step_taken_away_lowers_the_score_and_can_be_put_back(page):
    cut = page.locator("#cut-0")
    cut.click()
    expect(page.locator(".whatif-figure").first).to_be_visible()
    before, after, change = map(float, figures(page)[0])
    assert after < before
    assert change == pytest.approx(after - before, abs=0.011)
    expect(page.locator(".paths tr.is-gone").first).to_be_visible()
    page.locator(".whatif").get_by_role("button", name="Undo").click()
    expect(page.locator(".whatif-figure")).to_have_count(0)


_MIDDLE = """() => {
    const drawn = document.querySelector('.why-graph .nicegui-echart');
    const chart = drawn && getElement(Number(drawn.id.slice(1)))?.chart;
    if (!chart) return null;
    const {data, edges} = chart.getOption().series[0];
    const ends = [edges[0].source, edges[0].target].map((id) =>
        chart.convertToPixel({seriesIndex: 0}, data.find((node) => node.id === id).value));
    const {x, y} = drawn.getBoundingClientRect();
    return {x: x + 0.7 * ends[0][0] + 0.3 * ends[1][0], y: y + 0.7 * ends[0][1] + 0.3 * ends[1][1]};
}"""


def _at_rest(page):
    """Return the middle of an edge once the page has stopped moving and the chart has drawn."""
    seen = []
    while len(seen) < 4 or any(place is None or place != seen[-1] for place in seen[-4:]):
        page.wait_for_timeout(150)
        seen.append(page.evaluate(_MIDDLE))
        assert len(seen) < 200
    return seen[-1]


def test_an_edge_is_clicked_away_in_the_picture(page):
    page.locator(".why-graph canvas").scroll_into_view_if_needed()
    middle = _at_rest(page)
    page.mouse.click(middle["x"], middle["y"])
    expect(page.locator(".whatif-figure").first).to_be_visible()
    before, after, _ = map(float, figures(page)[0])
    assert after < before


def test_the_words_turn_to_chinese_and_back(page):
    words = page.locator(".why-text p").first
    english = words.inner_text()
    page.locator(".why-turns").get_by_role("button", name="中文").click()
    expect(words).to_have_attribute("lang", "zh")
    assert re.search("[一-鿿]", words.inner_text())
    page.locator(".why-turns").get_by_role("button", name="English").click()
    expect(words).to_have_text(english)


def test_why_not_says_what_keeps_an_item_off(page):
    page.get_by_label("Title of an item").fill("Toy Story")
    page.locator(".why-not .found-one").first.click()
    answer = page.locator(".why-not-answer")
    expect(answer).to_contain_text("Toy Story")
    expect(answer).to_contain_text("score")
    answer.get_by_role("button", name="What its score is made of").click()
    expect(page.locator("#why-title")).to_have_text("Why “Toy Story”?")


def test_a_like_changes_the_list_at_once(console):
    page = console("778")
    liked = page.locator(".result-title bdi").first.inner_text()
    page.get_by_role("button", name=f"Like {liked}", exact=True).click()
    expect(page.locator(".said")).to_contain_text(liked)
    expect(page.locator(".result-title bdi").first).not_to_have_text(liked)
    assert liked not in page.locator(".result-title bdi").all_inner_texts()


def test_less_of_something_is_feedback_that_can_be_undone(console):
    page = console("feedback-giver", "a thriller by Alfred Hitchcock")
    score = page.locator(".result-score .result-number").first
    before = score.inner_text()
    page.get_by_role("button", name="Less of Alfred Hitchcock").click()
    expect(page.locator(".said")).to_contain_text("Alfred Hitchcock")
    expect(score).not_to_have_text(before)
    page.locator(".said").get_by_role("button", name="Undo").click()
    expect(score).to_have_text(before)
