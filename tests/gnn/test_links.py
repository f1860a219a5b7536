import numpy as np
import pytest
from scipy.sparse import csr_matrix, vstack

from gnn.links import EntityLinks
from graph.errors import InvalidError

N_GROUPS, EACH = 4, 12


@pytest.fixture
def groups():
    return np.repeat(np.arange(N_GROUPS), EACH)


@pytest.fixture
def members(groups):
    """Two entities a group, which all items of the group have."""
    return csr_matrix(np.eye(N_GROUPS, dtype=np.float32)[:, groups].repeat(2, axis=0))


def without_edge(members, entity, item):
    changed = members.tolil()
    changed[entity, item] = 0
    return csr_matrix(changed)


def test_a_missing_edge_is_told_from_the_items_behaviour(generator, groups, members):
    targets = np.eye(N_GROUPS)[groups] + 0.1 * generator.standard_normal((len(groups), N_GROUPS))
    links = EntityLinks.fit(
        targets, without_edge(members, 2, EACH), generator=generator, structure=0
    )
    scores = links.scores(np.array([EACH]), np.arange(2 * N_GROUPS))[0]
    assert set(np.argsort(-scores)[:2]) == {2, 3}


def test_a_missing_edge_is_told_from_the_items_other_entities(generator, groups, members):
    targets = generator.standard_normal((len(groups), N_GROUPS))
    links = EntityLinks.fit(
        targets, without_edge(members, 2, EACH), generator=generator, structure=1
    )
    scores = links.scores(np.array([EACH]), np.arange(2 * N_GROUPS))[0]
    assert set(np.argsort(-scores)[:2]) == {2, 3}


def test_the_graph_counts_more_where_it_tells_more(generator, groups, members):
    noise = generator.standard_normal((len(groups), N_GROUPS))
    chosen = EntityLinks.fit(noise, members, generator=np.random.default_rng(0))
    large = EntityLinks.fit(noise, members, generator=np.random.default_rng(0), structure=1)
    assert np.linalg.norm(chosen.items) == pytest.approx(np.linalg.norm(large.items), rel=1e-3)


def test_means_of_entities_with_the_same_items_are_close(generator, groups, members):
    targets = np.eye(N_GROUPS)[groups] + 0.1 * generator.standard_normal((len(groups), N_GROUPS))
    means = EntityLinks.fit(targets, members, generator=generator).means
    distances = np.linalg.norm(means[0] - means[1:], axis=1)
    assert np.argmin(distances) == 0


def test_entities_without_items_rank_last_and_nothing_is_infinite(generator, members):
    with_empty = csr_matrix(vstack([members, csr_matrix((1, members.shape[1]))]))
    targets = np.zeros((members.shape[1], 3))
    links = EntityLinks.fit(targets, with_empty, generator=generator)
    scores = links.scores(np.arange(5), np.arange(9))
    assert np.isfinite(scores).all()
    assert (scores[:, 8] < scores[:, 0]).all()


def test_no_edges_at_all_are_no_error(generator):
    links = EntityLinks.fit(np.ones((4, 2)), csr_matrix((3, 4)), generator=generator)
    assert links.scores(np.arange(4), np.arange(3)).shape == (4, 3)
    assert not links.means.any()


def test_input_that_does_not_fit_is_refused(generator):
    with pytest.raises(InvalidError):
        EntityLinks.fit(np.ones((4, 2)), csr_matrix((3, 5)), generator=generator)
    with pytest.raises(InvalidError):
        EntityLinks.fit(np.ones((4, 2)), csr_matrix((3, 4)), generator=generator, structure=-1)
