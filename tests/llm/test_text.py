import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.text import fold, is_cjk


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Schindler’s List", "schindlers list"),
        ("rock'n'roll", "rocknroll"),
        ("Amélie", "amelie"),
        ("Ame\u0301lie", "amelie"),
        ("ＳＴＡＲ　ＷＡＲＳ", "star wars"),
        ("Straße", "strasse"),
        ("Sci-Fi", "sci fi"),
        ("E.T. the Extra", "et the extra"),
        ("Tom & Jerry", "tom and jerry"),
        ("Rocky Ⅱ", "rocky ii"),
        ("hor\u200bror", "horror"),
        ("阿达·奥卡福", "阿达奥卡福"),
        ("看Star Wars吧", "看star wars吧"),
        ("臥虎藏龍", "卧虎藏龙"),
        ("न्यायालय", "न्यायालय"),
        ("", ""),
        ("😀 — \x00\ud800 …", ""),
    ],
)
def test_fold_makes_surfaces_comparable(text, key):
    assert fold(text).key == key


def test_tokens_lead_back_to_the_original():
    text = "类似《Ａｍélie’s》 吧"
    folded = fold(text)
    assert folded.tokens == ("类", "似", "amelies", "吧")
    assert folded.original(2, 3) == "Ａｍélie’s"
    assert folded.span(0, 2) == (0, 2)
    assert folded.phrase(1, 3) == "似amelies"


def test_tokens_in_simplified_characters_lead_back_to_traditional_ones():
    folded = fold("看《臥虎藏龍》嗎")
    assert folded.phrase(1, 5) == "卧虎藏龙"
    assert folded.original(1, 5) == "臥虎藏龍"
    assert folded.span(1, 5) == (2, 6)


def test_is_cjk_tells_characters_from_words():
    assert is_cjk("星")
    assert is_cjk("の")
    assert not is_cjk("star")
    assert not is_cjk("한국")


@given(st.text(max_size=80))
def test_spans_are_inside_the_text_and_in_order(text):
    folded = fold(text)
    edges = [edge for span in folded.spans for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(text) for start, end in folded.spans)
    assert len(folded.tokens) == len(folded.spans) == len(folded.offsets)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    key = fold(text).key
    assert fold(key).key == key


@given(st.text(max_size=60))
def test_offsets_cut_the_tokens_out_of_the_key(text):
    folded = fold(text)
    assert [folded.key[start:end] for start, end in folded.offsets] == list(folded.tokens)
