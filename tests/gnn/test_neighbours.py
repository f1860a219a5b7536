import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix

from gnn.geometric import LinkLoader, NegativeSampling, NodeLoader
from gnn.neighbours import CsrSampler, as_data, bipartite, positives


@pytest.fixture
def interactions(groups) -> csr_matrix:
    return groups.interactions


def sampler_of(adjacency: csr_matrix, *fanouts: int, seed: int = 0) -> CsrSampler:
    return CsrSampler(
        adjacency, fanouts=fanouts, negatives_from=36, generator=np.random.default_rng(seed)
    )


def test_bipartite_adjacency_is_symmetric(interactions):
    adjacency = bipartite(interactions)
    np.testing.assert_array_equal(adjacency.toarray()[:36, 36:], interactions.toarray())
    assert abs(adjacency - adjacency.T).nnz == 0


def test_node_loader_batches_map_back_to_the_graph(interactions):
    adjacency = bipartite(interactions)
    data = as_data(adjacency)
    data.x = torch.arange(data.num_nodes)
    loader = NodeLoader(
        data, node_sampler=sampler_of(adjacency, 3, 2), input_nodes=torch.arange(36), batch_size=10
    )
    sizes = []
    for batch in loader:
        assert torch.equal(batch.x, batch.n_id)
        assert len(batch.n_id.unique()) == len(batch.n_id)
        assert torch.equal(batch.n_id[batch.edge_index], data.edge_index[:, batch.e_id])
        assert torch.equal(batch.edge_weight, data.edge_weight[batch.e_id])
        assert sum(batch.num_sampled_nodes) == len(batch.n_id)
        assert sum(batch.num_sampled_edges) == len(batch.e_id)
        sizes.append(batch.num_sampled_nodes[0])
    assert sizes == [10, 10, 10, 6]


def test_link_loader_batches_know_their_pairs(interactions):
    adjacency, edges = bipartite(interactions), positives(interactions, np.arange(36))
    loader = LinkLoader(
        as_data(adjacency),
        link_sampler=sampler_of(adjacency, 4, 4),
        edge_label_index=edges,
        neg_sampling=NegativeSampling("triplet", amount=2),
        batch_size=16,
    )
    batch = next(iter(loader))
    assert torch.equal(batch.n_id[batch.src_index], edges[0, :16])
    assert torch.equal(batch.n_id[batch.dst_pos_index], edges[1, :16])
    assert len(batch.dst_neg_index) == 32
    assert (batch.n_id[batch.dst_neg_index] >= 36).all()


def test_enough_fanout_takes_every_neighbour_once(interactions):
    adjacency = bipartite(interactions)
    loader = NodeLoader(
        as_data(adjacency),
        node_sampler=sampler_of(adjacency, 100),
        input_nodes=torch.tensor([0, 1]),
        batch_size=2,
    )
    batch = next(iter(loader))
    for seed in (0, 1):
        asked = batch.edge_index[0, batch.edge_index[1] == seed]
        found = sorted(batch.n_id[asked].tolist())
        assert found == (adjacency[seed].indices).tolist()


def test_corrected_sums_are_unbiased():
    degrees = 20
    star = csr_matrix(
        np.triu(np.ones((degrees + 1, degrees + 1)), 1) * (np.arange(degrees + 1) == 0)[:, None]
    )
    values = np.arange(degrees + 1.0)
    sampler = sampler_of(csr_matrix(star), 5)
    estimates = []
    for _ in range(800):
        output = sampler._expand(np.array([0]))
        factor = sampler.corrections(np.array([degrees]), 0)[0]
        estimates.append(factor * values[output.node.numpy()][output.row.numpy()].sum())
    assert np.mean(estimates) == pytest.approx(values.sum(), rel=0.03)


def test_positives_are_the_events_of_the_users(interactions):
    pairs = positives(interactions, np.array([3]))
    assert set(pairs[0].tolist()) == {3}
    assert (pairs[1] - 36).tolist() == interactions[3].indices.tolist()
