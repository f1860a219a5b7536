import pytest

from llm.surfaces import NamedThing, plain_name, plurals, singulars, surface_keys


def keys(kind, label, *surfaces):
    return surface_keys(NamedThing("x", kind, label, surfaces))


@pytest.mark.parametrize(
    ("surface", "name"),
    [
        ("Orchard, The (1977)", "The Orchard"),
        ("Monsters, Inc.", "Monsters, Inc."),
        ("(1999)", "(1999)"),
        ("2001", "2001"),
    ],
)
def test_plain_name(surface, name):
    assert plain_name(surface) == name


def test_a_name_as_given_is_surest():
    found = keys("Item", "Item", "Comet Riders II: The Long Way (2003)", "彗星骑士")
    assert found["comet riders ii the long way"] == found["彗星骑士"] == 1.0
    assert 1.0 > found["comet riders 2 the long way"] > found["comet riders ii"]


def test_articles_may_be_left_out():
    assert {"the orchard", "orchard"} <= keys("Item", "Item", "Orchard, The (1977)").keys()


def test_initials_stand_for_the_title():
    assert "qed" in keys("Item", "Item", "Q.E.D. the Machine")


def test_a_title_in_brackets_is_one_more_title():
    found = keys("Item", "Item", "Paper Kites (Zhi Yuan) (1966)")
    assert {"paper kites", "zhi yuan"} <= found.keys()


def test_attributes_bend_and_titles_do_not():
    assert {"comedy", "comedies"} <= keys("Entity", "Genre", "Comedy").keys()
    assert {"robots", "robot"} <= keys("Entity", "Theme", "robots").keys()
    assert "comedies" not in keys("Item", "Item", "Comedy")
    assert {"恐怖片", "恐怖"} <= keys("Entity", "Genre", "恐怖片").keys()


def test_hyphens_join_or_part():
    assert {"sci fi", "scifi"} <= keys("Entity", "Genre", "Sci-Fi").keys()


def test_an_attribute_may_list_several():
    assert {"war", "history"} <= keys("Entity", "Genre", "War/History").keys()


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("Adaeze Okafor", "okafor"),
        ("Robert De Vries", "de vries"),
        ("Ana de la Sol", "la sol"),
        ("阿达·奥卡福", "奥卡福"),
    ],
)
def test_people_are_found_by_their_surname(name, surname):
    assert keys("Entity", "Person", name)[surname] < 0.9


@pytest.mark.parametrize("name", ["Neil Young", "Bo Li", "Cher"])
def test_a_surname_that_is_a_word_or_too_short_is_not_enough(name):
    assert len(keys("Entity", "Person", name)) == 1


def test_decades_have_many_names():
    found = keys("Entity", "Decade", "1980s")
    assert {"1980s", "80s", "eighties", "80年代", "八十年代", "1980年代"} == found.keys()


def test_nothing_has_no_key():
    assert keys("Entity", "Genre") == {}
    assert keys("Entity", "Genre", "", "…") == {}
    assert NamedThing("x", "Entity", "Genre", ()).name == "x"


@pytest.mark.parametrize("word", ["comedy", "dress", "western", "boy", "box", "torch", "shoe"])
def test_a_plural_leads_back_to_its_word(word):
    (plural,) = plurals(word)
    assert word in singulars(plural)
