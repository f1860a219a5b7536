from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack

from gnn.messages import Messages
from gnn.trainer import GraphTrainer, GraphTrainingConfig
from gnn.training_graph import TrainingGraph

CONFIG = GraphTrainingConfig(dim=8, epochs=6, device="cpu", batch_users=8)


@pytest.fixture
def graph(groups, generator):
    """Two relations, an entity of a single item, and an item without events."""
    (name, membership), n_items = groups.attributes[0], groups.n_items
    other = csr_matrix((generator.random((n_items, 3)) < 0.3).astype(np.float32))
    lonely = csr_matrix(([1.0], ([0], [0])), shape=(n_items, 1), dtype=np.float32)
    one, two = (csr_matrix(hstack([m, lonely]), dtype=np.float32) for m in (membership, other))
    events = groups.interactions.tolil()
    events[:, -1] = 0
    return TrainingGraph(csr_matrix(events), ((name, one), ("HAS", two)))


def learned(graph, seed=0):
    return GraphTrainer(replace(CONFIG, seed=seed)).fit(graph, validation=None)


def passed(messages, row, n_dims):
    _, vectors = messages.of(row)
    return vectors.sum(axis=0) if len(vectors) else np.zeros(n_dims)


def test_what_entities_pass_on_is_what_the_rest_of_a_target_vector_lacks(graph):
    vectors = learned(graph)
    silent = {**vectors.state, "log_relations": np.full(2, -80.0, dtype=np.float32)}
    frozen = replace(CONFIG, epochs=1, learning_rate=1e-12)
    rest = GraphTrainer(frozen).fit(graph, validation=None, start=silent)
    for row in range(graph.n_items):
        found = passed(vectors.messages, row, 8)
        expected = vectors.target[row] - rest.target[row]
        np.testing.assert_allclose(found, expected, atol=1e-5)
    assert np.abs(vectors.target - rest.target).max() > 1e-3


def test_entities_of_one_item_and_items_without_events_take_no_part(graph):
    messages = learned(graph).messages
    assert messages.relations == ("IN_GROUP", "HAS")
    assert 3 not in messages.entity[messages.relation == 0]
    places, _ = messages.of(graph.n_items - 1)
    assert not len(places)


def test_several_networks_stand_side_by_side(graph):
    several = [learned(graph, seed) for seed in (0, 1)]
    joined = Messages.beside([each.messages for each in several])
    assert joined.vectors.shape[1] == 16
    for row in (0, 9):
        expected = np.concatenate([passed(each.messages, row, 8) for each in several])
        np.testing.assert_allclose(passed(joined, row, 16), expected, rtol=1e-6)


def test_they_are_kept_in_a_folder(graph, tmp_path):
    assert Messages.load(tmp_path) is None
    messages = learned(graph).messages
    messages.save(tmp_path)
    kept = Messages.load(tmp_path)
    assert kept.relations == messages.relations
    for row in range(graph.n_items):
        for mine, its in zip(messages.of(row), kept.of(row), strict=True):
            np.testing.assert_array_equal(mine, its)


def test_without_attributes_nothing_is_passed_on(groups):
    alone = TrainingGraph(groups.interactions)
    assert GraphTrainer(CONFIG).fit(alone, validation=None).messages is None
