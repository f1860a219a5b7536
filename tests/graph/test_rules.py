import pytest

from graph.errors import InvalidError
from graph.rules import (
    AttributeRule,
    categorical,
    decade,
    default_rule,
    entity_id,
    scalar,
    slug,
    split,
    words_of,
    year_of,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sci-Fi", "sci-fi"),
        ("  Stanley   KUBRICK ", "stanley-kubrick"),
        ("José", "jose"),
        ("C++", "c++"),
        ("-5", "-5"),
        ("0.5 l", "0.5-l"),
        ("Arts & Crafts", "arts-and-crafts"),
        ("凉鞋", "凉鞋"),
        ("ガ", "ガ"),
    ],
)
def test_slugs(name, expected):
    assert slug(name) == expected


def test_names_of_nothing_but_signs_stay_apart():
    assert slug("???") != slug("!!!")
    assert slug("x" * 600) != slug("x" * 601)
    assert len(slug("x" * 600)) < 200


def test_entity_ids_carry_the_label():
    assert entity_id("HeelType", "Flat") == "heeltype:flat"


@pytest.mark.parametrize(
    ("column", "label", "relation"),
    [
        ("categories", "Category", "HAS_CATEGORY"),
        ("heelTypes", "HeelType", "HAS_HEEL_TYPE"),
        ("dress", "Dress", "HAS_DRESS"),
        ("user", "UserName", "HAS_USER"),
        ("model year", "Decade", "FROM_DECADE"),
    ],
)
def test_default_rules(column, label, relation):
    rule = default_rule(column)

    assert rule is not None
    assert (rule.label, rule.relation) == (label, relation)


@pytest.mark.parametrize("column", ["title", "product_id", "long description", "imageUrl", "_", ""])
def test_columns_that_make_no_entities(column):
    assert default_rule(column) is None


@pytest.mark.parametrize(
    ("value", "year"),
    [
        (1999, 1999),
        ("12 May 1999", 1999),
        (1999.5, None),
        (True, None),
        ("12345", None),
        ("", None),
    ],
)
def test_years(value, year):
    assert year_of(value) == year


@pytest.mark.parametrize(
    ("year", "name", "alias"),
    [
        (1987, "1980s", "八十年代"),
        (1920, "1920s", "twenties"),
        (2004, "2000s", "00s"),
        (2011, "2010s", "一零年代"),
        (1850, "1850s", "1850's"),
    ],
)
def test_decades(year, name, alias):
    entity = decade(year)

    assert (entity.id, entity.name) == (f"decade:{name}", name)
    assert alias in entity.aliases


def test_values():
    assert split(" a | |b", "|") == ("a", "b")
    assert split("a|b", "") == ("a|b",)
    assert [scalar(text) for text in ("1", "1.5", "1e3", "007", "True", "x", "nan")] == [
        1,
        1.5,
        1000.0,
        "007",
        True,
        "x",
        "nan",
    ]
    assert words_of("heelHeight_cm") == "heel Height cm"
    assert [categorical(text) for text in ("red", "12.5", "a://b", "x" * 61, "1 2 3")] == [
        True,
        False,
        False,
        False,
        False,
    ]


def test_labels_of_the_house_are_refused():
    with pytest.raises(InvalidError, match="own"):
        AttributeRule("a", "Item", "HAS_A")
