import json
from dataclasses import replace

import numpy as np
import pytest

from ranking.fusion import COMPONENTS, POPULARITY, Gains, Gate, spread

PRIOR = COMPONENTS.index(POPULARITY)
GATE = Gate(
    (1.0, 4.0, 30.0),
    np.array([[0.0, 0.0, 1.0, 0.5], [1.0, 0.2, 0.5, 0.1], [2.0, 1.0, 0.0, -0.1]]),
    np.array([2.0, 1.0, 4.0, 0.5]),
    np.array([1.0, 0.5, 0.0, 0.0]),
)


@pytest.mark.parametrize("knot", range(3))
def test_at_a_knot_the_fitted_weights_hold(knot):
    total = 9.0
    found = GATE.coefficients(np.array([GATE.knots[knot]]), np.array([total]))[0]
    np.testing.assert_allclose(found, GATE.weights[knot] / (GATE.scales * [9.0, 3.0, 1.0, 1.0]))


def test_between_knots_weights_change_with_the_logarithm_of_the_events():
    middle = np.expm1((np.log1p(1.0) + np.log1p(4.0)) / 2)
    found = GATE.coefficients(np.array([middle]), np.ones(1))[0] * GATE.scales
    np.testing.assert_allclose(found, GATE.weights[:2].mean(axis=0))


def test_beyond_the_knots_the_last_weights_stay():
    at, beyond = (GATE.coefficients(np.array([n]), np.ones(1)) for n in (30.0, 5000.0))
    np.testing.assert_allclose(at, beyond)


def test_without_events_only_the_prior_counts():
    found = GATE.coefficients(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    assert found[0, PRIOR] == pytest.approx(1 / 0.5)
    assert np.count_nonzero(found[0]) == 1
    assert found[1, PRIOR] == pytest.approx(0.5 / 0.5)


def test_a_gate_survives_json():
    again = Gate.from_json(json.loads(json.dumps(GATE.to_json())))
    assert again.knots == GATE.knots
    for name in ("weights", "scales", "exponents"):
        np.testing.assert_array_equal(getattr(again, name), getattr(GATE, name))
    assert again.new_weights is None
    gains = Gains((1.0, 5.0), (0.2, 0.1))
    for_new = replace(GATE, new_weights=GATE.weights * 2, arrived=gains)
    again = Gate.from_json(json.loads(json.dumps(for_new.to_json())))
    np.testing.assert_array_equal(again.new_weights, GATE.weights * 2)
    assert (again.placed, again.arrived) == (Gains(), gains)


def test_gains_change_with_the_logarithm_of_the_events():
    gains = Gains((1.0, 9.0), (0.5, 2.5))
    found = gains.at(np.array([0.0, 1.0, np.sqrt(20.0) - 1, 9.0, 90.0]))
    np.testing.assert_allclose(found, [0.0, 0.5, 1.5, 2.5, 2.5])
    assert Gains().at(np.array([3.0])).tolist() == [0.0]


def test_new_items_have_weights_of_their_own():
    gate = replace(GATE, new_weights=GATE.weights * [0.5, 2.0, 1.0, 1.0])
    asked = np.array([3.0]), np.array([2.0])
    usual, new = gate.coefficients(*asked), gate.coefficients(*asked, new=True)
    np.testing.assert_allclose(new, usual * [0.5, 2.0, 1.0, 1.0])
    np.testing.assert_array_equal(GATE.coefficients(*asked, new=True), GATE.coefficients(*asked))


def test_the_spread_of_a_power_law_is_found():
    totals = np.array([1.0, 2.0, 5.0, 10.0, 40.0])
    deviations = np.stack([
        3.0 * totals**0.5,
        0.1 * totals,
        np.zeros(5),
        np.full(5, 0.7),
    ])
    scales, exponents = spread(deviations, totals)
    np.testing.assert_allclose(scales, [3.0, 0.1, 1.0, 0.7])
    np.testing.assert_allclose(exponents, [0.5, 1.0, 0.0, 0.0], atol=1e-12)


def test_spread_exponents_stay_between_0_and_1():
    totals = np.array([1.0, 10.0, 100.0])
    _, exponents = spread(np.stack([totals**2, totals**-1.0, totals, totals**2]), totals)
    np.testing.assert_allclose(exponents, [1.0, 0.0, 1.0, 0.0], atol=1e-12)


def test_a_component_may_have_a_least_weight():
    gate = Gate(
        (1.0, 9.0), np.array([[1.0, 1.0, 0.0, 0.2], [1.0, 1.0, 0.5, 0.0]]), np.ones(4), np.zeros(4)
    )
    found = gate.with_least("attribute", 0.02)
    assert found.weights.tolist() == [[1.0, 1.0, 0.02, 0.2], [1.0, 1.0, 0.5, 0.0]]
    assert found.new_weights is None
    assert gate.weights[0, 2] == 0.0
