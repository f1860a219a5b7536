from dataclasses import replace

import numpy as np
import pytest

from graph.columns import Csr, StringColumn
from ranking.model import Model
from ranking.written_edges import WrittenEdges


@pytest.fixture
def four(small, preset_films):
    """Items a, b and c have events, d has none; d owns the edges that lead to it."""
    snapshot = small(["a", "b", "c", "d"]).snapshot()
    edges = Csr.of(
        np.array([0, 0, 1, 2, 3, 3, 3]),
        np.array([1, 2, 0, 0, 0, 1, 2]),
        np.array([0.5, 0.9, -0.4, 0.3, 0.1, 0.8, 0.2]),
        (4, 4),
    )
    return replace(
        Model.untrained(snapshot, preset_films),
        id="m",
        item_ids=StringColumn.of(["a", "b", "c", "d"]),
        similar=edges,
        source=np.array([[1, 0], [0, 1], [1, 1], [9, 9]], np.float32),
        target=np.array([[1, 0], [2, 1], [-1, 1], [3, 1]], np.float32),
        owner_is_cold=np.array([False, False, False, True]),
    )


def test_the_strongest_edges_of_each_item_are_written_in_the_direction_they_are_shown(four):
    written = WrittenEdges.of(four, n_similar=2, n_close=1)
    edges = written.edges(four)
    assert edges.model == "m"
    similar = {"a": {"b": 0.5, "c": 0.9}, "c": {"a": 0.3}, "d": {"b": 0.8, "c": 0.2}}
    assert edges.of_type("SIMILAR_TO") == {
        owner: {other: pytest.approx(weight) for other, weight in some.items()}
        for owner, some in similar.items()
    }
    # a speaks for b with <(1, 0), (2, 1)> = 2; c speaks for d with <(1, 1), (3, 1)> = 4
    close = {"a": {"b": 2.0}, "b": {"c": 1.0}, "c": {"b": 3.0}, "d": {"c": 4.0}}
    assert edges.of_type("CLOSE_TO") == close
    assert WrittenEdges.before(four).edges(four).of_type("CLOSE_TO") == {}


def test_nothing_negative_and_no_item_with_itself_is_written(four):
    edges = WrittenEdges.of(four, n_similar=9, n_close=9).edges(four)
    assert "b" not in edges.of_type("SIMILAR_TO")
    assert all(
        source != target for source, target in zip(edges.sources, edges.targets, strict=True)
    )
    assert min(edges.weights) > 0
    assert len(WrittenEdges.of(four, n_similar=0, n_close=0).edges(four)) == 0


def test_what_is_written_is_kept_with_the_model(four, tmp_path):
    written = WrittenEdges.of(four, n_similar=1, n_close=2)
    assert Model.load(four.save(tmp_path)).written is None
    loaded = Model.load(replace(four, written=written).save(tmp_path)).written
    assert loaded.edges(four) == written.edges(four)


def test_a_trained_model_writes_to_items_with_events_only(model):
    written = WrittenEdges.of(model, n_similar=5, n_close=4)
    for csr, most in ((written.similar, 5), (written.close, 4)):
        assert csr.n_edges > 0
        assert np.diff(csr.indptr).max() <= most
        assert not model.owner_is_cold[csr.indices].any()
