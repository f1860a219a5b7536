import numpy as np
import pytest
import scipy.sparse as sp

from ranking.kernels import align_kernels


def groups(n, size, seed):
    return sp.csr_matrix(np.eye(n)[np.random.default_rng(seed).integers(n, size=size)])


@pytest.fixture
def blocks():
    return [groups(4, 80, seed) for seed in range(3)]


def test_the_mixture_is_found_again(blocks):
    likeness = sum(
        weight * (block @ block.T).toarray()
        for weight, block in zip((0.75, 0.25, 0.0), blocks, strict=True)
    )
    np.testing.assert_allclose(align_kernels(blocks, likeness), [0.75, 0.25, 0.0], atol=0.03)


def test_the_scale_of_the_likeness_does_not_matter(blocks):
    likeness = (blocks[0] @ blocks[0].T).toarray()
    np.testing.assert_allclose(
        align_kernels(blocks, likeness), align_kernels(blocks, 50 * likeness + 3), rtol=1e-6
    )


def test_what_contradicts_gets_no_weight(blocks):
    likeness = -(blocks[0] @ blocks[0].T).toarray()
    assert align_kernels(blocks, likeness)[0] == 0.0


def test_a_few_pairs_are_no_evidence(blocks):
    rare = np.zeros((80, 1))
    rare[:2] = 1.0
    likeness = (blocks[0] @ blocks[0].T).toarray()
    likeness[0, 1] = likeness[1, 0] = 30.0
    weights = align_kernels([blocks[0], sp.csr_matrix(rare)], likeness)
    assert weights[1] < 2.0 * weights[0]


def test_nothing_to_learn_from(blocks):
    assert align_kernels(blocks, np.ones((80, 80))).tolist() == [0.0, 0.0, 0.0]
    assert align_kernels([sp.csr_matrix((5, 2))], np.eye(5)).tolist() == [0.0]
    assert align_kernels([], np.eye(5)).tolist() == []
