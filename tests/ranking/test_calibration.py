import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.domain import Triple
from ranking.attributes import Attributes
from ranking.calibration import (
    MAX_KINDS,
    Mixes,
    calibrated,
    divergence,
    kinds_role,
    mix_of,
)
from ranking.vectors import ItemVectors

DRAMA, COMEDY = np.eye(2)


@pytest.fixture
def mixes(recommender):
    return Mixes(recommender.state, ItemVectors(recommender.state))


def rows_of(mixes, *names):
    return np.array([mixes._state.item_row(name) for name in names])


def test_seventy_dramas_and_thirty_comedies_make_seven_and_three():
    """The example of Steck's paper: all dramas score above all comedies."""
    shares = np.array([DRAMA] * 20 + [COMEDY] * 20)
    scores = np.concatenate([np.linspace(1.0, 0.9, 20), np.linspace(0.2, 0.1, 20)])
    wanted = np.array([0.7, 0.3])
    order = calibrated(wanted, shares, scores, strength=0.999, k=10)
    assert shares[order[:10]].sum(axis=0).tolist() == [7.0, 3.0]
    assert [p for p in order[:10] if p < 20] == list(range(7))
    assert [p for p in order[:10] if p >= 20] == [20, 21, 22]
    nothing = calibrated(wanted, shares, scores, strength=0.0, k=10)
    assert nothing.tolist() == list(range(40))


def test_a_step_takes_what_the_formula_says():
    wanted, shares = np.array([0.5, 0.5]), np.array([DRAMA, DRAMA, COMEDY])
    scores = np.array([1.0, 0.9, 0.0])
    smooth = 0.99 * 0.0 + 0.01 * 0.5
    one_sided = 0.5 * np.log(0.5 / (0.99 + smooth)) + 0.5 * np.log(0.5 / smooth)
    assert divergence(wanted, DRAMA[None, :])[0] == pytest.approx(one_sided)
    # The comedy wins the second place when (1 - s) * 0.9 - s * one_sided / 4 < 0.
    turning = 0.9 / (0.9 + one_sided / 4)
    for strength, second in ((turning - 1e-3, 1), (turning + 1e-3, 2)):
        order = calibrated(wanted, shares, scores, strength=strength, k=2)
        assert order[1] == second


def test_divergence_is_zero_for_the_wanted_mix_and_finite_for_a_missing_kind():
    wanted = np.array([0.6, 0.4, 0.0])
    mixes = np.array([wanted, [0.5, 0.4, 0.1], [0, 0, 1], [0, 0, 0]])
    values = divergence(wanted, mixes)
    assert values[0] == 0
    assert (np.diff(values) >= 0).all()
    assert values[2] == values[3] == pytest.approx(np.log(100))


@given(st.integers(0, 25), st.integers(0, 30), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_a_calibrated_list_is_a_permutation_and_no_further_from_the_mix(n, k, strength, seed):
    rng = np.random.default_rng(seed)
    shares = np.eye(4)[rng.integers(4, size=n)] * (rng.random((n, 1)) < 0.9)
    wanted = rng.dirichlet(np.ones(4))
    scores = np.sort(rng.normal(size=n))[::-1]
    order = calibrated(wanted, shares, scores, strength=strength, k=k)
    assert sorted(order.tolist()) == list(range(n))
    if strength == 1 and n and k:
        first = divergence(wanted, mix_of(shares[order[:1]]))
        assert first == pytest.approx(divergence(wanted, shares).min())


def test_more_strength_is_closer_to_the_mix(mixes):
    rng = np.random.default_rng(5)
    shares = np.eye(5)[rng.integers(5, size=60)]
    wanted, scores = rng.dirichlet(np.ones(5)), np.sort(rng.random(60))[::-1]
    tops = [
        calibrated(wanted, shares, scores, strength=s, k=15)[:15] for s in (0, 0.3, 0.6, 0.9, 1)
    ]
    values = [float(divergence(wanted, mix_of(shares[top]))[0]) for top in tops]
    assert values == sorted(values, reverse=True)
    assert values[-1] < 0.1 < values[0]


def test_shares_of_an_item_sum_to_one_or_to_nothing(mixes):
    shares = mixes.shares(rows_of(mixes, "comedy-0", "horror-1", "bare"))
    assert sorted(shares[0][shares[0] > 0]) == [0.5, 0.5]
    assert shares.sum(axis=1).tolist() == [1.0, 1.0, 0.0]


def test_the_mix_of_a_profile_is_weighted(mixes):
    rows = rows_of(mixes, "comedy-1", "horror-1", "bare")
    mix = mixes.of_profile(rows, np.array([3.0, 1.0, 9.0]))
    assert mix.sum() == pytest.approx(1)
    comedy, horror = mixes.shares(rows)[:2]
    np.testing.assert_allclose(mix, 0.75 * comedy + 0.25 * horror)
    assert mixes.of_profile(rows[2:], np.ones(1)) is None
    assert mixes.of_profile(rows[:0], np.ones(0)) is None


def test_the_preset_names_the_role_where_it_will_do(mixes):
    assert mixes.name == "HAS_GENRE:out"
    attributes = mixes._state.attributes
    named = kinds_role(attributes, "FROM_COUNTRY")
    assert attributes.roles[named].relation == "FROM_COUNTRY"


def test_the_role_with_coverage_and_entropy_is_chosen(small):
    items = [f"i{n}" for n in range(200)]
    triples = [(item, "SHELF", f"Shelf:{n % 8}") for n, item in enumerate(items)]
    triples += [(item, "BY", f"Author:{n}") for n, item in enumerate(items)]
    triples += [(item, "LANGUAGE", f"L:{'en' if n else 'zh'}") for n, item in enumerate(items)]
    triples += [(item, "PRIZE", f"Prize:{n}") for n, item in enumerate(items[:30])]
    attributes = Attributes.of(small(items, triples).snapshot())
    assert MAX_KINDS < 200
    chosen = kinds_role(attributes, None)
    assert attributes.roles[chosen].relation == "SHELF"
    assert kinds_role(attributes, "BY") == chosen
    assert kinds_role(attributes, "NOTHING") == chosen


def test_no_role_will_do(small):
    snapshot = small(["a", "b"], [Triple("a", "BY", "Author:x")]).snapshot()
    assert kinds_role(Attributes.of(snapshot), "BY") is None
    assert kinds_role(Attributes.of(small(["a"]).snapshot()), None) is None
