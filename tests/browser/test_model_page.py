"""The page about the model: its charts, its figures, the graph, and which model serves."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]


@pytest.fixture
def page(visitor):
    page = visitor.opens("/model")
    expect(page.get_by_role("heading", name="How it learned")).to_be_visible()
    return page


def test_the_model_that_serves_is_described(page, server):
    active = server.call("GET", "/v1/models")["active"]
    expect(page.get_by_role("row", name=active)).to_contain_text("serves now")
    expect(page.locator(".facts").first).to_contain_text(active)


def test_charts_are_drawn_and_told(page):
    expect(page.locator(".chart canvas")).to_have_count(3)
    expect(page.get_by_role("img", name="Line chart")).to_be_visible()


def test_weights_depend_on_what_is_known(page):
    weights = page.get_by_role("table", name="weight, events of the user")
    known = weights.inner_text()
    page.get_by_role("button", name="New items").click()
    expect(weights).not_to_have_text(known, use_inner_text=True)


def test_the_graph_is_counted(page, server):
    nodes = page.get_by_role("table", name="Nodes by label")
    expect(nodes.get_by_role("row", name="User")).to_contain_text(re.compile(r"9\d\d"))
    edges = page.get_by_role("table", name="Edges by type")
    expect(edges.get_by_role("row", name="INTERACTED")).to_contain_text("100,")
    expect(edges.get_by_role("row", name="DIRECTED_BY")).to_be_visible()


def test_charts_follow_the_dark_switch(page):
    page.get_by_role("button", name="Switch between light and dark").click()
    page.wait_for_function(_IS_DARK)


_IS_DARK = """() => [...document.querySelectorAll('.chart')].every((drawn) =>
    getElement(Number(drawn.id.slice(1))).chart.getOption().color[0] === '#93b4ff')"""
