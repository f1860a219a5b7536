"""Strings and sparse rows as arrays: what goes in comes out, from memory and from disk."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.columns import Csr, StringColumn, mapped

STRINGS = st.lists(st.text(st.characters(codec="utf-8"), max_size=20), max_size=20)
SIZE = st.integers(1, 8)


@st.composite
def edge_lists(draw):
    """Shape and unique weighted edges of a matrix."""
    n_rows, n_cols = draw(SIZE), draw(SIZE)
    cells = st.tuples(st.integers(0, n_rows - 1), st.integers(0, n_cols - 1))
    weights = st.floats(-1e6, 1e6, width=32)
    return (n_rows, n_cols), draw(st.dictionaries(cells, weights, max_size=20))


def csr_of(shape, edges):
    rows = np.array([row for row, _ in edges], dtype=np.int64)
    cols = np.array([col for _, col in edges], dtype=np.int64)
    return Csr.of(rows, cols, np.array(list(edges.values()), dtype=np.float64), shape)


def edges_of(csr):
    return {
        (row, int(col)): float(weight)
        for row in range(csr.n_rows)
        for col, weight in zip(csr.row(row), csr.row_weights(row), strict=True)
    }


@given(STRINGS)
def test_strings_come_back(strings):
    column = StringColumn.of(strings)
    assert list(column) == strings
    assert len(column) == len(strings)


@pytest.mark.parametrize("strings", [[], [""], ["", "a", "鞋😀", "nul\x00"]])
def test_saved_strings_come_back(tmp_path, strings):
    StringColumn.of(strings).save(tmp_path, "names")
    assert list(StringColumn.load(tmp_path, "names")) == strings


@pytest.mark.parametrize("index", [-1, 2])
def test_a_string_out_of_range_is_an_index_error(index):
    with pytest.raises(IndexError):
        StringColumn.of(["a", "b"])[index]


@given(edge_lists())
def test_edges_come_back_sorted(graph):
    shape, edges = graph
    csr = csr_of(shape, edges)
    assert edges_of(csr) == edges
    assert (csr.n_rows, csr.n_cols, csr.n_edges) == (*shape, len(edges))
    assert all((np.diff(csr.row(row)) > 0).all() for row in range(csr.n_rows))


@given(edge_lists())
def test_transposing_swaps_ends_and_twice_is_the_same(graph):
    csr = csr_of(*graph)
    turned = csr.transposed()
    assert edges_of(turned) == {(col, row): weight for (row, col), weight in graph[1].items()}
    assert edges_of(turned.transposed()) == edges_of(csr)


@pytest.mark.parametrize("edges", [{}, {(0, 2): 0.5, (1, 0): -1.0}])
def test_saved_rows_come_back(tmp_path, edges):
    csr_of((2, 3), edges).save(tmp_path, "r")
    loaded = Csr.load(tmp_path, "r", 3)
    assert edges_of(loaded) == edges
    assert (loaded.indices.dtype, loaded.weights.dtype) == (np.int32, np.float32)


def test_a_mapped_array_is_a_plain_one_that_nobody_can_write_to(tmp_path):
    np.save(tmp_path / "some.npy", np.arange(5))
    found = mapped(tmp_path / "some.npy")
    assert type(found) is np.ndarray
    assert isinstance(found.base, np.memmap)
    assert found.tolist() == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="read-only"):
        found[0] = 1
