import pytest

from graph.catalog_checks import Checks, RepeatedError
from graph.domain import Entity, Interaction, Item, Triple, User


def test_a_record_that_came_before_is_no_problem_unless_it_changed():
    checks = Checks()

    assert checks.problem(Item("1", "A", attributes={"x": 1, "y": 2})) == ""
    with pytest.raises(RepeatedError):
        checks.problem(Item("1", "A", attributes={"y": 2, "x": 1}))
    assert "other content" in checks.problem(Item("1", "B"))
    assert checks.problem(User("1", {"age": 3})) == ""
    assert "other content" in checks.problem(User("1", {"age": 4}))


def test_items_and_entities_need_different_ids():
    checks = Checks()

    assert checks.problem(Entity("1", "Brand", "A")) == ""
    assert "already that of an entity" in checks.problem(Item("1", "A"))
    assert checks.problem(Item("2", "A")) == ""
    assert "already that of an item" in checks.problem(Entity("2", "Brand", "A"))


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (Item("", "A"), "id"),
        (Item("x" * 513, "A"), "id"),
        (Entity("a", "Item", "A"), "own"),
        (Triple("a", "HAS_A", ""), "id"),
        (Triple("a", "HAS_A", "a"), "itself"),
        (Triple("a", "SIMILAR_TO", "b"), "made by Whyrec"),
        (Triple("a", "no type", "b"), "not the name"),
        (Triple("a", "HAS_A", "b", float("nan")), "finite"),
        (Interaction("", "i"), "empty"),
        (Interaction("u", "i", ""), "empty"),
        (Interaction("u", "i", event_id="x" * 513), "event"),
    ],
)
def test_what_cannot_be_stored(record, reason):
    assert reason in Checks().problem(record)


def test_a_hierarchy_must_not_run_in_a_circle():
    checks = Checks()

    def add(head, tail, relation="SUBCLASS_OF"):
        return checks.problem(Triple(head, relation, tail))

    assert add("sandals", "shoes") == ""
    assert add("shoes", "clothes") == ""
    assert add("boots", "shoes") == ""
    assert add("sandals", "clothes") == ""
    assert add("clothes", "sandals") == (
        "the edge would close a cycle: clothes -> sandals -> clothes"
    )
    assert "clothes -> boots -> shoes -> clothes" in add("clothes", "boots")
    assert add("clothes", "sandals", "PART_OF") == "", "another hierarchy"
    assert add("clothes", "sandals", "GOES_WITH") == "", "no hierarchy"
    assert add("clothes", "things") == "", "what was refused left no trace"


def test_a_long_circle_is_told_short():
    checks = Checks()
    for number in range(50):
        assert checks.problem(Triple(f"n{number}", "PART_OF", f"n{number + 1}")) == ""

    assert checks.problem(Triple("n50", "PART_OF", "n0")).endswith(
        "n50 -> n0 -> n1 -> ... -> n49 -> n50"
    )


def test_described_entities_are_new_once():
    checks = Checks()
    checks.problem(Item("brand:item", "A"))

    assert checks.described(Entity("brand:a", "Brand", "A"))
    assert not checks.described(Entity("brand:a", "Brand", "A"))
    assert not checks.described(Entity("brand:item", "Brand", "A"))
