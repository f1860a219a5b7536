import pytest

from llm.measures import Measures, is_capped, measure
from llm.quantities import Quantity, quantities


def amount(text):
    (found,) = quantities(text)
    return found


@pytest.mark.parametrize(
    ("field", "kind", "unit_name", "text", "value"),
    [
        ("runtime", "runtime", "min", "two hours", 120),
        ("runtime_s", "runtime", "", "two minutes", 120),
        ("duration_hours", "runtime", "", "90 minutes", 1.5),
        ("weight_kg", "", "", "250 grams", 0.25),
        ("weightKg", "", "", "2公斤", 2),
        ("price", "price", "", "$50", 50),
        ("price", "price", "eur", "20 euros", 20),
        ("price_usd", "price", "", "20 euros", None),
        ("runtime", "runtime", "min", "5 kg", None),
        ("size", "size", "码", "42", 42),
    ],
)
def test_amounts_are_carried_over_to_the_unit_of_the_attribute(field, kind, unit_name, text, value):
    assert measure(field, kind, unit_name=unit_name).value_of(amount(text)) == value


@pytest.mark.parametrize(
    ("top", "text", "value"),
    [
        (5, "4 stars", 4),
        (10, "4 stars", 8),
        (10, "8 stars", 8),
        (5, "8 out of 10", 4),
        (98, "8分", 80),
        (98, "80", 80),
        (98, "8", 80),
        (9.4, "7.5", 7.5),
        (4.9, "8", 4),
        (0, "8", 8),
    ],
)
def test_marks_are_carried_over_to_the_scale_of_the_catalog(top, text, value):
    assert measure("rating", "rating", top=top).value_of(amount(text)) == value


def test_the_unit_at_the_end_of_a_name_is_no_part_of_it():
    one = measure("memory_gb")
    assert (one.names, one.unit.symbol, one.dimension) == (("memory", "内存"), "GB", "data")
    assert measure("pages", "pages").names == ("pages", "page", "页数", "页")


def test_what_an_amount_is_about():
    memory, disk = measure("memory_gb"), measure("disk_gb")
    both = Measures([memory, disk, measure("runtime", "runtime", unit_name="min")])
    assert both.measuring("data") is None, "either could be meant"
    assert both.measuring("data", "disk") is disk
    assert Measures([memory]).measuring("data") is memory
    assert both.measuring("time").field == "runtime"
    assert both.measuring("mass") is None


def test_what_the_catalog_lacks_is_known_by_its_kind():
    price = Measures().measuring("money")
    assert (price.field, price.in_catalog) == ("price", False)
    assert [one.field for one in Measures([measure("cost", "price")])] == ["cost"]
    assert Measures([measure("cost", "price")]).of_kind("price").field == "cost"


def test_names_beside_an_amount():
    measures = Measures([measure("memory_gb")])
    assert measures.name_before("a laptop with memory of")["name"] == "memory"
    assert measures.name_before("a laptop with a memory card and") is None
    assert measures.name_after(" pages or more")["name"] == "pages"
    assert measures.named("Memory").field == "memory_gb"
    assert measures.named("colour") is None
    assert is_capped("Budget")
    assert not is_capped("price")


def test_an_amount_without_a_unit_is_in_the_unit_of_the_attribute():
    assert measure("runtime", "runtime", unit_name="min").value_of(Quantity(90, None, (0, 1))) == 90
