import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix

from gnn.validation import Validation
from graph.errors import InvalidError


def rows(*values: list[int]) -> csr_matrix:
    return csr_matrix(np.array(values, dtype=np.float32))


def test_recall_and_ndcg_of_a_known_ranking(generator):
    n_items = 30
    history, wanted = np.zeros((1, n_items)), np.zeros((1, n_items))
    history[0, 29] = 1
    wanted[0, [0, 2, 25]] = 1  # ranks 1 and 3; the third is beyond 20
    source, target = torch.zeros(n_items, 1), torch.arange(n_items, 0, -1.0)[:, None]
    source[29] = 1
    validation = Validation(
        csr_matrix(history), csr_matrix(wanted), max_users=9, generator=generator
    )
    recall, ndcg = validation.measure(source, target)
    assert recall == pytest.approx(2 / 3)
    ideal = 1 + 1 / np.log2(3) + 1 / np.log2(4)
    assert ndcg == pytest.approx((1 + 1 / np.log2(4)) / ideal)


def test_training_events_are_never_recommended(generator):
    validation = Validation(rows([1, 0]), rows([1, 1]), max_users=9, generator=generator)
    vectors = torch.tensor([[9.0], [1.0]])
    assert validation.measure(vectors, vectors) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("history", "wanted"),
    [(rows([1, 0]), rows([1, 0])), (rows([0, 0]), rows([0, 1])), (rows([1, 0]), rows([0, 1, 1]))],
    ids=["nothing new", "no history", "other shape"],
)
def test_useless_validation_is_refused(history, wanted, generator):
    with pytest.raises(InvalidError):
        Validation(history, wanted, max_users=9, generator=generator)


def test_the_sample_of_users_is_bounded(generator):
    history, wanted = rows(*[[1, 0]] * 50), rows(*[[0, 1]] * 50)
    validation = Validation(history, wanted, max_users=5, generator=generator)
    vectors = torch.ones(2, 1)
    assert validation.measure(vectors, vectors) == (1.0, 1.0)
