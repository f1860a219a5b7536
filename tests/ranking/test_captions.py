import pytest

from graph.domain import PathEdge
from graph.presets import preset
from ranking.captions import edge_caption, part_caption

FILMS = preset("films")


@pytest.mark.parametrize(
    ("relation", "english", "chinese"),
    [
        ("DIRECTED_BY", "directed by", "执导"),
        ("STARRING", "starring", "主演"),
        ("HAS_GENRE", "genre", "类型"),
        ("IN_LANGUAGE", "language", "语言"),
        ("FROM_DECADE", "decade", "年代"),
        ("HAS_WING_SPAN", "wing span", "wing span"),
        ("PART_OF", "part of", "一部分"),
        ("SUBCLASS_OF", "a kind of", "属于"),
        ("SOLD_IN", "sold in", "sold in"),
        ("SIMILAR_TO", "also liked", "也喜欢"),
        ("CLOSE_TO", "close in taste", "口味相近"),
        ("ASKS_FOR", "asked for", "想要"),
        ("AVOIDS", "not wanted", "不想要"),
    ],
)
def test_a_relation_is_named_in_both_languages(relation, english, chinese):
    edge = PathEdge("a", relation, "b", "out")
    assert edge_caption(edge, preset=FILMS) == english
    assert edge_caption(edge, preset=FILMS, language="zh") == chinese


def test_an_event_is_named_by_what_was_done():
    edge = PathEdge("u", "INTERACTED", "a", "out")
    assert edge_caption(edge, preset=FILMS, event_type="rating") == "liked"
    assert edge_caption(edge, preset=FILMS, event_type="view") == "watched"
    assert edge_caption(edge, preset=FILMS) == "chose"
    assert edge_caption(edge, preset=FILMS, language="zh", event_type="purchase") == "买过"


def test_an_item_without_events_is_alike_in_content():
    edge = PathEdge("new", "SIMILAR_TO", "a", "in")
    assert edge_caption(edge, preset=FILMS) == "alike in content"


def test_parts_have_words_and_unknown_ones_their_name():
    assert part_caption("people_like_you") == "people like you"
    assert part_caption("semantic", "zh") == "内容介绍"
    assert part_caption("some_bonus", "zh") == "some bonus"
