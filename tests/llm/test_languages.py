import pytest

from llm.languages import language, refusing_clauses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("funny films", "en"),
        ("films by de Palma", "en"),
        ("搞笑的电影", "zh"),
        ("有沒有搞笑的電影", "zh"),
        ("类似Star Wars的电影", "mixed"),
        ("推荐几部八十年代的科幻片，不要恐怖的，OK", "zh"),
        ("Ich suche einen lustigen Film ohne Gewalt", "other"),
        ("je cherche un film drôle", "other"),
        ("quiero una comedia sin violencia", "other"),
        ("смешные фильмы", "other"),
        ("أفلام مضحكة", "other"),
        ("おもしろい映画", "other"),
        ("재미있는 영화", "other"),
        ("12345 !!!", "other"),
        ("", "other"),
    ],
)
def test_language_by_script_and_small_words(text, expected):
    assert language(text) == expected


@pytest.mark.parametrize(
    ("text", "refusing"),
    [
        ("ein Krimi, ohne Horror, bitte", [" ohne Horror"]),
        ("un film sans horreur", ["un film sans horreur"]),
        ("комедия. не хоррор", [" не хоррор"]),
        ("ホラー以外、コメディ", ["ホラー以外"]),
        ("فيلم بدون رعب", ["فيلم بدون رعب"]),
        ("ein lustiger Film", []),
        ("", []),
    ],
)
def test_clauses_that_refuse_are_known_in_many_languages(text, refusing):
    assert [text[start:end] for start, end in refusing_clauses(text)] == refusing
