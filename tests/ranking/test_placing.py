from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from ranking.attributes import Attributes
from ranking.content import ContentMap, ContentRecipe
from ranking.features import content_features, item_block
from ranking.fusion import Gate
from ranking.hiding import hide
from ranking.network import no_network
from ranking.placing import ContentChooser, place_cold_items
from ranking.profile import Histories, ProfileRule
from ranking.similarity import item_filter
from ranking.validation import Fold, hold_out


@pytest.fixture
def known(films):
    rule = ProfileRule.fit(films.events, {})
    X = Histories(films.events, rule).matrix(len(films.items))
    return Attributes.of(films), X, rule


def block_of(X, attributes, roles):
    """What the item graph alone knows."""
    none = np.zeros((X.shape[1], 1), dtype=np.float32)
    similar = item_filter(X, source_exponent=0.5, target_exponent=0.3)
    return item_block(similar.T.tocsr(), none, none, attributes, roles, X.getnnz(axis=0))


def choose(known, weights, seed=0, *, vectors=False):
    attributes, X, rule = known
    roles = np.array([weights.get(role.relation, 0.0) for role in attributes.roles])
    rng = np.random.default_rng(seed)
    kept, held_out = hold_out(X, rule, share=0.2, rng=rng)
    fold = Fold(kept, held_out, np.flatnonzero(held_out.getnnz(axis=1)))

    def learn(some):
        block = block_of(some, attributes, roles)
        common = np.asarray((some.T @ some).todense(), dtype=np.float32)
        return replace(block, source=common, target=common) if vectors else block

    whole = learn(kept)
    gate = Gate((1.0,), np.array([[1.0, float(vectors), 0, 0]]), np.ones(4), np.zeros(4))
    draws = hide(fold, whole, learn, rng=rng)
    return ContentChooser(attributes, roles, None, 0.0, gate).choose(draws, whole, rng=rng)


def test_figures_tell_good_roles_from_bad_ones(known):
    good, bad = (
        choose(known, {relation: 1.0}).figures["role power 1.0, ridge 1.0"]
        for relation in ("HAS_GENRE", "FROM_COUNTRY")
    )
    assert sum(good) > sum(bad)


def test_roles_that_mislead_are_not(known):
    assert choose(known, {"FROM_COUNTRY": 1.0}).recipe.role_power == 0.0


def test_fitted_kernels_are_tried_on_what_is_scored(known):
    every = {"HAS_GENRE": 1.0, "FROM_COUNTRY": 1.0, "DIRECTED_BY": 1.0}
    by_vectors, by_graph = (choose(known, every, vectors=way).figures for way in (True, False))
    fitted = [name for name in by_vectors if name.startswith("fitted kernels")]
    assert len(fitted) == 3
    assert any(by_vectors[name] != by_graph[name] for name in by_graph)
    assert max(sum(by_vectors[name]) for name in fitted) > 0.5


def test_every_draw_is_placed_by_the_recipe_that_was_chosen(known):
    found = choose(known, {"HAS_GENRE": 1.0})
    assert len(found.placed) == 3
    assert all(np.count_nonzero(block.new) for block in found.placed)


def test_the_choice_is_the_same_for_a_seed(known):
    first, again = (choose(known, {"HAS_GENRE": 1.0}, 3) for _ in range(2))
    assert (first.recipe, first.figures) == (again.recipe, again.figures)


def test_too_few_users_keep_the_default(small):
    snapshot = small(["a", "b"], [("a", "HAS_GENRE", "Genre:War")], [("u", "a")]).snapshot()
    X = sp.csr_matrix(np.array([[1.0, 0.0]], np.float32))
    rule = ProfileRule.fit(snapshot.events, {})
    choice = choose((Attributes.of(snapshot), X, rule), {"HAS_GENRE": 1.0})
    assert choice.recipe == ContentRecipe()
    assert choice.figures == {}


def test_cold_items_own_edges_and_vectors_and_warm_ones_keep_theirs(films, known):
    attributes, X, _ = known
    similar = item_filter(X, source_exponent=0.5, target_exponent=0.3)
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
    _, X, _ = known
    similar = item_filter(X, source_exponent=0.5, target_exponent=0.3)
    popularity = np.asarray(X.getnnz(axis=0))
    learned = no_network(len(popularity), 0)
    owned = place_cold_items(similar, learned, popularity, None, None)
    assert owned[np.flatnonzero(popularity == 0)].nnz == 0
