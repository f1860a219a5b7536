import pytest

from graph.formats.film_join import Film, join


def film(title, year, *genres, id_=""):
    return Film(id_ or title, title, year, frozenset(genres))


@pytest.mark.parametrize(
    ("left", "right", "rule"),
    [
        (film("Heat", 1995), film("Heat", 1995), "exact"),
        (film("Hate (La Haine)", 1995), film("La Haine", 1995), "alternative"),
        (film("Rocket Man", 1997), film("RocketMan", 1997), "spacing"),
        (film("8 1/2", 1963), film("8½", 1963), "spacing"),
        (film("Kiss the Girls", 1997, "Crime"), film("Kiss the Girls", 1998, "Crime"), "year"),
        (film("Palookaville", 1996, "Action"), film("Palookaville", 1995, "Comedy"), "year"),
        (film("Star Wars", 1977, "War"), film("Star Wars: A New Hope", 1977, "War"), "part"),
        (film("Walt King's Thinner", 1996, "War"), film("Thinner", 1996, "War"), "part"),
        (film("Jerky Boys", 1994, "War"), film("Jerky Boys: The Movie", 1995, "War"), "part"),
        (film("U.S. Marshalls", 1998, "War"), film("U.S. Marshals", 1998, "War"), "spelling"),
        (film("Hut 1992: Time", 1992, "War"), film("Hut: Time", 1992, "War"), "spelling"),
        (film("Jungle (Kid)", 1994, "Children's"), film("Jungle Kid", 1995, "Family"), None),
        (film("Heat", 1995), film("Heat", 1997, "Drama"), None),
        (film("The Fear", 1995, "War"), film("Fear", 1996, "War"), None),
        (film("Rocky II", 1979, "Sport"), film("Rocky III", 1979, "Sport"), None),
        (film("Line King", 1994, "Documentary"), film("Lion King", 1994, "Family"), None),
        (film("Heat", None), film("Heat", 1995), None),
    ],
)
def test_rules(left, right, rule):
    matches = join([left], [right])

    assert [match.rule for match in matches.values()] == ([rule] if rule else [])


def test_two_candidates_need_a_genre_to_choose():
    candidates = [film("Nine", 2009, "Musical", id_="a"), film("Nine", 2009, "Sport", id_="b")]

    assert join([film("Nine", 2009, "Sport")], candidates)["Nine"].film.id == "b"
    assert join([film("Nine", 2009)], candidates) == {}
    assert join([film("Nine", 2009, "Sport", "Musical")], candidates) == {}


def test_a_title_that_others_have_needs_a_genre_when_the_year_differs():
    right = [film("Anna", 1997, "Drama", id_="a"), film("Anna", 1950, "War", id_="b")]

    assert join([film("Anna", 1996, "Comedy")], right) == {}
    assert join([film("Anna", 1996, "Drama")], right)["Anna"].film.id == "a"


def test_an_entry_that_is_there_twice_is_joined_twice():
    left = [film("Heat", 1995, id_="1"), film("Heat", 1995, id_="2")]

    matches = join(left, [film("Heat", 1995, id_="x")])

    assert {id_: match.film.id for id_, match in matches.items()} == {"1": "x", "2": "x"}


def test_different_films_never_share_a_match():
    left = [film("Heat", 1995, "Crime", id_="1"), film("Heat: Miami", 1995, "Crime", id_="2")]

    assert list(join(left, [film("Heat", 1995, "Crime")])) == ["1"]
    left = [film("Heat: Rome", 1995, "Crime", id_="1"), film("Heat: Oslo", 1995, "Crime", id_="2")]
    assert join(left, [film("Heat", 1995, "Crime")]) == {}
