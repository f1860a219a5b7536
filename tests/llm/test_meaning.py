import numpy as np
import pytest

from graph.errors import InvalidError
from llm.adapter import Adapter
from llm.meaning import MeaningIndex, NameVectors, name_vectors, wordings
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


def test_descriptions_have_vectors_too_and_are_marked(known_encoder):
    scary = NamedThing("s", "Entity", "Mood", ("Eerie",), description="scary soldiers")
    names = name_vectors([scary, WAR], known_encoder)
    assert names.ids == ("s", "w", "s")
    assert names.described == {2}
    assert [one.text for one in wordings([scary])] == ["Eerie", "scary soldiers"]
    assert names.of({"s"}).described == {1}


def test_best_finds_another_word_of_the_same_meaning(meaning, known_encoder):
    found = meaning.best(known_encoder.encode(["scary", "soldiers", "comedy"]))
    assert found[:2] == [("h", 1.0), ("w", 1.0)]
    assert found[2][1] == 0.0
    assert meaning.best(known_encoder.encode([])) == []


def test_parts_are_compared_with_names_and_the_whole_with_descriptions_too(known_encoder):
    eerie = NamedThing("s", "Entity", "Mood", ("Eerie",), description="soldiers")
    index = MeaningIndex(known_encoder, name_vectors([eerie, COMEDY], known_encoder))
    asked = known_encoder.encode(["soldiers"])
    assert index.best(asked)[0][1] == 0.0
    assert index.meant(asked[0], limit=1) == [("s", 1.0)]


def test_ranking_takes_the_best_surface_of_each_thing(meaning, known_encoder):
    ranking = meaning.ranking(known_encoder.encode(["frightening soldiers soldiers"]), limit=5)
    assert [thing_id for thing_id, _ in ranking] == ["w", "h"]
    assert ranking[0][1] == pytest.approx(2 / 5**0.5)
    war = known_encoder.encode(["war"])
    assert meaning.ranking(war, limit=1) == [("w", 1.0)]
    assert meaning.ranking(known_encoder.encode([]), limit=5) == []
    assert meaning.ranking(war, limit=0) == []


def test_an_adapter_maps_the_whole_request_and_the_names_added_later(known_encoder):
    turn = np.zeros((known_encoder.n_dims, known_encoder.n_dims), np.float32)
    turn[1, 2] = 5.0  # what speaks of war is taken for comedy
    still = np.zeros_like(turn)
    adapter = Adapter(turn, still, 0.5)
    index = MeaningIndex(known_encoder, name_vectors([HORROR, WAR], known_encoder), adapter)
    index.add(COMEDY)
    soldiers = known_encoder.encode(["soldiers"])
    assert index.meant(soldiers[0], limit=1)[0][0] == "c"
    assert index.ranking(soldiers, limit=1)[0][0] == "w"


def test_things_come_and_go(meaning, known_encoder):
    def best(word):
        return meaning.best(known_encoder.encode([word]))[0]

    meaning.add(COMEDY)
    assert best("comedy") == ("c", 1.0)
    meaning.remove("h")
    assert best("scary")[1] == 0.0
    assert len(meaning) == 2
    meaning.add(NamedThing("w", "Entity", "Genre", ("scary",)))
    assert best("soldiers")[1] == 0.0
    assert best("horror") == ("w", 1.0)


def test_there_is_room_for_any_number_of_additions(known_encoder):
    index = MeaningIndex(known_encoder, name_vectors([HORROR], known_encoder))
    for number in range(1500):
        index.add(NamedThing(str(number), "Entity", "Genre", (f"word{number}",)))
    assert len(index) == 1501
    assert index.best(known_encoder.encode(["scary"]))[0] == ("h", 1.0)
    assert index.best(known_encoder.encode(["word1499"]))[0][1] == 1.0


def test_vectors_given_are_not_changed(known_encoder):
    names = name_vectors([HORROR], known_encoder)
    before = names.vectors.copy()
    MeaningIndex(known_encoder, names).remove("h")
    np.testing.assert_array_equal(names.vectors, before)


def test_vectors_of_another_encoder_are_refused(known_encoder):
    with pytest.raises(InvalidError, match="known"):
        MeaningIndex(known_encoder, NameVectors(("h",), np.zeros((1, 384), np.float32)))
