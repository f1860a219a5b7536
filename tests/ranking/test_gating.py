from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from ranking.fusion import COMPONENTS, Gate
from ranking.gating import fit_gate
from ranking.item_block import ItemBlock
from ranking.scoring import Scorer
from ranking.validation import Fold


def scorer_of(similar, popularity):
    n = len(popularity)
    vectors = np.random.default_rng(0).normal(size=(2, n, 2)).astype(np.float32)
    return Scorer(
        ItemBlock(
            sp.csr_matrix(similar.astype(np.float32)),
            *vectors,
            sp.csr_matrix((n, 1), dtype=np.float32),
            np.log1p(popularity).astype(np.float32),
        )
    )


@pytest.fixture(scope="module")
def case():
    """Two tastes of 60 items each; the item graph knows them, the vectors are noise."""
    rng = np.random.default_rng(2)
    known, held = np.zeros((60, 120), np.float32), np.zeros((60, 120), np.float32)
    for user in range(60):
        own = rng.permutation(60)[:16] + 60 * (user % 2)
        known[user, own[:12]] = 1.0
        held[user, own[12:]] = 1.0
    same = np.kron(np.eye(2), np.ones((60, 60))) * rng.random((120, 120))
    np.fill_diagonal(same, 0)
    return scorer_of(same, known.sum(axis=0)), sp.csr_matrix(known), sp.csr_matrix(held)


def fitted(case, seed=0, users=60):
    scorer, known, held = case
    folds = [Fold(known, held, np.arange(users))]
    return fit_gate([scorer], folds, rng=np.random.default_rng(seed))


def test_the_component_that_knows_the_taste_leads_from_the_first_event_on(case):
    gate = fitted(case).gate
    assert gate.knots == pytest.approx((1.0, 4.0, 12.0))
    assert np.all(gate.weights[:, COMPONENTS.index("collaborative")] > 0)
    assert np.all(gate.weights[:, :3].argmax(axis=1) == 0)


def test_the_sum_is_no_worse_than_its_components(case):
    figures = fitted(case).figures
    assert set(figures) == {*COMPONENTS, "sum"}
    assert sum(figures["sum"]) >= max(sum(figures[name]) for name in COMPONENTS) - 1e-9
    assert figures["collaborative"][0] > figures["learned"][0]


def test_the_scale_is_the_spread_of_the_component_over_the_items(case):
    scorer, known, _ = case
    gate = fitted(case).gate
    spread = scorer.component_matrices(known)[0].std(axis=1)
    expected = gate.scales[0] * np.asarray(known.sum(axis=1)).ravel() ** gate.exponents[0]
    np.testing.assert_allclose(expected, spread, rtol=0.3)


def test_the_same_seed_gives_the_same_gate(case):
    assert fitted(case, seed=4).gate.to_json() == fitted(case, seed=4).gate.to_json()


def test_with_few_users_the_default_holds(case):
    found = fitted(case, users=19)
    assert found.figures == {}
    assert found.gate.to_json() == Gate.default().to_json()


def test_users_without_known_events_are_left_out(case):
    scorer, known, held = case
    nobody = sp.csr_matrix(known.shape, dtype=np.float32)
    found = fit_gate([scorer], [Fold(nobody, held, np.arange(60))], rng=np.random.default_rng(0))
    assert found.figures == {}


def test_short_histories_have_fewer_knots(case):
    scorer, known, held = case
    short = sp.csr_matrix((known.data[::12], known.indices[::12], np.arange(61)), known.shape)
    gate = fit_gate([scorer], [Fold(short, held, np.arange(60))], rng=np.random.default_rng(0)).gate
    assert len(gate.knots) == len(gate.weights)
    assert max(gate.knots) == pytest.approx(1.0)


def test_folds_are_measured_together(case):
    scorer, known, held = case
    halves = [Fold(known, held, np.arange(30)), Fold(known, held, np.arange(30, 60))]
    found = fit_gate([scorer, scorer], halves, rng=np.random.default_rng(0))
    assert found.gate.knots == pytest.approx((1.0, 4.0, 12.0))
    whole = fitted(case).figures["collaborative"]
    assert found.figures["collaborative"] == pytest.approx(whole, rel=1e-3)


def test_attribute_paths_always_weigh_something(case):
    gate = fitted(case).gate
    assert gate.weights[:, COMPONENTS.index("attribute")].min() >= 0.02


def test_reasons_that_vary_may_be_worth_something(case):
    _, known, held = case
    same = np.kron(np.eye(2), np.ones((60, 60))) - np.eye(120)
    groups = sp.csr_matrix(np.kron(np.eye(2), np.ones((60, 1))).astype(np.float32))
    popularity = np.asarray(known.sum(axis=0)).ravel()
    block = scorer_of(same, popularity).items(np.arange(120))
    scorer = Scorer(replace(block, features=groups))
    folds, attribute = [Fold(known, held, np.arange(60))], COMPONENTS.index("attribute")
    best, varied = (
        fit_gate([scorer], folds, worth=worth, rng=np.random.default_rng(0)).gate.weights
        for worth in (0.0, 0.01)
    )
    assert (varied[:, attribute] > best[:, attribute]).all()
