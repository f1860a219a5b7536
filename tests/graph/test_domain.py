import pytest

from graph.domain import Interaction, Item, Triple, entity_label, relation_type


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("DIRECTED_BY", "DIRECTED_BY"),
        ("film.film.actor", "FILM_FILM_ACTOR"),
        ("directed by", "DIRECTED_BY"),
        (" http://x.org/p#q ", "HTTP_X_ORG_P_Q"),
        ("12", "R_12"),
    ],
)
def test_a_relation_is_stored_in_capitals(name, stored):
    assert relation_type(name) == stored


def test_relations_that_differ_only_in_other_scripts_stay_apart():
    directed, wrote = relation_type("执导"), relation_type("编剧")
    assert directed != wrote
    assert directed.isascii()
    assert directed[0].isalpha()


def test_a_long_relation_is_cut_and_told_apart():
    first, second = relation_type("a" * 100), relation_type("a" * 101)
    assert first != second
    assert max(len(first), len(second)) <= 64


@pytest.mark.parametrize("name", ["film.film.actor", "12", "执导", "a" * 100, "_x_"])
def test_a_stored_relation_stays_as_it_is(name):
    assert relation_type(relation_type(name)) == relation_type(name)


@pytest.mark.parametrize(
    ("name", "label"),
    [("film genre", "FilmGenre"), ("Person", "Person"), ("电影", "Thing"), ("3d", "Thing")],
)
def test_a_label_is_made_of_ascii_words(name, label):
    assert entity_label(name) == label


def test_the_key_of_an_event_is_its_id_or_its_fields_without_the_value():
    first = Interaction("u", "i", "rating", 5.0, at=1.0)
    assert first.key == Interaction("u", "i", "rating", 3.0, at=1.0).key
    assert first.key != Interaction("u", "i", "view", 5.0, at=1.0).key
    assert first.key != Interaction("u", "i", "rating", 5.0, at=2.0).key
    named = Interaction("u", "i", event_id="e1")
    assert named.key == Interaction("someone", "else", event_id="e1").key
    assert 0 <= first.key < 2**63


def test_records_cannot_be_changed():
    with pytest.raises(AttributeError):
        Item("1", "Heat").title = "Thief"


def test_a_triple_has_two_ends():
    triple = Triple("alien", "DIRECTED_BY", "scott")
    assert (triple.other("alien"), triple.other("scott")) == ("scott", "alien")
