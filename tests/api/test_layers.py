from hypothesis import given, settings
from hypothesis import strategies as st

from api.layers import crossings, heights, ordered


def test_lines_that_cross_are_counted_and_those_with_a_common_end_are_not():
    columns = [["a", "b"], ["c", "d"]]
    assert crossings(columns, [("a", "d"), ("b", "c")]) == 1
    assert crossings(columns, [("a", "c"), ("b", "d")]) == 0
    assert crossings(columns, [("a", "c"), ("a", "d"), ("b", "d")]) == 0


def test_a_tangle_that_can_be_undone_is_undone():
    columns = [["a", "b", "c"], ["x", "y", "z"], ["end"]]
    links = [("a", "z"), ("b", "y"), ("c", "x"), ("x", "end"), ("y", "end"), ("z", "end")]
    found = ordered(columns, links)
    assert crossings(columns, links) == 3
    assert crossings(found, links) == 0


def test_an_order_without_crossings_stays():
    columns = [["u"], ["a", "b"], ["end"]]
    links = [("u", "a"), ("u", "b"), ("a", "end"), ("b", "end")]
    assert ordered(columns, links) == columns


def test_nodes_of_a_column_are_spread_evenly():
    assert heights([["u"], ["a", "b"]]) == {"u": 0.5, "a": 0.25, "b": 0.75}


@settings(deadline=None)
@given(
    st.integers(1, 5),
    st.integers(1, 5),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12),
)
def test_never_more_crossings_than_before_and_no_node_is_lost(n_left, n_right, pairs):
    columns = [[f"l{n}" for n in range(n_left)], [f"r{n}" for n in range(n_right)]]
    links = [(f"l{a % n_left}", f"r{b % n_right}") for a, b in pairs]
    found = ordered(columns, links)
    assert crossings(found, links) <= crossings(columns, links)
    assert [sorted(column) for column in found] == [sorted(column) for column in columns]
