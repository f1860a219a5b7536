import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from ranking.evaluation.plots import (
    COLOURS,
    Frame,
    Series,
    by_group,
    colour,
    mark,
    over_places,
    scatter,
    side_by_side,
)

SVG = "{http://www.w3.org/2000/svg}"
DARK_PAGE = "#14171a"


def series(n: int, n_systems: int = 2) -> list[Series]:
    values = [np.linspace(0.1, 0.2, n) * (1 + number) for number in range(n_systems)]
    return [Series(at, one, one - 0.02, one + 0.02) for at, one in enumerate(values)]


def frame(name: str = "one", title: str = "What is shown") -> Frame:
    return Frame(name, title, "number of events", "ndcg")


def drawn(name: str = "one", title: str = "What is shown") -> dict[str, str]:
    return {
        "group": by_group(frame(name, title), ["cold", "1 to 3", "4"], series(3)),
        "places": over_places(frame(name, title), series(20)),
        "side": side_by_side(frame(name, title), [("recall", series(1)), ("ndcg", series(1))]),
        "scatter": scatter(frame(name, title), [(0, 0.2, 3.0), (9, 0.3, 4.0)]),
    }


def texts(svg: str) -> set[str]:
    return {node.text for node in ET.fromstring(svg).iter(f"{SVG}text") if node.text}


@pytest.mark.parametrize("kind", ["group", "places", "side", "scatter"])
def test_a_plot_is_one_element_that_says_what_it_shows_and_needs_nothing(kind) -> None:
    svg = drawn(title='5 < 6 & "so"')[kind]
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    title = root.find(f"{SVG}title")
    assert title.text == '5 < 6 & "so"'
    assert root.get("aria-labelledby") == title.get("id")
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert "<style" not in svg


@pytest.mark.parametrize("kind", ["group", "places", "side", "scatter"])
def test_ids_of_two_plots_of_a_page_differ_and_every_reference_is_kept(kind) -> None:
    first, second = (drawn(name)[kind] for name in ("one", "two"))
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (first, second)]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert set(re.findall(r'href="#([^"]+)"', first)) <= ids[0]
    assert set(re.findall(r"url\(#([^)]+)\)", first)) <= ids[0]


def test_text_is_text_and_lines_of_the_frame_have_the_colour_of_the_page() -> None:
    svg = drawn()["group"]
    assert {"cold", "1", "to 3", "4", "number of events", "ndcg"} <= texts(svg)
    assert "currentColor" in svg
    drawn_colours = set(re.findall(r"#[0-9a-f]{6}", svg))
    assert drawn_colours == {colour(0), colour(1)}


def test_a_point_that_is_missing_is_left_out() -> None:
    gap = Series(0, *np.array([[0.1, np.nan, 0.3]] * 3))
    svg = by_group(frame(), ["a", "b", "c"], [gap])
    assert "nan" not in svg.lower()


def test_labels_in_any_script_and_with_dollars_are_shown_as_they_are() -> None:
    svg = by_group(frame(), ["冷门", "$x_1$"], series(2))
    assert {"冷门", "$x_1$"} <= texts(svg)


def test_the_same_data_give_the_same_bytes() -> None:
    assert drawn() == drawn()


def luminance(shade: str) -> float:
    parts = [int(shade[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("shade", COLOURS)
@pytest.mark.parametrize("page", ["#ffffff", DARK_PAGE])
def test_colours_stand_out_on_a_light_and_on_a_dark_page(shade, page) -> None:
    low, high = sorted([luminance(shade), luminance(page)])
    assert (high + 0.05) / (low + 0.05) >= 3


def test_forty_systems_look_different() -> None:
    assert len({(colour(style), mark(style)) for style in range(40)}) == 40
