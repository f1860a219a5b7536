import numpy as np
import pytest

from llm.intent import LinkedEntity
from ranking.balance import EVEN, Balance, unit_of, with_examples
from ranking.request import Heard, Wanted
from ranking.request_weights import RequestWeights

NONE = np.zeros(0, dtype=np.int64)
WEIGHTS = RequestWeights(taste=0.5, popularity=0, entities=2.0, share=1.0, semantic=0)


def heard(*tells):
    entity = LinkedEntity("e", "Entity", "E", (0, 1), 1.0, "exact")
    return Heard(tuple(Wanted(entity, NONE, one) for one in tells), None, (NONE, NONE))


@pytest.mark.parametrize(
    ("request_weight", "taste", "request_factor"),
    [(0.0, 1.0, 0.0), (0.25, 1.0, 0.5), (0.5, 1.0, 1.0), (0.75, 0.5, 1.0), (1.0, 0.0, 1.0)],
)
def test_one_of_both_always_counts_in_full(request_weight, taste, request_factor):
    assert Balance.of(request_weight) == Balance(taste, request_factor)
    assert Balance.of(0.5) == EVEN


def test_examples_are_raised_to_the_weight_of_the_history():
    rows, weights = np.array([4, 7, 9, 2]), np.array([3.0, 1.0, 1.0, 2.0])
    balanced = with_examples(rows, weights, {7: 1.0, 9: 0.5})
    np.testing.assert_allclose(balanced, [3.0, 10 / 3, 5 / 3, 2.0])


def test_examples_that_outweigh_the_history_stay_as_they_are():
    balanced = with_examples(np.array([4, 7]), np.array([0.5, 1.0]), {7: 0.8, 5: 1.0})
    np.testing.assert_allclose(balanced, [0.5, 0.8])
    np.testing.assert_allclose(with_examples(np.array([7]), np.ones(1), {7: 0.5}), [0.5])
    assert with_examples(NONE, np.zeros(0), {}).shape == (0,)


def test_the_unit_is_the_spread_of_the_taste_by_its_weight():
    taste = np.array([0.0, 0.0, 0.0, 8.0])
    assert unit_of(heard(1.0), WEIGHTS, taste, has_history=False) == taste.std() / 0.5
    assert unit_of(heard(1.0), WEIGHTS, np.zeros(4), has_history=False) == 2.0
    assert unit_of(heard(), WEIGHTS, np.zeros(0), has_history=True) == 2.0


def test_beside_a_history_all_that_is_wanted_outdoes_the_taste():
    taste = np.r_[np.zeros(9999), 8.0]
    unit = unit_of(heard(0.5, 1.0), WEIGHTS, taste, has_history=True)
    assert unit * (1.0 + 2.0 * 1.5) == pytest.approx(1.1 * 8.0)
    assert unit_of(heard(), WEIGHTS, taste, has_history=True) == taste.std() / 0.5
