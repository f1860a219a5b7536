import pytest

from llm.adapter import Adapter
from llm.learned_names import LearnedNames
from llm.linker import Linker, NamedThing
from llm.meaning import MeaningIndex, name_vectors
from llm.near import MeaningFinder, meaning_spans, needed
from llm.text import fold

SHOES = NamedThing("c:shoes", "Entity", "Category", ("Shoes",))
OFFICE = NamedThing("o:office", "Entity", "Occasion", ("Office", "上班"))


def spans(text, covered=frozenset()):
    request = fold(text)
    return [request.original(*span) for span in meaning_spans(request, covered)]


def test_parts_begin_and_end_with_words_that_mean_something():
    assert spans("something to boil water for tea") == [
        "boil",
        "water",
        "tea",
        "boil water",
        "water for tea",
        "boil water for tea",
    ]


def test_chinese_parts_are_whole_words_and_no_punctuation_stands_in_them():
    found = spans("搬新家送什么，绿植可以吗")
    assert {"搬新家", "绿植"} <= set(found)
    assert not any("，" in part or part in {"家送", "么绿"} for part in found)


def test_what_is_linked_already_is_left_out():
    assert spans("scary soldiers", frozenset({0})) == ["soldiers"]


@pytest.mark.parametrize(
    ("text", "span", "thing", "least"),
    [
        ("footwear", (0, 1), SHOES, 0.75),
        ("a gift", (1, 2), SHOES, 0.88),
        ("comfortable gift", (0, 2), SHOES, 0.75),
        ("运动", (0, 2), SHOES, 0.7),
        ("通勤", (0, 2), OFFICE, 0.85),
    ],
)
def test_how_near_is_near_enough(text, span, thing, least):
    assert needed(fold(text), span, thing, foreign=False) == least


def test_a_word_of_the_opposite_meaning_is_never_meant():
    assert needed(fold("下班"), (0, 2), OFFICE, foreign=False) > 1.0
    assert needed(fold("上课"), (0, 2), OFFICE, foreign=False) == 0.85


def test_a_third_language_has_to_be_surer_and_ordinary_words_never_are():
    assert needed(fold("chaussures"), (0, 1), SHOES, foreign=True) == 0.85
    assert needed(fold("gift"), (0, 1), SHOES, foreign=True) > 1.0


class TestWhole:
    @pytest.fixture
    def finder(self, things, known_encoder):
        def made(adapter):
            genres = [one for one in things if one.label == "Genre"]
            meaning = MeaningIndex(known_encoder, name_vectors(genres, known_encoder), adapter)
            titles = MeaningIndex(known_encoder, name_vectors([], known_encoder))
            return MeaningFinder(meaning, titles, {one.id: one for one in genres}.get)

        return made

    def test_nothing_is_said_without_an_adapter(self, finder):
        assert finder(None).whole(fold("soldiers soldiers")) == []

    def test_the_whole_means_what_is_near_and_alone(self, finder, still):
        (mention,) = finder(still).whole(fold("soldiers soldiers today"))
        assert (mention.thing.id, mention.method) == ("genre:war", "vector")
        assert (mention.first, mention.end) == (0, 3)

    def test_what_is_far_or_between_two_is_not_said(self, finder, still):
        assert finder(still).whole(fold("quite other words")) == []
        assert finder(still).whole(fold("soldiers frightening")) == []
        assert finder(still).whole(fold("")) == []

    @pytest.fixture
    def still(self, known_encoder):
        import numpy as np

        zeros = np.zeros((known_encoder.n_dims, known_encoder.n_dims), np.float32)
        return Adapter(zeros, zeros, sure=0.6)


def test_titles_without_a_chinese_name_are_ranked_for_chinese_requests(use_m3):
    things = [
        NamedThing("1", "Item", "Item", ("Star Wars",)),
        NamedThing("2", "Item", "Item", ("The Lion King",)),
        NamedThing("3", "Item", "Item", ("The Sound of Music",)),
        SHOES,
    ]
    learned = LearnedNames(
        "use-m3", name_vectors(things[3:], use_m3), name_vectors(things[:3], use_m3)
    )
    linker = Linker(things, encoder=use_m3, learned=learned)
    assert linker.rank("有没有类似《狮子王》的", limit=1)[0].entity_id == "2"
    assert linker.rank("星球大戰", limit=1)[0].entity_id == "1"
    assert linker.link("星球大战").include == ()
