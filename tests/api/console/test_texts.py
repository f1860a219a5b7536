import re

from api.console.texts import TEXTS, Texts

PLACES = re.compile(r"\{(\w+)\}")


def test_both_languages_say_the_same_things():
    for name, (english, chinese) in TEXTS.items():
        assert english.strip(), name
        assert chinese.strip(), name
        assert set(PLACES.findall(english)) == set(PLACES.findall(chinese)), name


def test_a_text_takes_values_as_they_are():
    assert Texts("en")("why", title="{x} <b>") == "Why “{x} <b>”?"
    assert Texts("zh")("user.is", id="7") == "用户 7"
    assert "why" in Texts("en")
    assert "no such text" not in Texts("en")
