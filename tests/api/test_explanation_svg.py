import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.explanation_svg import WIDTH, as_svg
from graph.presets import preset

SVG = "{http://www.w3.org/2000/svg}"
FILMS = preset("films")


def parsed(explanation, language="en"):
    return ET.fromstring(as_svg(explanation, preset=FILMS, language=language))


def words(root):
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def test_it_says_who_what_and_how_much(explained):
    found = words(parsed(explained()))
    assert found[0] == "Why Thief?"
    assert found.count("Michael Mann") == 1
    assert {"you", 'Heat "1995" <uncut>', "Thief", "liked", "directed by"} <= set(found)
    assert "directed by67%" in found
    assert "also liked33%" in found
    assert {"score 0.750 =", "2 shown paths+0.600", "1 other path-0.100"} <= set(found)
    assert "popularity+0.250" in found


def test_it_speaks_chinese(explained):
    found = words(parsed(explained(), "zh"))
    assert found[0] == "为什么是《Thief》？"
    assert {"你", "喜欢", "执导", "执导67%", "也喜欢33%", "得分 0.750 =", "热门程度+0.250"} <= set(
        found
    )


def test_screen_readers_find_title_and_description(explained):
    root = parsed(explained())
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Why Thief?"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root.find(f"{SVG}desc").text == explained().text


def test_a_stronger_edge_is_wider(explained):
    widths = {
        path.find(f"{SVG}title").text: float(path.get("stroke-width"))
        for path in parsed(explained()).iter(f"{SVG}path")
    }
    assert widths["liked +0.6000"] > widths["directed by +0.4000"] > widths["also liked +0.2000"]


def test_without_paths_the_item_and_its_parts_are_shown(bare_explanation):
    found = words(parsed(bare_explanation))
    assert found.count("Thief") == 1
    assert "popularity+0.250" in found
    assert "you" not in found


def test_several_edges_between_two_nodes_share_a_caption(explained):
    explanation = explained()
    both = replace(explanation, n_shown=3)
    assert "also liked, close in taste33%" in words(parsed(both))


def inside(root):
    """Every shape and the start of every text lies in the picture."""
    height = float(root.get("height"))
    for circle in root.iter(f"{SVG}circle"):
        assert 0 <= float(circle.get("cx")) <= WIDTH
        assert 0 <= float(circle.get("cy")) <= height
    for text in root.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x")) <= WIDTH
        assert 0 <= float(text.get("y")) <= height
    return True


def test_a_hostile_name_is_shown_as_text(explained, hostile_names):
    for name in hostile_names:
        root = parsed(explained(film=name, person=name, title=name))
        allowed = {"svg", "title", "desc", "rect", "circle", "g", "path", "text", "tspan"}
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= allowed
        assert not any(key[:2] == "on" for element in root.iter() for key in element.attrib)
        assert max(map(len, words(root))) <= 300
        assert inside(root)


def test_it_loads_nothing(explained):
    assert not re.search(r"href|url\(|@import|<image|<style", as_svg(explained(), preset=FILMS))


@settings(deadline=None)
@given(st.text(max_size=120), st.sampled_from(["en", "zh"]))
def test_any_name_makes_a_picture(explained, name, language):
    assert inside(parsed(explained(film=name, person=name, title=name), language))


@pytest.mark.parametrize("share", [0.004, 0.05, 0.5])
def test_small_shares_have_a_decimal(explained, share):
    explanation = explained()
    path = replace(explanation.paths[0], share=share)
    found = words(parsed(replace(explanation, paths=(path,), n_shown=1)))
    assert f"directed by{share:.1%}" in found or f"directed by{share:.0%}" in found
