import numpy as np
import pytest

from graph.domain import Item, Triple
from ranking.attributes import DEGREE_EXPONENT, Attributes, Role
from ranking.content import ContentRecipe
from ranking.features import (
    FeatureSpace,
    content_blocks,
    content_features,
    feature_scales,
    item_block,
    role_scales,
    with_new,
)

WEIGHTS = {"HAS_GENRE:out": 0.5, "DIRECTED_BY:out": 1.0, "FROM_COUNTRY:out": 0.0}
PLAIN = ContentRecipe()
WEIGHED = ContentRecipe(role_power=1.0, text_weight=0.3)
FITTED = ContentRecipe(weights={"HAS_GENRE:out": 0.5, "year, width 1.0": 0.3, "words": 0.2})


@pytest.fixture
def attributes(films):
    return Attributes.of(films)


@pytest.fixture
def space(films, attributes):
    return FeatureSpace(films, attributes, WEIGHTS, WEIGHED)


def zeros(films):
    return np.zeros((len(films.items), 1), np.float32)


def test_products_of_features_are_weights_of_paths(films, attributes, space):
    n = len(films.items)
    block = item_block(
        attributes.matrix[:, :0] @ attributes.matrix[:, :0].T,
        zeros(films),
        zeros(films),
        attributes,
        space.role_weights,
        np.arange(n),
    )
    matrix = attributes.matrix.toarray()
    expected = (matrix * attributes.feature_weights(space.role_weights)) @ matrix.T
    found = (block.features @ block.features.T).toarray()
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(block.popularity, np.log1p(np.arange(n)), rtol=1e-6)


def test_scales_are_roots(attributes, space):
    scales = feature_scales(attributes, space.role_weights)
    np.testing.assert_allclose(scales**2, attributes.feature_weights(space.role_weights), rtol=1e-5)


def test_a_role_the_model_has_not_seen_gets_the_mean(films, attributes):
    space = FeatureSpace(films, attributes, {"HAS_GENRE:out": 0.2, "DIRECTED_BY:out": 1.0}, PLAIN)
    at = attributes.roles.index(Role("FROM_COUNTRY", "out"))
    assert space.role_weights[at] == pytest.approx(0.6)
    assert set(FeatureSpace(films, attributes, {}, PLAIN).role_weights) == {1.0}


def test_an_item_that_comes_later_has_the_features_it_would_have_had(
    world, films, attributes, space
):
    scales = feature_scales(attributes, space.role_weights)
    for name in ("comedy-3", "horror-new"):
        row = films.items.find(name)
        expected = attributes.matrix[row].toarray()[0] * scales
        found = space.row(name, world.triples_of(name)).toarray()[0]
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_new_entity_is_a_new_feature_that_counts_two_items(space, attributes):
    n = attributes.n_features
    row = space.row("x", [Triple("x", "DIRECTED_BY", "Person:New")])
    assert row.shape == (1, n + 1)
    assert row.indices.tolist() == [n]
    assert row.data[0] == pytest.approx((1.0 * 2**-DEGREE_EXPONENT) ** 0.5)
    assert space.feature(n) == (Role("DIRECTED_BY", "out"), "Person:New")
    again = space.row("y", [Triple("y", "DIRECTED_BY", "Person:New")])
    assert again.indices.tolist() == [n]


def test_the_side_of_the_item_makes_the_role(space):
    row = space.row("x", [Triple("Person:New", "ACTED_IN", "x", 0.5)])
    assert space.feature(int(row.indices[0])) == (Role("ACTED_IN", "in"), "Person:New")


def test_columns_have_the_names_of_the_snapshot(films, attributes, space):
    for column in range(attributes.n_features):
        role, entity_id = space.feature(column)
        assert role == attributes.roles[attributes.role_of[column]]
        assert films.entities.find(entity_id) == attributes.entity_of[column]


