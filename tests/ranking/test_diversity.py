import itertools
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ranking.diversity import MAX_CHOSEN, diversified
from ranking.domain import Diversity, Strategy
from ranking.vectors import mean_distance

STRATEGIES = get_args(Strategy)
APART = ("msd", "mmr", "dpp", "ssd")


def unit(vectors):
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(length > 0, length, 1)).astype(np.float32)


@pytest.fixture(scope="module")
def clusters():
    """Three kinds of twenty items each; the best twenty are all of the first kind."""
    rng = np.random.default_rng(3)
    centres = np.eye(3, 8)
    kinds = np.repeat(np.arange(3), 20)
    vectors = unit(centres[kinds] + 0.1 * rng.normal(size=(60, 8)))
    return vectors, np.linspace(1.0, 0.0, 60), kinds


@pytest.mark.parametrize("strategy", STRATEGIES)
@given(st.integers(0, 40), st.integers(0, 45), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_a_reordered_list_is_a_permutation(strategy, n, k, strength, seed):
    rng = np.random.default_rng(seed)
    vectors = unit(rng.normal(size=(n, 5)) * (rng.random((n, 1)) < 0.8))
    scores = np.sort(rng.normal(size=n) * rng.choice([0, 1e-6, 1, 1e6]))[::-1]
    order = diversified(vectors, scores, Diversity(strength, strategy), k=k)
    assert sorted(order.tolist()) == list(range(n))
    rest = order[min(k, n) :]
    assert (np.diff(rest) > 0).all()


@pytest.mark.parametrize("strategy", STRATEGIES)
@given(arrays(np.float64, st.integers(0, 30), elements=st.floats(-1e6, 1e6)))
def test_without_strength_nothing_moves(strategy, scores):
    scores = np.sort(scores)[::-1]
    order = diversified(
        np.eye(len(scores), 4, dtype=np.float32), scores, Diversity(0, strategy), k=9
    )
    assert order.tolist() == list(range(len(scores)))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_very_small_strength_moves_nothing(strategy, clusters):
    vectors, scores, _ = clusters
    order = diversified(vectors, scores, Diversity(1e-6, strategy), k=10)
    assert order.tolist() == list(range(60))


@pytest.mark.parametrize("strategy", APART)
def test_three_kinds_are_shown_instead_of_one(strategy, clusters):
    vectors, scores, kinds = clusters
    order = diversified(vectors, scores, Diversity(0.9, strategy), k=9)
    assert order[0] == 0
    assert set(kinds[order[:9]]) == {0, 1, 2}


@pytest.mark.parametrize("strategy", APART)
def test_more_strength_is_more_distance_and_less_score(strategy, clusters):
    vectors, scores, _ = clusters
    tops = [
        diversified(vectors, scores, Diversity(strength, strategy), k=9)[:9]
        for strength in (0.0, 0.3, 0.6, 0.9)
    ]
    distances = [mean_distance(vectors[top]) for top in tops]
    sums = [scores[top].sum() for top in tops]
    assert all(b >= a - 0.02 for a, b in itertools.pairwise(distances))
    assert all(b <= a + 0.1 for a, b in itertools.pairwise(sums))
    assert distances[-1] > distances[0] + 0.3


def test_cover_chooses_one_of_each_large_group():
    vectors = unit(np.repeat(np.eye(3), [10, 7, 5], axis=0))
    order = diversified(vectors, np.zeros(22), Diversity(1.0, "cover"), k=3)
    assert [int(np.argmax(vectors[place])) for place in order[:3]] == [0, 1, 2]


def test_the_best_pair_is_the_hand_computed_one():
    """Of b (score 0.9, same as a) and c (score 0.5, apart from a), 0.5 of strength takes c."""
    vectors = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=np.float32)
    scores = np.array([1.0, 0.9, 0.5, 0.0])
    for strategy in ("mmr", "msd"):
        # mmr: b 0.5 * 0.9 - 0.5 * 1, c 0.5 * 0.5; msd: b 0.5 * 0.45, c 0.5 * 0.25 + 0.5 * 1.
        assert diversified(vectors, scores, Diversity(0.5, strategy), k=2).tolist() == [0, 2, 1, 3]
        assert diversified(vectors, scores, Diversity(0.1, strategy), k=2).tolist() == [0, 1, 2, 3]


def test_only_the_first_hundred_are_chosen():
    n = 150
    vectors = unit(np.random.default_rng(0).normal(size=(n, 6)))
    order = diversified(vectors, np.linspace(1, 0, n), Diversity(0.9), k=n)
    assert (np.diff(order[MAX_CHOSEN:]) > 0).all()
    assert (np.diff(order[:MAX_CHOSEN]) < 0).any()


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_same_again_is_the_same(strategy, clusters):
    vectors, scores, _ = clusters
    first, second = (
        diversified(vectors.copy(), scores.copy(), Diversity(0.7, strategy), k=20) for _ in range(2)
    )
    assert first.tolist() == second.tolist()
