import math

import numpy as np
import pytest
from scipy import stats

from ranking.evaluation import causing


def test_additivity_error_is_relative_to_the_score():
    assert causing.additivity_error(2.0, [0.5], [1.0, 0.5]) == 0.0
    assert causing.additivity_error(-4.0, [1.0], [-4.0]) == 0.25
    assert causing.additivity_error(0.0, [1.0], [-1.5]) == 0.5


def test_drops_are_shares_of_the_score_before():
    before = np.array([2.0, 4.0, 0.0, -1.0])
    found = causing.drops(before, np.array([1.0, -4.0, 1.0, -2.0]))
    assert found[:2].tolist() == [0.5, 2.0]
    assert np.isnan(found[2:]).all()


def test_drops_by_several_draws():
    found = causing.drops(np.array([2.0, 4.0]), np.array([[1.0, 2.0], [4.0, 3.0]]))
    assert found.tolist() == [[0.5, 0.0], [0.0, 0.25]]


def test_what_is_left_out_and_what_is_kept_alone():
    before, without, alone = np.array([2.0, 4.0]), np.array([1.0, 3.0]), np.array([1.5, 1.0])
    assert causing.comprehensiveness(before, without) == 0.375
    assert causing.sufficiency(before, alone) == 0.5


def test_a_full_and_an_empty_explanation():
    before = np.array([2.0, 4.0])
    assert causing.comprehensiveness(before, np.zeros(2)) == 1.0
    assert causing.sufficiency(before, before) == 1.0
    assert causing.sufficiency(before, np.zeros(2)) == 0.0


def test_aopc_is_the_mean_over_the_bins():
    assert causing.aopc([0.1, 0.2, 0.3, 0.4]) == pytest.approx(0.25)


def test_a_tie_with_random_ones_is_no_win():
    shown, random = np.array([0.5, 0.1]), np.array([[0.1, 0.5], [0.0, 0.2]])
    assert causing.win_rate(shown, random) == 0.5
    assert causing.win_rate(np.array([np.nan, 0.1]), random) == 0.5


def test_ratio_is_that_of_the_means():
    shown, random = np.array([0.5, 0.1]), np.array([[0.1, 0.0], [0.05, 0.05]])
    assert causing.ratio(shown, random) == pytest.approx(6.0)
    assert causing.ratio(shown, -random) == math.inf


def test_flip_rate():
    assert causing.flip_rate(np.array([True, False, False, False])) == 0.25
    assert math.isnan(causing.flip_rate(np.zeros(0, dtype=np.bool_)))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_agreement_is_spearmans_with_ties(seed):
    rng = np.random.default_rng(seed)
    values, lost = rng.integers(0, 6, size=(2, 40)).astype(np.float64)
    expected = stats.spearmanr(values, lost).statistic
    assert causing.agreement(values, lost) == pytest.approx(expected)


def test_agreement_of_the_same_order_and_of_the_opposite():
    values = np.array([3.0, 1.0, 2.0])
    assert causing.agreement(values, values**3) == pytest.approx(1.0)
    assert causing.agreement(values, -values) == pytest.approx(-1.0)


def test_rounding_is_no_disagreement():
    values = np.array([1.0, 1.0, 0.5, 0.2])
    noise = np.array([1e-16, 0.0, 0.0, 0.0])
    assert causing.agreement(values, values + noise) == pytest.approx(1.0)


def test_too_few_paths_or_equal_ones_say_nothing():
    assert math.isnan(causing.agreement(np.array([1.0, 2.0]), np.array([1.0, 2.0])))
    assert math.isnan(causing.agreement(np.ones(5), np.arange(5.0)))


def test_stable_share_compares_bytes():
    assert causing.stable_share([b"a", b"b"], [b"a", b"c"]) == 0.5
    assert math.isnan(causing.stable_share([], []))
