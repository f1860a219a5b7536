import numpy as np
import pytest
import scipy.sparse as sp

from graph.domain import Interaction
from ranking.components.sequences import Sequences, shuffled

TOKEN = np.array([1, 2, 3, 4, 0])


@pytest.fixture(scope="module")
def events(small):
    order = [("a", 5.0), ("b", 3.0), ("c", 4.0), ("a", 1.0), ("e", 2.0)]
    done = [Interaction("u", item, "view", None, at) for item, at in order]
    events = small(list("abcde"), events=done, users=["v"]).snapshot().events
    assert np.diff(events.indptr).tolist() == [0, 5]
    return events


def test_items_stand_oldest_first_at_their_newest_event(events):
    everything = sp.csr_matrix(np.ones((2, 5), dtype=np.float32))
    rows = Sequences(events, 4).of(np.array([1, 0]), everything, TOKEN)
    # e has no token, a counts at its second event, v did nothing.
    assert rows.tolist() == [[2, 3, 1, 0], [0, 0, 0, 0]]


def test_only_the_newest_fit_and_only_the_profile_counts(events):
    everything = sp.csr_matrix(np.ones((1, 5), dtype=np.float32))
    assert Sequences(events, 2).of(np.array([1]), everything, TOKEN).tolist() == [[3, 1]]
    some = sp.csr_matrix(np.array([[0, 1, 1, 0, 0]], dtype=np.float32))
    assert Sequences(events, 3).of(np.array([1]), some, TOKEN).tolist() == [[2, 3, 0]]


def test_shuffling_keeps_the_tokens_of_a_row_and_the_fillers_last():
    rows = np.array([[1, 2, 3, 4, 5, 6, 0, 0], [7, 0, 0, 0, 0, 0, 0, 0]])
    mixed = shuffled(rows, np.random.default_rng(0))
    assert mixed[0].tolist() != rows[0].tolist()
    np.testing.assert_array_equal(np.sort(mixed[0, :6]), rows[0, :6])
    assert (mixed[rows == 0] == 0).all()
    assert mixed[1, 0] == 7
