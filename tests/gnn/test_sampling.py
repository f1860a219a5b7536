import numpy as np
import torch
from scipy.sparse import csr_matrix

from gnn.sampling import batches, draw_items, event_batch, hide_edges, stream, with_data

CPU = torch.device("cpu")


def test_a_stream_depends_on_its_place_only():
    assert stream(1, 2, 3).random() == stream(1, 2, 3).random()
    assert stream(1, 2, 3).random() != stream(1, 2, 4).random()


def test_batches_deal_out_every_row_once(generator):
    dealt = list(batches(np.arange(10), 4, generator=generator))
    assert [len(part) for part in dealt] == [4, 4, 2]
    assert sorted(np.concatenate(dealt)) == list(range(10))


def test_the_wanted_share_of_edges_is_hidden(generator):
    matrix = csr_matrix(np.ones((100, 100), dtype=np.float32))
    kept = hide_edges(matrix, 0.3, generator=generator)
    assert abs(kept.mean() - 0.7) < 0.02
    assert hide_edges(matrix, 0.0, generator=generator).all()


def test_drawn_items_are_distinct(generator):
    drawn = draw_items(50, 50, generator=generator)
    assert sorted(drawn.tolist()) == list(range(50))


def test_an_event_that_is_the_whole_history_teaches_nothing():
    strengths = csr_matrix(np.array([[1, 1, 1], [1, 1, 0]], dtype=np.float32))
    kept = with_data(strengths, np.array([1, 1, 0, 1, 0], dtype=np.float32))
    batch = event_batch(strengths, kept, CPU)
    assert batch.rows.tolist() == [0, 0, 0, 1, 1]
    assert batch.items.tolist() == [0, 1, 2, 0, 1]
    assert batch.weights.tolist() == [1, 1, 1, 0, 1]
