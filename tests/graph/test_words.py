"""Names cut into words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.words import fold, index_words, is_cjk, pairs, runs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Amélie", "amelie"),
        ("STRAßE", "strasse"),
        ("ＡＢＣ", "abc"),
        ("한국", "한국"),
        ("ガ", "ガ"),
    ],
)
def test_folding_drops_case_accents_and_width(text, expected):
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("!? -", []),
        ("Blade Runner 2049", ["blade", "runner", "2049"]),
        ("看恐怖片 at 9pm", ["看恐怖片", "at", "9pm"]),
        ("iPhone手机", ["iphone", "手机"]),
        ("snake_case", ["snake", "case"]),
    ],
)
def test_runs(text, expected):
    assert runs(text) == expected


def test_single_characters_and_pairs():
    assert pairs("恐") == ["恐"]
    assert pairs("恐怖片") == ["恐怖", "怖片"]
    assert index_words(["恐怖片 x", "甲"]) == "恐 怖 片 恐怖 怖片 x 甲"


@given(st.text())
def test_no_text_breaks_it_and_words_hold_letters_only(text):
    for run in runs(text):
        assert run
        assert not any(character.isspace() or character in "\"'()*:" for character in run)
        assert isinstance(is_cjk(run), bool)
