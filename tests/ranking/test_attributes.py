import numpy as np
import pytest
import scipy.sparse as sp

from ranking.attributes import DEGREE_EXPONENT, Attributes, Role

TRIPLES = [
    ("a", "DIRECTED_BY", "Person:Ada"),
    ("b", "DIRECTED_BY", "Person:Ada"),
    ("c", "DIRECTED_BY", "Person:Bo"),
    ("a", "HAS_GENRE", "Genre:War"),
    ("b", "HAS_GENRE", "Genre:War"),
    ("c", "HAS_GENRE", "Genre:War"),
    ("Person:Ada", "ACTED_IN", "c"),
    ("a", "PART_OF", "b"),
    ("Genre:War", "SUBCLASS_OF", "Genre:All"),
]


@pytest.fixture(scope="module")
def snapshot(small):
    return small(["a", "b", "c", "d"], TRIPLES).snapshot()


@pytest.fixture(scope="module")
def attributes(snapshot):
    return Attributes.of(snapshot)


def column(attributes, snapshot, relation, direction, entity):
    role = attributes.roles.index(Role(relation, direction))
    row = snapshot.entities.find(entity)
    return np.flatnonzero((attributes.role_of == role) & (attributes.entity_of == row)).item()


def test_roles_are_relations_between_items_and_entities_with_the_side_of_the_item(attributes):
    assert {role.name for role in attributes.roles} == {
        "DIRECTED_BY:out",
        "HAS_GENRE:out",
        "ACTED_IN:in",
    }


def test_the_same_entity_in_two_roles_is_two_features(attributes, snapshot):
    directed = column(attributes, snapshot, "DIRECTED_BY", "out", "Person:Ada")
    acted = column(attributes, snapshot, "ACTED_IN", "in", "Person:Ada")
    dense = attributes.matrix.toarray()
    assert dense[:, directed].tolist() == [1, 1, 0, 0]
    assert dense[:, acted].tolist() == [0, 0, 1, 0]
    assert attributes.n_features == 4
    assert attributes.degrees()[directed] == 2


def test_a_path_through_an_entity_of_many_items_weighs_less(attributes, snapshot):
    weights = attributes.feature_weights(np.full(len(attributes.roles), 2.0))
    war = column(attributes, snapshot, "HAS_GENRE", "out", "Genre:War")
    bo = column(attributes, snapshot, "DIRECTED_BY", "out", "Person:Bo")
    assert weights[war] == pytest.approx(2 * 3**-DEGREE_EXPONENT)
    assert weights[bo] == pytest.approx(2.0)


def test_edges_per_role(attributes, snapshot):
    edges = dict(attributes.by_role(len(snapshot.entities)))
    assert edges["HAS_GENRE:out"].sum() == 3
    assert edges["ACTED_IN:in"][2, snapshot.entities.find("Person:Ada")] == 1
    assert sum(matrix.nnz for matrix in edges.values()) == attributes.matrix.nnz


def test_role_scores_are_what_each_role_alone_adds(attributes):
    profiles = sp.csr_matrix(np.array([[1.0, 0, 0, 0], [0, 0, 2.0, 0]], dtype=np.float32))
    found = attributes.role_scores(profiles, np.array([1, 0]))
    by_name = dict(zip([role.name for role in attributes.roles], found.T, strict=True))
    np.testing.assert_allclose(by_name["DIRECTED_BY:out"], [2**-DEGREE_EXPONENT, 0], rtol=1e-6)
    np.testing.assert_allclose(
        by_name["HAS_GENRE:out"], [3**-DEGREE_EXPONENT, 2 * 3**-DEGREE_EXPONENT], rtol=1e-6
    )
    np.testing.assert_allclose(by_name["ACTED_IN:in"], [0, 0])


def test_role_scores_of_all_roles_sum_to_the_attribute_score(films):
    attributes = Attributes.of(films)
    rng = np.random.default_rng(0)
    n_items = len(films.items)
    dense = np.where(rng.random((5, n_items)) < 0.3, rng.random((5, n_items)), 0)
    role_weights = rng.random(len(attributes.roles))
    rows = rng.integers(0, n_items, 5)
    by_role = attributes.role_scores(sp.csr_matrix(dense), rows) @ role_weights
    matrix = attributes.matrix.toarray().astype(float)
    kernel = (matrix * attributes.feature_weights(role_weights)) @ matrix.T
    np.testing.assert_allclose(by_role, (dense @ kernel)[np.arange(5), rows], rtol=1e-5)


def test_a_graph_without_entities_has_no_features(small):
    attributes = Attributes.of(small(["a", "b"], [("a", "PART_OF", "b")]).snapshot())
    assert attributes.n_features == 0
    assert attributes.matrix.shape == (2, 0)
    assert attributes.by_role(0) == []
    assert len(attributes.degrees()) == 0
