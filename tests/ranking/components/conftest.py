"""Two tastes of twelve items, and data of components made by hand."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from graph.domain import Interaction, Triple
from graph.presets import preset
from graph.progress import silent
from ranking.components.component import Profiles
from ranking.components.data import ComponentData
from ranking.training import TrainingConfig

N_USERS, N_ITEMS = 40, 12
CONFIG = TrainingConfig(epochs=60, time_budget_s=3600.0, device="cpu")


@pytest.fixture(scope="session")
def tastes(small):
    """User ``n`` knows eight items of side ``n % 2``; ``quiet`` knows none, nobody ``a-new``."""
    rng = np.random.default_rng(5)
    events = [
        Interaction(f"u{n}", f"{'ab'[n % 2]}-{place}", "view", None, 1000.0 + at)
        for n in range(N_USERS)
        for at, place in enumerate(rng.permutation(N_ITEMS)[:8].tolist())
    ]
    items = [*(f"{side}-{place}" for side in "ab" for place in range(N_ITEMS)), "a-new"]
    triples = [Triple(item, "HAS_GENRE", f"Genre:{item[0]}") for item in items]
    return small(items, triples, events, ["quiet"]).snapshot()


@pytest.fixture(scope="session")
def data(tastes):
    return ComponentData.of(tastes, preset("generic"), config=CONFIG)


@pytest.fixture(scope="session")
def configured(data):
    """The same data with other settings."""

    def make(**settings):
        return replace(data, config=replace(data.config, **settings))

    return make


@pytest.fixture(scope="session")
def rows(tastes):
    """Rows of u0 to u39."""
    return np.array([tastes.users.find(f"u{n}") for n in range(N_USERS)])


@pytest.fixture(scope="session")
def known_by_hand(data):
    """Replace the strengths of some data by a matrix; nothing is held out of it."""

    def make(X):
        X = sp.csr_matrix(np.asarray(X, dtype=np.float32))
        nothing = sp.csr_matrix(X.shape, dtype=np.float32)
        return replace(data, X=X, kept=X, held_out=nothing, users=np.zeros(0, dtype=np.int64))

    return make


@pytest.fixture(scope="session")
def scored():
    """Fit a component and score all users."""

    def score(component, data):
        fitted = component.fit(data, progress=silent)
        return fitted.scores(Profiles(np.arange(data.X.shape[0]), data.X))

    return score
