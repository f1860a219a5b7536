import numpy as np
import pytest

from ranking.evaluation import significance


def test_a_real_difference_is_found_and_none_is_not() -> None:
    rng = np.random.default_rng(0)
    base = rng.random(500)
    better = significance.paired_test(base + rng.normal(0.02, 0.1, 500), base, rng=rng)
    assert better.p_t < 0.01
    assert better.p_permutation < 0.01
    assert better.difference.low > 0
    same = significance.paired_test(base + rng.normal(0, 0.1, 500), base, rng=rng)
    assert same.p_permutation == pytest.approx(same.p_t, abs=0.05)
    equal = significance.paired_test(base, base, rng=rng)
    assert (equal.p_t, equal.p_permutation) == (1, 1)


def test_permutation_p_value_is_that_of_all_sign_flips() -> None:
    gaps = np.array([0.3, -0.1, 0.25, 0.4, 0.05, 0.2])
    signs = np.array(np.meshgrid(*[[-1, 1]] * 6)).reshape(6, -1).T
    exact = (np.abs(signs @ gaps) >= abs(gaps.sum()) - 1e-12).mean()
    found = significance.paired_test(
        gaps, np.zeros(6), rng=np.random.default_rng(0), n_resamples=20_000
    )
    assert found.p_permutation == pytest.approx(exact, abs=0.006)


def test_holm_multiplies_the_smallest_by_the_number_of_tests() -> None:
    assert significance.holm([0.04, 0.01, 0.03]).tolist() == pytest.approx([0.06, 0.03, 0.06])
    assert significance.holm([0.9, 0.8]).tolist() == [1, 1]
