from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from ranking.attributes import Attributes
from ranking.content import ContentMap, ContentRecipe
from ranking.features import content_features
from ranking.fusion import Gate
from ranking.network import no_network
from ranking.placing import choose_content, place_cold_items
from ranking.profile import Histories, ProfileRule
from ranking.similarity import item_filter


@pytest.fixture
def known(films):
    rule = ProfileRule.fit(films.events, {})
    X = Histories(films.events, rule).matrix(len(films.items))
    similar = item_filter(X, source_exponent=0.5, target_exponent=0.3)
    return Attributes.of(films), X, similar


def choose(known, weights, seed=0):
    attributes, X, similar = known
    roles = np.array([weights.get(role.relation, 0.0) for role in attributes.roles])
    rng = np.random.default_rng(seed)
    return choose_content(attributes, roles, None, X, similar, text_weight=0.0, rng=rng)


def test_figures_tell_good_roles_from_bad_ones(known):
    good, bad = (
        choose(known, {relation: 1.0}).figures["role power 1.0, ridge 1.0"]
        for relation in ("HAS_GENRE", "FROM_COUNTRY")
    )
    assert sum(good) > sum(bad)


def test_roles_that_mislead_are_not(known):
    assert choose(known, {"FROM_COUNTRY": 1.0}).recipe.role_power == 0.0


def test_fitted_kernels_are_tried_on_what_is_scored(known):
    attributes, X, similar = known
    roles = np.ones(len(attributes.roles))
    vectors = np.asarray((X.T @ X).todense(), dtype=np.float32)
    learned = replace(no_network(X.shape[1], 1), source=vectors, target=vectors)
    gate = Gate((1.0,), np.array([[0.0, 1.0, 0.0, 0.0]]), np.ones(4), np.zeros(4))
    by_vectors, by_graph = (
        choose_content(
            *(attributes, roles, None, X, similar),
            text_weight=0.0,
            rng=np.random.default_rng(0),
            **more,
        ).figures
        for more in ({"learned": learned, "gate": gate}, {})
    )
    fitted = [name for name in by_vectors if name.startswith("fitted kernels")]
    assert len(fitted) == 3
    assert any(by_vectors[name] != by_graph[name] for name in by_graph)
    assert max(sum(by_vectors[name]) for name in fitted) > 0.5


def test_the_choice_is_the_same_for_a_seed(known):
    assert choose(known, {"HAS_GENRE": 1.0}, 3) == choose(known, {"HAS_GENRE": 1.0}, 3)


def test_too_few_users_keep_the_default(small):
    snapshot = small(["a", "b"], [("a", "HAS_GENRE", "Genre:War")], [("u", "a")]).snapshot()
    X = sp.csr_matrix(np.array([[1.0, 0.0]], np.float32))
    choice = choose((Attributes.of(snapshot), X, sp.csr_matrix((2, 2))), {"HAS_GENRE": 1.0})
    assert choice.recipe == ContentRecipe()
    assert choice.figures == {}


def test_cold_items_own_edges_and_vectors_and_warm_ones_keep_theirs(films, known):
    attributes, X, similar = known
    popularity = np.asarray(X.getnnz(axis=0))
    features = content_features(attributes, np.ones(len(attributes.roles)), None, ContentRecipe())
    learned = no_network(len(films.items), len(films.entities))
    learned.target[:] = 1.0
    fitted = ContentMap.fit(features, popularity)
    owned = place_cold_items(similar, learned, popularity, features, fitted)
    warm, cold = np.flatnonzero(popularity), films.items.find("horror-new")
    np.testing.assert_array_equal(owned[warm].toarray(), similar[warm].toarray())
    sources = [
        films.items.id(row) for row in owned[[cold]].indices[np.argsort(-owned[[cold]].data)]
    ]
    assert all(name.startswith("horror") for name in sources[:5])
    assert learned.target[cold, 0] not in {0.0, 1.0}


def test_without_a_content_map_nothing_is_owned_by_cold_items(known):
    _, X, similar = known
    popularity = np.asarray(X.getnnz(axis=0))
    learned = no_network(len(popularity), 0)
    owned = place_cold_items(similar, learned, popularity, None, None)
    assert owned[np.flatnonzero(popularity == 0)].nnz == 0
