import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.chinese import simplified, words


@pytest.mark.parametrize(
    ("written", "simple"),
    [
        ("學生有沒有優惠券", "学生有没有优惠券"),
        ("靜音的機械鍵盤", "静音的机械键盘"),
        ("《鹽之路》 by 林月清", "《盐之路》 by 林月清"),
        ("已经是简体", "已经是简体"),
        ("おもしろい映画", "おもしろい映画"),
        ("plain text, café", "plain text, café"),
        ("\ud800學😀", "\ud800学😀"),
        ("", ""),
    ],
)
def test_traditional_characters_become_simplified(written, simple):
    assert simplified(written) == simple


@given(st.text(max_size=80) | st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)))
def test_a_text_keeps_its_length_so_that_spans_keep_their_place(text):
    assert len(simplified(text)) == len(text)
    assert simplified(simplified(text)) == simplified(text)


def test_words_are_found_without_spaces():
    text = "不要耐克的运动鞋"
    assert [text[start:end] for start, end in words(text)] == ["不要", "耐克", "的", "运动鞋"]


@given(st.text(alphabet="今天 我们Star 12看《电影》\n\x00😀，", max_size=30))
def test_words_are_the_text(text):
    assert "".join(text[start:end] for start, end in words(text)) == text


def test_nothing_is_read_before_the_first_chinese_request():
    code = (
        "import sys, llm.linker; llm.linker.Linker([]).link('funny films');"
        "print(sorted({'jieba', 'opencc', 'torch'} & set(sys.modules)))"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert outcome.stdout.strip() == "[]"
