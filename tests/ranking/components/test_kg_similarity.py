import numpy as np
import pytest
import scipy.sparse as sp

from graph.domain import Interaction, Triple
from graph.presets import preset
from ranking.attributes import Attributes
from ranking.components.data import ComponentData
from ranking.components.kg_similarity import (
    KgSimilarity1,
    KgSimilarity2,
    one_hop,
    tf_idf,
    two_hop,
)


@pytest.fixture(scope="module")
def chain(small):
    """One and two share Ada; two and three share Ben; four and five share Cleo, whom Ben taught."""
    triples = [
        Triple("one", "BY", "Person:Ada"),
        Triple("two", "BY", "Person:Ada"),
        Triple("two", "BY", "Person:Ben"),
        Triple("three", "BY", "Person:Ben"),
        Triple("four", "BY", "Person:Cleo"),
        Triple("five", "BY", "Person:Cleo"),
        Triple("six", "BY", "Person:Dan"),
    ]
    items = ["one", "two", "three", "four", "five", "six"]
    return small(items, triples, [Interaction("u", "one", "view")]).snapshot()


def scores_of(chain, scored, component):
    row = scored(component, ComponentData.of(chain, preset("generic")))[0]
    return {name: float(row[chain.items.find(name)]) for name in chain.items.ids}


def test_one_step_reaches_what_shares_an_entity(chain, scored):
    scores = scores_of(chain, scored, KgSimilarity1())
    assert scores["one"] == pytest.approx(1.0)
    # Both of two's people weigh the same, so it lies at 45 degrees.
    assert scores["two"] == pytest.approx(np.sqrt(0.5))
    assert scores["three"] == scores["four"] == scores["six"] == 0.0


def test_two_steps_reach_what_shares_nothing(chain, scored):
    scores = scores_of(chain, scored, KgSimilarity2())
    assert scores["three"] > 0.0
    assert scores["four"] == scores["six"] == 0.0


def test_an_edge_between_entities_is_a_step(small, scored):
    triples = [
        Triple("one", "BY", "Person:Ada"),
        Triple("two", "BY", "Person:Ben"),
        Triple("three", "BY", "Person:Cleo"),
        Triple("Person:Ada", "OF", "Group:Left"),
        Triple("Group:Left", "HAS", "Person:Ben"),
        Triple("Person:Cleo", "OF", "Group:Right"),
    ]
    world = small(["one", "two", "three"], triples, [Interaction("u", "one", "view")])
    scores = scores_of(world.snapshot(), scored, KgSimilarity2())
    assert scores["two"] == pytest.approx(1.0)
    assert scores["three"] == 0.0


def test_rows_have_length_1_and_an_entity_of_one_item_counts_nothing(chain):
    attributes = Attributes.of(chain)
    for features in (one_hop(attributes), two_hop(chain, attributes)):
        length = np.sqrt(np.asarray(features.multiply(features).sum(axis=1)).ravel())
        assert set(np.round(length, 5).tolist()) <= {0.0, 1.0}
    assert one_hop(attributes)[chain.items.find("six")].sum() == 0.0


def test_rare_features_weigh_more():
    counts = sp.csr_matrix(np.array([[1, 1], [1, 1], [1, 0], [0, 0]], dtype=np.float32))
    weights = tf_idf(counts).toarray()
    expected = np.array([np.log(4 / 3), np.log(4 / 2)])
    np.testing.assert_allclose(weights[0], expected / np.linalg.norm(expected), rtol=1e-5)


def test_blocks_change_nothing(chain, monkeypatch):
    attributes = Attributes.of(chain)
    whole = two_hop(chain, attributes).toarray()
    monkeypatch.setattr("ranking.components.kg_similarity._BLOCK", 4)
    np.testing.assert_array_equal(two_hop(chain, attributes).toarray(), whole)
