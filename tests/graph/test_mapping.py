import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.domain import Item
from graph.errors import InvalidError
from graph.mapping import AttributeMapping, AttributeRule


def described(mapping: AttributeMapping, **attributes) -> set[tuple[str, str]]:
    _, triples = mapping.describe(Item("x", "X", attributes=attributes))
    assert all(triple.head == "x" for triple in triples)
    return {(triple.relation, triple.tail) for triple in triples}


def test_rules_make_entities_and_edges():
    mapping = AttributeMapping([AttributeRule("brand", "Brand", "MADE_BY")])

    entities, triples = mapping.describe(Item("x", "X", attributes={"Brand": "Nike|Adidas|nike"}))

    assert [(e.id, e.label, e.name) for e in entities] == [
        ("brand:nike", "Brand", "Nike"),
        ("brand:adidas", "Brand", "Adidas"),
    ]
    assert [(t.head, t.relation, t.tail) for t in triples] == [
        ("x", "MADE_BY", "brand:nike"),
        ("x", "MADE_BY", "brand:adidas"),
    ]


def test_people_are_one_entity_across_relations():
    mapping = AttributeMapping.for_preset("films")

    entities, triples = mapping.describe(
        Item("1", "X", attributes={"director": "Spike Lee", "cast": ("spike lee", "Ossie Davis")})
    )

    assert [e.id for e in entities] == ["person:spike-lee", "person:ossie-davis"]
    assert [(t.relation, t.tail) for t in triples] == [
        ("DIRECTED_BY", "person:spike-lee"),
        ("STARRING", "person:spike-lee"),
        ("STARRING", "person:ossie-davis"),
    ]


def test_defaults_judge_a_column_by_name_and_value():
    mapping = AttributeMapping()

    assert described(
        mapping,
        title="Never",
        long_description="short",
        image_url="a.png",
        product_id="A1",
        heel_types="flat|high",
        price=12.5,
        waterproof=True,
        vegan=False,
        model_year=1987,
        link_to="https://example.org/a",
        essay="one two three four five six seven eight nine",
        score="12.5",
    ) == {
        ("HAS_HEEL_TYPE", "heeltype:flat"),
        ("HAS_HEEL_TYPE", "heeltype:high"),
        ("HAS_FEATURE", "feature:waterproof"),
        ("FROM_DECADE", "decade:1980s"),
    }


@pytest.mark.parametrize("year", [1994, "1994", "1994-07-01", "01-Jan-1994", 1994.0])
def test_years_and_dates_become_decades(year):
    mapping = AttributeMapping.for_preset("films")

    entities, triples = mapping.describe(Item("1", "X", attributes={"year": year}))

    assert [t.relation for t in triples] == ["FROM_DECADE"]
    assert entities[0].name == "1990s"
    assert entities[0].names == {"zh": "1990年代"}
    assert {"90s", "nineties", "九十年代"} <= set(entities[0].aliases)


@pytest.mark.parametrize("year", ["unknown", 7, 99999, True, ""])
def test_what_is_no_year_makes_no_decade(year):
    assert described(AttributeMapping.for_preset("films"), year=year) == set()


def test_year_transform_keeps_the_year():
    rule = AttributeRule("built", "Year", "BUILT_IN", transform="year")

    assert described(AttributeMapping([rule]), built="1999-02-03") == {("BUILT_IN", "year:1999")}


def test_known_names_come_with_the_entity():
    entities, _ = AttributeMapping.for_preset("films").describe(
        Item("1", "X", attributes={"genres": "sci-fi", "country": "France"})
    )

    assert entities[0].names["zh"] == "科幻片"
    assert "science fiction" in entities[0].aliases
    assert entities[1].names["zh"] == "法国"


def test_columns_and_ignored_limit_what_is_described():
    item = {"brand": "Nike", "color": "red", "fit": "slim"}

    assert described(AttributeMapping.for_preset("generic", columns=["brand"]), **item) == {
        ("HAS_BRAND", "brand:nike")
    }
    assert described(AttributeMapping(ignored=["Brand", "fit"]), **item) == {
        ("HAS_COLOR", "color:red")
    }


def test_chinese_columns_and_values():
    mapping = AttributeMapping.for_preset("generic")

    entities, triples = mapping.describe(Item("鞋 1", "凉鞋", attributes={"品牌": "回力"}))

    assert (entities[0].id, triples[0].relation) == ("brand:回力", "HAS_BRAND")


