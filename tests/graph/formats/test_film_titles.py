import pytest

from graph.formats.film_titles import key, parts, readable, variants


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Toy Story (1995)", ("Toy Story", 1995)),
        ("Usual Suspects, The (1995)", ("The Usual Suspects", 1995)),
        ("Enfer, L' (1994)", ("L'Enfer", 1994)),
        ("Seven (Se7en) (1995)", ("Seven (Se7en)", 1995)),
        ("Garden, The (Giardino, Il) (1970)", ("The Garden (Giardino, Il)", 1970)),
        ("Farmer & Chase", ("Farmer & Chase", None)),
        ("1941 (1979)", ("1941", 1979)),
        ("Paris, France (1993)", ("Paris, France", 1993)),
    ],
)
def test_readable(title, expected):
    assert readable(title) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The Godfather: Part II", "Godfather Part 2"),
        ("Dumb & Dumber", "Dumb and Dumber"),
        ("Léon", "Leon"),
        ("M*A*S*H", "MASH"),
        ("U.S. Marshals", "US Marshals"),
        ("Mr. Holland's Opus", "Mr Hollands Opus"),
        ("Sunset Blvd.", "Sunset Boulevard"),
        ("Twelve Monkeys", "12 Monkeys"),
        ("Three Colors: Red", "Three Colours: Red"),
        ("Dr. No", "Doctor No"),
    ],
)
def test_spellings_of_one_title(left, right):
    assert key(left) == key(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Rocky II", "Rocky III"),
        ("Alien", "Aliens"),
        ("V", "5"),
        ("Malcolm X", "Malcolm 10"),
        ("I, Robot", "1 Robot"),
        ("The Lion King", "The Line King"),
    ],
)
def test_titles_of_different_films(left, right):
    assert key(left) != key(right)


def test_variants():
    assert list(variants("The Garden (Giardino, Il)")) == ["The Garden", "Il Giardino"]
    assert list(variants("Toy Story")) == ["Toy Story"]
    assert list(variants("Lashou shentan")) == ["Lashou shentan", "Hard Boiled"]


def test_parts():
    assert list(parts("Star Wars: Episode IV – A New Hope")) == [
        "Star Wars",
        "Episode IV",
        "A New Hope",
    ]
    assert list(parts("Stephen King's Thinner")) == ["Thinner"]
    assert list(parts("Dr. Strangelove or: How I Learned")) == ["Dr. Strangelove", "How I Learned"]
    assert list(parts("Toy Story")) == []
