import numpy as np
import pytest
import scipy.sparse as sp

from ranking.role_counts import RoleCounts

# 40 items; role "a" has 1 or 8 features each, role "b" always one, role "c" one in two items.
N_ITEMS = 40


@pytest.fixture
def counts():
    dense = np.zeros((N_ITEMS, 10), np.float32)
    dense[:, 0] = 1.0
    dense[::2, 1:8] = 1.0
    dense[:, 8] = 1.0
    dense[:2, 9] = 1.0
    roles = np.array([0] * 8 + [1] + [2])
    return RoleCounts(sp.csr_matrix(dense), roles, ["a", "b", "c"])


def test_only_roles_with_more_or_fewer_entities_tell_anything(counts):
    assert counts.names == ("a, how many", "c, how many")


def test_items_with_as_many_entities_are_alike(counts):
    block = counts.blocks[0]
    kernel = (block @ block.T).toarray()
    assert kernel[0, 2] == pytest.approx(1.0)
    assert kernel[1, 3] == pytest.approx(1.0)
    assert kernel[0, 1] < 0.2


def test_a_new_item_is_described_as_the_known_ones_are(counts):
    found = counts.of(np.array([[8, 1, 1]]))
    for block, known in zip(found, counts.blocks, strict=True):
        np.testing.assert_allclose(block.toarray()[0], known[[0]].toarray()[0], atol=1e-6)


def test_rare_roles_are_left_out():
    dense = np.zeros((N_ITEMS, 2), np.float32)
    dense[0] = 1.0
    assert RoleCounts(sp.csr_matrix(dense), np.array([0, 0]), ["a"]).names == ()