def test_an_item_without_attributes_has_no_entities():
    assert AttributeMapping.for_preset("films").describe(Item("1", "X")) == ([], [])


def test_cells_get_their_types():
    mapping = AttributeMapping([AttributeRule("brand", "Brand", "MADE_BY")])

    assert mapping.attributes({
        "brand": "361",
        "price": "12.50",
        "stock": "3",
        "code": "007",
        "new": "true",
        "sizes": "38|39",
        "description": "this | that",
        "empty": " ",
    }) == {
        "brand": "361",
        "price": 12.5,
        "stock": 3,
        "code": "007",
        "new": True,
        "sizes": (38, 39),
        "description": "this | that",
    }


@given(st.text(alphabet="abcdefgé 鞋-", min_size=1, max_size=30))
def test_case_and_outer_spaces_do_not_matter(name):
    mapping = AttributeMapping()

    assert mapping.entity("Tag", name).id == mapping.entity("Tag", f" {name.upper()} ").id


@given(st.text(max_size=600))
def test_every_name_has_a_short_id(name):
    assert 4 < len(AttributeMapping().entity("Tag", name).id) <= 512


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Film Noir", "film-noir", True),
        ("José", "Jose", True),
        ("ＡＢＣ", "abc", True),
        ("C++", "C#", False),
        ("-5", "5", False),
        ("1.5", "15", False),
        ("か", "が", False),
        ("???", "!!!", False),
    ],
)
def test_normalisation(left, right, same):
    mapping = AttributeMapping()

    assert (mapping.entity("Tag", left).id == mapping.entity("Tag", right).id) is same


def test_mapping_file(tmp_path: Path):
    file = tmp_path / "mapping.toml"
    file.write_text(
        'preset = "films"\nignore = ["studio"]\n[fields]\nid = "sku"\n'
        '[[rules]]\ncolumn = "genres"\nlabel = "Mood"\nrelation = "FEELS"\nseparator = "/"\n'
        '[[rules]]\ncolumn = "heel types"\n',
        encoding="utf-8",
    )

    mapping = AttributeMapping.from_file(file)

    assert mapping.fields == {"id": "sku"}
    assert described(
        mapping, genres="sad/dark", director="A B", studio="S", **{"heel types": "flat"}
    ) == {
        ("FEELS", "mood:sad"),
        ("FEELS", "mood:dark"),
        ("DIRECTED_BY", "person:a-b"),
        ("HAS_HEEL_TYPE", "heeltype:flat"),
    }


def test_mapping_file_in_json(tmp_path: Path):
    file = tmp_path / "mapping.json"
    file.write_text(json.dumps({"rules": [{"column": "maker", "relation": "MADE_BY"}]}))

    assert described(AttributeMapping.from_file(file), maker="Acme") == {("MADE_BY", "maker:acme")}


@pytest.mark.parametrize(
    "text",
    [
        "not toml [",
        "unknown = 1",
        "ignore = 3",
        "[fields]\nprice = 'p'",
        "[[rules]]\nlabel = 'Brand'",
        "[[rules]]\ncolumn = 'a'\ncolour = 'b'",
        "[[rules]]\ncolumn = 'a'\nlabel = 'no label'",
        "[[rules]]\ncolumn = 'a'\nrelation = 'no type'",
        "[[rules]]\ncolumn = 'a'\nrelation = 'SIMILAR_TO'",
        "[[rules]]\ncolumn = 'a'\ntransform = 'century'",
        "[[rules]]\ncolumn = 'a'\nseparator = 3",
        "preset = 'cars'",
        "preset = 3",
    ],
)
def test_a_broken_mapping_file_is_refused(tmp_path: Path, text):
    file = tmp_path / "mapping.toml"
    file.write_text(text)

    with pytest.raises(InvalidError):
        AttributeMapping.from_file(file)


def test_a_missing_mapping_file_is_refused(tmp_path: Path):
    with pytest.raises(InvalidError, match="cannot be read"):
        AttributeMapping.from_file(tmp_path / "none.toml")


def test_digest_tells_mappings_apart():
    rule = AttributeRule("brand", "Brand", "MADE_BY")

    assert AttributeMapping([rule]).digest == AttributeMapping([rule]).digest
    assert AttributeMapping([rule]).digest != AttributeMapping().digest
    assert AttributeMapping().digest != AttributeMapping(ignored=["a"]).digest
