import numpy as np
import pytest

from graph.errors import InvalidError
from llm.meaning import MeaningIndex, NameVectors, name_vectors
from llm.surfaces import NamedThing

HORROR = NamedThing("h", "Entity", "Genre", ("Horror", "unknown words"))
WAR = NamedThing("w", "Entity", "Genre", ("War",))
COMEDY = NamedThing("c", "Entity", "Genre", ("Comedy",))


@pytest.fixture
def meaning(known_encoder):
    return MeaningIndex(known_encoder, name_vectors([HORROR, WAR], known_encoder))


def test_every_surface_has_a_vector_of_its_own(known_encoder):
    names = name_vectors([HORROR, WAR], known_encoder)
    assert names.ids == ("h", "h", "w")
    np.testing.assert_array_equal(names.vectors[:, :2], [[1, 0], [0, 0], [0, 1]])


def test_best_finds_another_word_of_the_same_meaning(meaning):
    assert meaning.best(["scary", "soldiers", "comedy"], threshold=0.75) == [
        ("h", 1.0),
        ("w", 1.0),
        None,
    ]


def test_all_parts_are_encoded_in_one_call(meaning, known_encoder):
    before = known_encoder.calls
    meaning.best(["scary", "soldiers", "scary soldiers"], threshold=0.5)
    assert known_encoder.calls == before + 1


def test_ranking_takes_the_best_surface_of_each_thing(meaning):
    ranking = meaning.ranking(["frightening soldiers soldiers"], limit=5)
    assert [thing_id for thing_id, _ in ranking] == ["w", "h"]
    assert ranking[0][1] == pytest.approx(2 / 5**0.5)
    assert meaning.ranking(["war"], limit=1) == [("w", 1.0)]
    assert meaning.ranking([], limit=5) == meaning.ranking(["war"], limit=0) == []


def test_things_come_and_go(meaning):
    meaning.add(COMEDY)
    assert meaning.best(["comedy"], threshold=0.75) == [("c", 1.0)]
    meaning.remove("h")
    assert meaning.best(["scary"], threshold=0.75) == [None]
    assert [one for one, _ in meaning.ranking(["scary"], limit=5)] == ["w", "c"]
    meaning.add(NamedThing("w", "Entity", "Genre", ("scary",)))
    assert meaning.best(["soldiers", "horror"], threshold=0.75) == [None, ("w", 1.0)]


def test_vectors_given_are_not_changed(known_encoder):
    names = name_vectors([HORROR], known_encoder)
    before = names.vectors.copy()
    MeaningIndex(known_encoder, names).remove("h")
    np.testing.assert_array_equal(names.vectors, before)


def test_vectors_of_another_encoder_are_refused(known_encoder):
    with pytest.raises(InvalidError, match="known"):
        MeaningIndex(known_encoder, NameVectors(("h",), np.zeros((1, 384), np.float32)))
