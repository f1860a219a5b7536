from llm.text import fold
from llm.words import CHINESE_FILLERS, FUNCTION_WORDS, ORDINARY_WORDS, REQUEST_WORDS


def test_words_are_written_as_folding_writes_them():
    for word in (*ORDINARY_WORDS, *CHINESE_FILLERS):
        assert fold(word).key == word


def test_words_without_meaning_are_ordinary():
    assert FUNCTION_WORDS | REQUEST_WORDS <= ORDINARY_WORDS
    assert FUNCTION_WORDS.isdisjoint(REQUEST_WORDS)


def test_genres_and_moods_are_not_words_of_every_request():
    assert {"comedy", "horror", "funny", "scary"}.isdisjoint(FUNCTION_WORDS | REQUEST_WORDS)
