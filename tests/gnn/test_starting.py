import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix

from gnn.config import GraphTrainingConfig, plan_training
from gnn.prepared import prepare
from gnn.starting import ATTRIBUTE_SHARES, attribute_share, start_table
from gnn.training_graph import TrainingGraph

N_GROUPS, USERS_EACH, ITEMS_EACH = 6, 60, 40


def sparse_groups(generator, *, relevant):
    """Users with three items of their group each; entities by group, or by chance."""
    users = np.repeat(np.arange(N_GROUPS), USERS_EACH)
    matrix = np.zeros((len(users), N_GROUPS * ITEMS_EACH), dtype=np.float32)
    for user, group in enumerate(users):
        matrix[user, group * ITEMS_EACH + generator.choice(ITEMS_EACH, 3, replace=False)] = 1
    groups = np.repeat(np.arange(N_GROUPS), ITEMS_EACH)
    owner = groups if relevant else generator.permutation(groups)
    entities = csr_matrix(np.eye(N_GROUPS, dtype=np.float32)[owner])
    return TrainingGraph(csr_matrix(matrix), (("IN_GROUP", entities),))


def ready(graph):
    plan = plan_training(GraphTrainingConfig(dim=8), graph, has_validation=True)
    generator = np.random.default_rng(0)
    return prepare(graph, device=torch.device("cpu"), generator=generator), plan


def test_attributes_that_tell_groups_of_sparse_items_are_used(generator):
    assert attribute_share(*ready(sparse_groups(generator, relevant=True))) > 0


def test_attributes_by_chance_are_left_out(generator):
    assert attribute_share(*ready(sparse_groups(generator, relevant=False))) == 0


def test_without_attributes_or_events_to_spare_there_is_nothing_to_choose(generator):
    graph = sparse_groups(generator, relevant=True)
    assert attribute_share(*ready(TrainingGraph(graph.interactions))) == 0
    single = csr_matrix(np.eye(240, dtype=np.float32))
    assert attribute_share(*ready(TrainingGraph(single, graph.attributes))) == 0


def test_the_choice_leaves_the_graph_as_it_was(generator):
    graph, plan = ready(sparse_groups(generator, relevant=True))
    before = graph.strengths.copy()
    first = start_table(graph, plan)
    assert (graph.strengths != before).nnz == 0
    np.testing.assert_array_equal(graph.strengths.indices, before.indices)
    np.testing.assert_array_equal(first, start_table(graph, plan))


@pytest.mark.parametrize("share", ATTRIBUTE_SHARES)
def test_a_larger_share_brings_items_of_an_entity_together(generator, share):
    graph, _ = ready(sparse_groups(generator, relevant=True))
    table = graph.start(8, balanced=True, attribute_share=share, generator=np.random.default_rng(0))
    plain = graph.start(8, balanced=True, generator=np.random.default_rng(0))

    def spread(vectors):
        groups = graph.warm // ITEMS_EACH
        within = np.mean([vectors[groups == g].var(axis=0).sum() for g in range(N_GROUPS)])
        return within / vectors.var(axis=0).sum()

    assert share == 0 or spread(table) < spread(plain)
