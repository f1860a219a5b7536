import json

import numpy as np
import pytest
import scipy.sparse as sp

from ranking.selection import (
    MAX_NEIGHBOURS,
    ItemGraphRecipe,
    choose_exponents,
    choose_item_graph,
)
from ranking.similarity import balanced_ease, item_filter
from ranking.validation import Fold


@pytest.fixture(scope="module")
def tastes():
    """40 users of two tastes and 60 items; each user's last two items are held out."""
    rng = np.random.default_rng(3)
    X, held = np.zeros((40, 60), np.float32), np.zeros((40, 60), np.float32)
    for user in range(40):
        own = rng.permutation(30)[:10] + 30 * (user % 2)
        X[user, own[:8]] = 1.0
        held[user, own[8:]] = 1.0
    return sp.csr_matrix(X), sp.csr_matrix(held)


def test_the_chosen_graph_links_items_of_one_taste(tastes):
    X, held = tastes
    recipe = choose_item_graph([Fold(X, held, np.arange(40))]).recipe
    graph = recipe.build(X).toarray()
    same = np.kron(np.eye(2), np.ones((30, 30))) > 0
    assert graph[same].sum() > 0
    assert np.abs(graph[~same]).max() < 1e-4 * graph[same].max()


def test_the_mix_is_no_worse_than_its_best_part(tastes):
    X, held = tastes
    figures = choose_item_graph([Fold(X, held, np.arange(40))]).recipe.figures
    best = max(sum(figures[name]) for name in ("filter", "ease", "balanced_ease", "factors"))
    assert sum(figures["mix"]) >= best - 1e-9
    assert all(0 <= value <= 1 for pair in figures.values() for value in pair)


def test_building_equals_the_weighted_parts(checkerboard):
    filtered = item_filter(checkerboard, source_exponent=0.5, target_exponent=0.3).toarray()
    regressed = balanced_ease(checkerboard, ridge=2.0)
    recipe = ItemGraphRecipe(
        ridges={"balanced_ease": 2.0},
        weights={"filter": 2.0, "balanced_ease": 1.0},
        spreads={"filter": 4.0},
    )
    expected = filtered / 2 + regressed
    np.testing.assert_allclose(recipe.build(checkerboard).toarray(), expected, rtol=1e-5)


def test_of_a_large_catalog_only_the_most_popular_items_are_regressed(monkeypatch):
    monkeypatch.setattr("ranking.selection.MAX_DENSE_ITEMS", 2)
    X = np.array([[1, 1, 1, 0], [1, 1, 1, 0], [1, 1, 0, 1], [1, 1, 0, 1]], dtype=np.float32)
    recipe = ItemGraphRecipe(ridges={"ease": 2.0}, weights={"ease": 1.0}, most_regressed=2)
    graph = recipe.build(sp.csr_matrix(X)).toarray()
    assert graph[0, 1] > 0
    assert graph[0, 1] == pytest.approx(graph[1, 0], rel=1e-5)
    assert np.count_nonzero(graph) == 2


def test_a_row_of_a_large_catalog_has_200_entries_and_items_without_events_none(monkeypatch):
    monkeypatch.setattr("ranking.selection.MAX_DENSE_ITEMS", 2)
    X = np.ones((2, 300), np.float32)
    X[:, 299] = 0
    graph = ItemGraphRecipe().build(sp.csr_matrix(X))
    assert np.diff(graph.indptr)[:299].tolist() == [MAX_NEIGHBOURS] * 299
    assert graph[299].nnz == 0
    assert 299 not in graph.indices


def test_without_events_the_graph_is_empty():
    graph = ItemGraphRecipe().build(sp.csr_matrix((3, 5), dtype=np.float32))
    assert graph.shape == (5, 5)
    assert graph.nnz == 0


def test_held_out_items_that_nobody_else_knows_leave_the_default():
    X = sp.csr_matrix(np.eye(30, 60, dtype=np.float32))
    held = sp.csr_matrix(np.eye(30, 60, k=30, dtype=np.float32))
    recipe = choose_item_graph([Fold(X, held, np.arange(30))]).recipe
    assert recipe == ItemGraphRecipe()


def test_a_recipe_is_plain_values(tastes):
    X, held = tastes
    fields = choose_item_graph([Fold(X, held, np.arange(40))]).recipe.to_json()
    assert json.loads(json.dumps(fields))["weights"] == fields["weights"]
    assert set(fields["weights"]) == set(fields["spreads"])
    assert set(fields["ridges"]) == {"ease", "balanced_ease"}


def test_the_exponents_alone_are_those_of_the_whole_choice(tastes):
    X, held = tastes
    recipe = choose_item_graph([Fold(X, held, np.arange(40))]).recipe
    pair = (recipe.source_exponent, recipe.target_exponent)
    assert choose_exponents([Fold(X, held, np.arange(40))]) == pair
    nobody = sp.csr_matrix(held.shape, dtype=np.float32)
    assert choose_exponents([Fold(X, nobody, np.arange(40))]) == (0.5, 0.3)


def test_the_graphs_that_it_took_to_choose_are_those_of_the_recipe(tastes):
    X, held = tastes
    choice = choose_item_graph([Fold(X, held, np.arange(40))] * 2)
    assert len(choice.graphs) == 2
    built = choice.recipe.build(X).toarray()
    np.testing.assert_allclose(choice.graphs[1].toarray(), built, atol=1e-6)


def test_of_a_large_catalog_the_most_popular_items_are_regressed_with_one_ridge(
    tastes, monkeypatch
):
    monkeypatch.setattr("ranking.selection.MAX_DENSE_ITEMS", 2)
    X, held = tastes
    choice = choose_item_graph([Fold(X, held, np.arange(40))], most_regressed=50)
    mean_degree = X.sum() / np.count_nonzero(X.getnnz(axis=0))
    assert choice.recipe.ridges == {"ease": pytest.approx(8 * mean_degree)}
    assert set(choice.recipe.weights) == {"filter", "ease"}
    built = choice.recipe.build(X).toarray()
    np.testing.assert_allclose(choice.graphs[0].toarray(), built, atol=1e-6)
