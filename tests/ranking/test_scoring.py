import numpy as np
import pytest
import scipy.sparse as sp

from ranking.fusion import Gate
from ranking.scoring import Breakdown, ItemBlock, Profile, Scorer

COEFFICIENTS = np.array([0.7, 1.3, 0.4, -0.2])


def block(n, seed, n_items=9, n_features=5):
    rng = np.random.default_rng(seed)

    def sparse(n_columns):
        dense = np.where(rng.random((n, n_columns)) < 0.5, rng.normal(size=(n, n_columns)), 0)
        return sp.csr_matrix(dense.astype(np.float32))

    vectors = rng.normal(size=(2, n, 3)).astype(np.float32)
    popularity = rng.random(n).astype(np.float32)
    return ItemBlock(sparse(n_items), *vectors, sparse(n_features), popularity)


def profile(rows, seed=1):
    rng = np.random.default_rng(seed)
    return Profile(np.array(rows, np.int64), rng.random(len(rows)) + 0.1, COEFFICIENTS)


@pytest.fixture
def scorer():
    return Scorer(block(9, seed=0))


@pytest.fixture
def live(scorer):
    """Item 4 changed, items 9 and 10 came; they have new features."""
    scorer.put(10, block(1, seed=11, n_features=8))
    scorer.put(9, block(1, seed=10, n_features=6))
    scorer.put(4, block(1, seed=12, n_features=7))
    return scorer


def by_hand(scorer, asked, rows):
    """The formula of the module, item by item."""
    n_features = max(scorer.items(np.array([r])).features.shape[1] for r in range(scorer.n_items))
    every = [scorer.items(np.array([r])) for r in range(scorer.n_items)]
    A = np.zeros((scorer.n_items, n_features))
    for row, item in enumerate(every):
        A[row, : item.features.shape[1]] = item.features.toarray()[0]
    result = np.zeros((len(rows), 4))
    for place, row in enumerate(rows):
        S = every[row].similar.toarray()[0]
        for i, x in zip(asked.rows.tolist(), asked.weights.tolist(), strict=True):
            result[place, 0] += x * (float(S[i]) if i < len(S) else 0.0)
            result[place, 1] += x * float(every[i].source[0].astype(float) @ every[row].target[0])
            result[place, 2] += x * float(A[i] @ A[row])
        result[place, 3] = every[row].popularity[0]
    return result * asked.coefficients


@pytest.mark.parametrize("rows", [[], [3], [0, 4, 8], [10, 2, 9, 4]])
def test_components_follow_the_formula(live, rows):
    every = np.arange(11)
    np.testing.assert_allclose(
        live.components(profile(rows), every), by_hand(live, profile(rows), every), atol=1e-12
    )


@pytest.mark.parametrize("rows", [[], [3], [0, 4, 8], [10, 2, 9, 4]])
def test_fast_scores_are_the_exact_ones(live, rows):
    exact = live.components(profile(rows), np.arange(11)).sum(axis=1)
    np.testing.assert_allclose(live.scores(profile(rows)), exact, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("rows", [[0, 5], [10, 2, 9, 4]])
def test_a_breakdown_sums_to_the_components(live, rows):
    asked = profile(rows)
    breakdown = Breakdown(live, asked, np.array([3, 10, 4, 0, 9]))
    for row in (4, 3, 9, 10, 0, 4):
        split = breakdown.of(row)
        assert len(split.collaborative) == len(split.learned) == len(rows)
        assert np.all(split.attribute != 0)
        expected = live.components(asked, np.array([row]))[0]
        sums = [part.sum() for part in (split.collaborative, split.learned, split.attribute)]
        np.testing.assert_allclose(sums, expected[:3], atol=1e-12)


def test_a_breakdown_names_who_adds_what(live):
    asked = profile([10, 2, 9, 4])
    split = Breakdown(live, asked, np.array([4])).of(4)
    target = live.items(np.array([4])).features.toarray()[0].astype(float)
    for place, column, value in zip(split.places, split.columns, split.attribute, strict=True):
        known = live.items(asked.rows[[place]]).features.toarray()[0].astype(float)
        weight = asked.coefficients[2] * asked.weights[place]
        assert value == pytest.approx(weight * known[column] * target[column])
    for place, row in enumerate(asked.rows.tolist()):
        alone = Profile(np.array([row]), asked.weights[[place]], asked.coefficients)
        found = live.components(alone, np.array([4]))[0]
        assert split.collaborative[place] == pytest.approx(found[0])
        assert split.learned[place] == pytest.approx(found[1])


def test_many_profiles_at_once_are_one_by_one(scorer):
    dense = np.zeros((3, 9), np.float32)
    dense[0, [1, 2]] = 0.5, 2.0
    dense[2, 8] = 1.0
    matrices = scorer.component_matrices(sp.csr_matrix(dense))
    for user, weights in enumerate(dense.astype(float)):
        rows = np.flatnonzero(weights)
        asked = Profile(rows, weights[rows], np.ones(4))
        found = np.stack([matrix[user] for matrix in matrices], axis=1)
        np.testing.assert_allclose(
            found, scorer.components(asked, np.arange(9)), rtol=1e-4, atol=1e-5
        )


def test_items_come_in_the_order_asked(live):
    found = live.items(np.array([10, 0, 4, 9, 0]))
    np.testing.assert_allclose(found.popularity[0], block(1, seed=11).popularity[0])
    assert found.popularity[1] == found.popularity[4] == block(9, seed=0).popularity[0]
    assert len(found) == 5
    assert live.n_items == 11


def test_changing_an_item_twice_keeps_the_last(scorer):
    scorer.put(2, block(1, seed=5))
    scorer.put(2, block(1, seed=6))
    np.testing.assert_allclose(
        scorer.items(np.array([2])).source, block(1, seed=6).source, rtol=1e-6
    )
    assert scorer.n_items == 9


def test_only_the_changed_item_scores_differently(scorer):
    before = scorer.scores(profile([1, 7]))
    scorer.put(3, block(1, seed=5))
    after = scorer.scores(profile([1, 7]))
    changed = np.flatnonzero(before != after)
    assert changed.tolist() == [3]


def test_a_profile_is_weighed_by_its_number_of_events():
    gate = Gate((1.0, 3.0), np.array([[1.0, 0, 0, 0], [0, 1.0, 0, 0]]), np.ones(4), np.ones(4))
    asked = Profile.of(np.array([4, 5, 6]), np.array([1.0, 0.5, 0.5]), gate)
    np.testing.assert_allclose(asked.coefficients, [0, 1 / 2, 0, 0])


def test_stacking_widens_with_empty_columns():
    both = ItemBlock.stacked([block(2, seed=0), block(1, seed=1, n_items=12, n_features=8)])
    assert both.similar.shape == (3, 12)
    assert both.features.shape == (3, 8)
    np.testing.assert_array_equal(both.features[:2].toarray()[:, 5:], 0)
    np.testing.assert_array_equal(
        both.take(np.array([2])).similar.toarray()[0],
        block(1, seed=1, n_items=12).similar.toarray()[0],
    )


def test_a_catalog_without_items_has_no_scores():
    empty = Scorer(block(0, seed=0, n_items=0))
    assert empty.scores(profile([])).shape == (0,)
    assert empty.components(profile([]), np.zeros(0, np.int64)).shape == (0, 4)
