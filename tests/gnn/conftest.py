import numpy as np
import pytest
from scipy.sparse import csr_matrix, random_array

from gnn.training_graph import TrainingGraph

N_GROUPS, USERS_EACH, ITEMS_EACH = 3, 12, 8


def grouped(generator: np.random.Generator, *, share: float = 0.6) -> csr_matrix:
    """Users and items in groups; users only touch items of their own group."""
    users = np.repeat(np.arange(N_GROUPS), USERS_EACH)
    items = np.repeat(np.arange(N_GROUPS), ITEMS_EACH)
    same = users[:, None] == items[None]
    touched = same & (generator.random(same.shape) < share)
    touched[np.arange(len(users)), users * ITEMS_EACH] = True
    touched[np.arange(len(users)), users * ITEMS_EACH + 1] = True
    return csr_matrix(touched.astype(np.float32))


@pytest.fixture
def generator() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.fixture
def groups(generator: np.random.Generator) -> TrainingGraph:
    """Three groups of users and items, and one entity for the items of each group."""
    items = np.repeat(np.arange(N_GROUPS), ITEMS_EACH)
    membership = csr_matrix(np.eye(N_GROUPS, dtype=np.float32)[items])
    return TrainingGraph(grouped(generator), (("IN_GROUP", membership),))


@pytest.fixture
def edges(generator: np.random.Generator) -> csr_matrix:
    """Random edges between 9 rows and 7 columns."""
    return csr_matrix(random_array((9, 7), density=0.4, rng=generator, dtype=np.float32))
