import numpy as np
import pytest
import scipy.sparse as sp

from ranking.attributes import Attributes
from ranking.roles import fit_role_weights


@pytest.fixture(scope="module")
def case(small):
    """40 items with a telling director and a random country; users follow directors."""
    rng = np.random.default_rng(0)
    items = [f"i{n}" for n in range(40)]
    triples = [(name, "DIRECTED_BY", f"Person:{n % 4}") for n, name in enumerate(items)]
    triples += [(name, "FROM_COUNTRY", f"Country:{rng.integers(4)}") for name in items]
    attributes = Attributes.of(small(items, triples).snapshot())
    known, held = np.zeros((80, 40), np.float32), np.zeros((80, 40), np.float32)
    for user in range(80):
        own = rng.permutation(np.arange(user % 4, 40, 4))
        known[user, own[:5]] = 1.0
        held[user, own[5:8]] = 1.0
    return attributes, sp.csr_matrix(known), sp.csr_matrix(held)


def weights_of(case, held=None, seed=0):
    attributes, known, liked = case
    rng = np.random.default_rng(seed)
    found = fit_role_weights(attributes, known, liked if held is None else held, rng=rng)
    return dict(zip([role.name for role in attributes.roles], found.tolist(), strict=True))


def test_the_role_that_tells_users_apart_gets_the_weight(case):
    weights = weights_of(case)
    assert weights["DIRECTED_BY:out"] == 1.0
    assert 0 <= weights["FROM_COUNTRY:out"] < 0.1


def test_weights_are_the_same_for_the_same_seed(case):
    assert weights_of(case, seed=3) == weights_of(case, seed=3)


def test_a_role_that_misleads_gets_nothing_and_no_role_less(case):
    # What users liked later has another director than what they liked before.
    held = np.zeros((80, 40), np.float32)
    for user in range(80):
        held[user, np.arange((user + 1) % 4, 40, 4)[:3]] = 1.0
    weights = weights_of(case, sp.csr_matrix(held))
    assert min(weights.values()) >= 0
    assert weights["DIRECTED_BY:out"] < weights["FROM_COUNTRY:out"]


def test_without_held_out_items_all_roles_weigh_the_same(case):
    assert set(weights_of(case, sp.csr_matrix((80, 40), dtype=np.float32)).values()) == {1.0}


def test_without_roles_there_are_no_weights(small, case):
    attributes = Attributes.of(small([f"i{n}" for n in range(40)]).snapshot())
    rng = np.random.default_rng(0)
    assert fit_role_weights(attributes, case[1], case[2], rng=rng).shape == (0,)
