import numpy as np
import pytest
import scipy.sparse as sp

from ranking.fusion import Gains, Gate
from ranking.scoring import Profile, Scorer


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
    new = np.array([every[row].new[0] for row in rows])
    result *= np.where(new[:, None] > 0, asked.coefficients[1], asked.coefficients[0])
    result[:, 3] += asked.gains[new]
    return result


@pytest.mark.parametrize("rows", [[], [3], [0, 4, 8], [10, 2, 9, 4]])
def test_components_follow_the_formula(live, random_profile, rows):
    every = np.arange(11)
    np.testing.assert_allclose(
        live.components(random_profile(rows), every),
        by_hand(live, random_profile(rows), every),
        atol=1e-12,
    )


@pytest.mark.parametrize("rows", [[], [3], [0, 4, 8], [10, 2, 9, 4]])
def test_fast_scores_are_the_exact_ones(live, random_profile, rows):
    exact = live.components(random_profile(rows), np.arange(11)).sum(axis=1)
    np.testing.assert_allclose(live.scores(random_profile(rows)), exact, rtol=1e-4, atol=1e-5)


def test_many_profiles_at_once_are_one_by_one(scorer):
    dense = np.zeros((3, 9), np.float32)
    dense[0, [1, 2]] = 0.5, 2.0
    dense[2, 8] = 1.0
    matrices = scorer.component_matrices(sp.csr_matrix(dense))
    for user, weights in enumerate(dense.astype(float)):
        rows = np.flatnonzero(weights)
        asked = Profile(rows, weights[rows], np.ones((2, 4)))
        found = np.stack([matrix[user] for matrix in matrices], axis=1)
        np.testing.assert_allclose(
            found, scorer.components(asked, np.arange(9)), rtol=1e-4, atol=1e-5
        )
    some = scorer.component_matrices(sp.csr_matrix(dense), np.array([7, 1]))
    for few, all_items in zip(some, matrices, strict=True):
        np.testing.assert_allclose(few, all_items[:, [7, 1]], rtol=1e-5)


def test_sums_of_many_profiles_are_the_scores_of_each(scorer):
    dense = np.zeros((3, 9), np.float32)
    dense[0, [1, 2]] = 0.5, 2.0
    dense[2, 8] = 1.0
    usual = np.array([[1.0, 0.2, 0.5, 0.1], [2.0, 1.0, 0.3, -0.1]])
    gate = Gate(
        *((1.0, 4.0), usual, np.ones(4), np.zeros(4), usual[::-1] * 0.7),
        *(Gains((1.0, 2.0), (0.5, 0.8)), Gains((1.0,), (0.9,))),
    )
    found = scorer.score_matrix(sp.csr_matrix(dense), gate)
    for user, weights in enumerate(dense.astype(float)):
        rows = np.flatnonzero(weights)
        expected = scorer.scores(Profile.of(rows, weights[rows], gate))
        np.testing.assert_allclose(found[user], expected, rtol=1e-4, atol=1e-5)


def test_items_come_in_the_order_asked(live, random_block):
    found = live.items(np.array([10, 0, 4, 9, 0]))
    np.testing.assert_allclose(found.popularity[0], random_block(1, seed=11).popularity[0])
    assert found.popularity[1] == found.popularity[4] == random_block(9, seed=0).popularity[0]
    assert len(found) == 5
    assert live.n_items == 11


def test_changing_an_item_twice_keeps_the_last(scorer, random_block):
    scorer.put(2, random_block(1, seed=5))
    scorer.put(2, random_block(1, seed=6))
    np.testing.assert_allclose(
        scorer.items(np.array([2])).source, random_block(1, seed=6).source, rtol=1e-6
    )
    assert scorer.n_items == 9


def test_only_the_changed_item_scores_differently(scorer, random_block, random_profile):
    before = scorer.scores(random_profile([1, 7]))
    scorer.put(3, random_block(1, seed=5))
    after = scorer.scores(random_profile([1, 7]))
    changed = np.flatnonzero(before != after)
    assert changed.tolist() == [3]


def test_a_profile_is_weighed_by_its_number_of_events():
    gate = Gate((1.0, 3.0), np.array([[1.0, 0, 0, 0], [0, 1.0, 0, 0]]), np.ones(4), np.ones(4))
    asked = Profile.of(np.array([4, 5, 6]), np.array([1.0, 0.5, 0.5]), gate)
    np.testing.assert_allclose(asked.coefficients, [[0, 1 / 2, 0, 0]] * 2)


def test_a_catalog_without_items_has_no_scores(random_block, random_profile):
    empty = Scorer(random_block(0, seed=0, n_items=0))
    assert empty.scores(random_profile([])).shape == (0,)
    assert empty.components(random_profile([]), np.zeros(0, np.int64)).shape == (0, 4)


@pytest.mark.parametrize("n_items", [1, 2, 5, 40])
def test_the_exact_score_does_not_depend_on_which_others_are_asked_for(
    random_block, random_profile, n_items
):
    scorer, profile = Scorer(random_block(40, seed=3)), random_profile([0, 3, 7])
    every = scorer.components(profile, np.arange(40))
    some = scorer.components(profile, np.arange(n_items))
    np.testing.assert_array_equal(some, every[:n_items])


def test_a_branch_takes_changes_of_its_own(live, random_block, random_profile):
    profile = random_profile([0, 4, 9])
    before = live.scores(profile)
    branch = live.branch()
    np.testing.assert_array_equal(branch.scores(profile), before)
    branch.put(4, random_block(1, seed=20, n_features=7))
    branch.put(11, random_block(1, seed=21))
    assert (branch.n_items, live.n_items) == (12, 11)
    assert branch.scores(profile)[4] != before[4]
    np.testing.assert_array_equal(live.scores(profile), before)


@pytest.mark.parametrize("rows", [[2, 0], [10, 0, 4], [9]])
def test_vectors_and_features_are_those_of_the_items(live, rows):
    items = live.items(np.array(rows))
    np.testing.assert_array_equal(live.vectors(np.array(rows)), items.source)
    places, columns, values = live.features(np.array(rows))
    assert places.tolist() == sorted(places)
    found = np.zeros(items.features.shape)
    found[places, columns] = values
    np.testing.assert_array_equal(found, items.features.toarray())


def test_nobody_has_vectors_and_features(live):
    none = np.zeros(0, dtype=np.int64)
    assert live.vectors(none).shape == (0, live.items(np.array([0])).source.shape[1])
    assert [len(part) for part in live.features(none)] == [0, 0, 0]


def test_the_block_of_an_item_knows_it(live):
    for row in range(live.n_items):
        block, place = live.block_of(row)
        one = live.items(np.array([row]))
        np.testing.assert_array_equal(block.target[place], one.target[0])
        assert block.popularity[place] == one.popularity[0]


@pytest.mark.parametrize("rows", [[], [10, 2, 9, 4]])
def test_the_prior_is_the_last_component(live, random_profile, rows):
    asked, every = random_profile(rows), np.array([10, 0, 9, 4, 3])
    np.testing.assert_array_equal(live.prior(asked, every), live.components(asked, every)[:, 3])
