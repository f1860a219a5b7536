import pytest

from graph.presets import preset
from ranking.phrasing import Link, is_phrased, plain


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Tom &  Jerry\n", "Tom & Jerry"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("🎬 玩具总动员", "🎬 玩具总动员"),
        ("a\x00b\u202ec\u2028d", "a bc d"),
        ("مدينة", "\u2068مدينة\u2069"),
        ("   ", "?"),
        ("x" * 80, "x" * 80),
        ("x" * 500, "x" * 79 + "…"),
        ("x" * 78 + " yyy", "x" * 78 + "…"),
        ("x" * 78 + "e\u0301" * 5, "x" * 78 + "e…"),
    ],
)
def test_names_stay_plain_text_on_one_line(name: str, expected: str) -> None:
    assert plain(name) == expected


@pytest.mark.parametrize(
    ("relation", "forward", "phrased"),
    [
        ("DIRECTED_BY", True, True),
        ("DIRECTED_BY", False, False),
        ("HAS_HEEL", True, True),
        ("SOLD_IN", True, True),
        ("FILM_FILM_GENRE", True, False),
    ],
)
def test_only_known_relations_from_the_head_are_read_as_phrases(
    relation: str, forward: bool, phrased: bool
) -> None:
    assert is_phrased(Link(relation, forward), preset("films")) is phrased


def test_a_link_turned_twice_is_itself() -> None:
    link = Link("MADE_BY", True)
    assert link.turned == Link("MADE_BY", False)
    assert link.turned.turned == link
    assert link.words == "made by"