def test_content_is_that_of_the_snapshot(world, films, attributes, space):
    text = np.eye(len(films.items), 40, dtype=np.float32)
    whole = content_features(attributes, space.role_weights, text, WEIGHED)
    row = films.items.find("comedy-new")
    found = space.content(films.item(row), world.triples_of("comedy-new"), text[row])
    np.testing.assert_allclose(
        found.attributes.toarray(), whole.attributes[row].toarray(), rtol=1e-6
    )
    np.testing.assert_allclose(found.text, text[[row]])
    assert found.text_weight == 0.3


def test_content_leaves_new_entities_out(space, attributes):
    found = space.content(Item("x", "X"), [Triple("x", "DIRECTED_BY", "Person:New")], None)
    assert found.attributes.shape == (1, attributes.n_features)
    assert found.attributes.nnz == 0
    assert found.text is None


def test_roles_count_by_the_root_of_their_weight(attributes, space):
    whole = content_features(attributes, space.role_weights, None, WEIGHED)
    for number, role in enumerate(attributes.roles):
        block = whole.attributes[:, np.flatnonzero(attributes.role_of == number)]
        length = np.sqrt(np.asarray(block.multiply(block).sum(axis=1)).ravel())
        expected = WEIGHTS[role.name] ** 0.5
        np.testing.assert_allclose(length[length > 0], expected, rtol=1e-5)


def test_without_power_all_roles_count_alike(attributes, space):
    scales = role_scales(attributes.roles, space.role_weights, PLAIN)
    np.testing.assert_array_equal(scales, 1.0)


def test_twins_have_the_same_content(films, attributes, space):
    whole = content_features(attributes, space.role_weights, None, PLAIN)
    twins = [films.items.find(name) for name in ("comedy-0", "comedy-twin")]
    first, second = whole.attributes[twins].toarray()
    np.testing.assert_array_equal(first, second)


def test_a_space_without_features_takes_the_first_one(small):
    snapshot = small(["a"]).snapshot()
    space = FeatureSpace(snapshot, Attributes.of(snapshot), {}, PLAIN)
    row = space.row("b", [Triple("b", "HAS_GENRE", "Genre:War")])
    assert row.shape == (1, 1)
    assert space.feature(0) == (Role("HAS_GENRE", "out"), "Genre:War")
    assert space.row("c", []).nnz == 0


def test_fitted_weights_are_the_squared_lengths_of_blocks(films, attributes):
    whole = content_features(attributes, np.ones(len(attributes.roles)), None, FITTED)
    names = attributes.descriptors.names
    assert {"year, width 1.0", "words"} <= set(names)
    kernel = whole.kernel(whole)
    blocks = content_blocks(attributes, np.arange(len(films.items)))
    expected = sum(
        weight * (blocks[name] @ blocks[name].T).toarray()
        for name, weight in FITTED.weights.items()
    )
    np.testing.assert_allclose(kernel, expected, atol=1e-5)


def test_fitted_content_of_an_item_is_that_of_the_snapshot(world, films, attributes):
    space = FeatureSpace(films, attributes, WEIGHTS, FITTED)
    whole = content_features(attributes, space.role_weights, None, FITTED)
    row = films.items.find("comedy-new")
    found = space.content(films.item(row), world.triples_of("comedy-new"), None)
    np.testing.assert_allclose(
        found.attributes.toarray(), whole.attributes[row].toarray(), rtol=1e-5
    )


def test_a_placed_item_is_as_popular_as_foretold_until_it_is_more(films, attributes):
    n = len(films.items)
    events = np.zeros(n, dtype=int)
    events[2] = 9
    none = attributes.matrix[:, :0] @ attributes.matrix[:, :0].T
    ones = np.ones(len(attributes.roles))
    block = item_block(none, zeros(films), zeros(films), attributes, ones, events)
    placed = np.isin(np.arange(n), [1, 2, 3])
    foretold = np.full(n, 0.5)
    foretold[3] = 0.0
    found = with_new(block, placed, foretold)
    np.testing.assert_allclose(found.popularity[:5], [0.0, 0.5, np.log(10.0), 0.0, 0.0], rtol=1e-6)
    assert found.new[:5].tolist() == [0.0, 1.0, 1.0, 0.0, 0.0]
