from api.console.catalog_fields import NumberField, ValueField, fields_in

RECORDS = [
    {
        "year": 1950 + n,
        "genres": ("Drama",) if n % 2 else ("Comedy", "Drama"),
        "title_note": f"only {n}",
        "rare": "x" if n == 0 else None,
        "flag": True,
    }
    for n in range(20)
]


def test_numbers_have_bounds_and_shared_values_are_listed_by_use():
    records = [{k: v for k, v in record.items() if v is not None} for record in RECORDS]
    fields = fields_in(records)
    assert fields[0] == NumberField("year", 1950.0, 1969.0)
    assert ValueField("genres", ("Drama", "Comedy")) in fields
    assert {field.name for field in fields} == {"year", "genres"}


def test_a_field_of_numbers_and_words_is_neither():
    assert fields_in([{"size": 1}, {"size": 2}, {"size": "large"}]) == []


def test_nothing_is_found_in_an_empty_catalog():
    assert fields_in([]) == []
