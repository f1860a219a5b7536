from llm.leftover import left_over, unmatched_words
from llm.text import MAX_REQUEST, fold


def test_words_outside_the_parts_that_were_understood():
    text = "quiet drama under two hours 安静的电影"
    assert left_over(text, [(6, 11), (12, 27)]) == ("quiet", "安静")
    assert left_over(text, [(0, len(text))]) == ()
    assert left_over("", []) == ()


def test_a_part_covers_the_words_it_touches():
    assert left_over("extraordinary", [(3, 5)]) == ()


def test_what_was_not_read_is_told():
    assert left_over("x" * (MAX_REQUEST + 5), [(0, MAX_REQUEST)]) == (
        "… (5 more characters were not read)",
    )
    assert unmatched_words(fold("quiet"), frozenset({0}), n_letters=5) == ()
