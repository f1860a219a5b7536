import pytest

from graph.errors import InvalidError
from ranking.components.registry import ALL, component, components, components_of

EXPECTED = (
    *("popularity", "item-graph", "ease", "balanced-ease", "ials"),
    *(
        "kg-similarity-1",
        "kg-similarity-2",
        "attributes",
        "gnn",
        "content",
        "mf",
        "linear",
        "transformer",
    ),
)


def test_every_name_names_one_component():
    assert components() == EXPECTED
    assert [component(name).name for name in components()] == list(EXPECTED)


def test_several_names_and_all_of_them_name_each_once():
    names = [each.name for each in components_of(["gnn", "ease", "gnn"])]
    assert names == ["gnn", "ease"]
    assert [each.name for each in components_of(["mf", ALL])] == [
        "mf",
        *(name for name in EXPECTED if name != "mf"),
    ]
    assert components_of([]) == []


def test_a_name_that_names_nothing_is_refused():
    with pytest.raises(InvalidError, match="no component 'EASE'"):
        components_of(["ease", "EASE"])
