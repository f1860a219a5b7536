import numpy as np
import pytest
import torch

from gnn.losses import Batch, all_item_loss, shared_negative_loss


@pytest.fixture
def vectors() -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(3)
    return torch.randn(6, 4), torch.randn(6, 4)


def batch_of(pairs: list[tuple[int, int]]) -> Batch:
    rows, items = torch.tensor(pairs).T
    return Batch(rows, items, torch.ones(len(pairs)), torch.ones(len(pairs)))


def test_the_score_of_a_positive_does_not_contain_its_own_event(vectors):
    source, target = vectors
    history = torch.tensor([[1.0, 1, 0, 1, 0, 0]])
    pairs = batch_of([(0, 0), (0, 1), (0, 3)])
    scales = torch.tensor([0.7])
    loss = all_item_loss(history @ source, source, target, scales, pairs)
    scores = (history @ source @ target.T)[0]
    for item in (0, 1, 3):
        without = history.clone()
        without[0, item] = 0
        scores[item] = (without @ source @ target[item])[0]
    expected = -torch.log_softmax(0.7 * scores, dim=0)[[0, 1, 3]].mean()
    torch.testing.assert_close(loss, expected)


def test_all_items_as_negatives_give_the_loss_over_all_items(vectors):
    source, target = vectors
    history = torch.tensor([[1.0, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0]])
    pairs, scales = batch_of([(0, 0), (1, 2)]), torch.ones(2)
    full = all_item_loss(history @ source, source, target, scales, pairs)
    drawn = shared_negative_loss(
        history @ source, source, target, scales, pairs, negatives=torch.arange(6)
    )
    torch.testing.assert_close(drawn, full)


def test_drawn_negatives_estimate_the_sum_over_all_items():
    torch.manual_seed(0)
    source, target = torch.randn(400, 4) * 0.1, torch.randn(400, 4) * 0.1
    queries, pairs, scales = source[:1] * 3, batch_of([(0, 0)]), torch.ones(1)
    generator = np.random.default_rng(0)
    full = float(all_item_loss(queries, source, target, scales, pairs))
    estimates = [
        float(
            shared_negative_loss(
                queries,
                source,
                target,
                scales,
                pairs,
                negatives=torch.from_numpy(generator.choice(400, 100, replace=False)),
            )
        )
        for _ in range(20)
    ]
    assert np.mean(estimates) == pytest.approx(full, abs=0.01)


def test_pairs_of_weight_zero_do_not_count(vectors):
    source, target = vectors
    queries, scales = source[:1], torch.ones(1)
    both = Batch(
        torch.tensor([0, 0]), torch.tensor([1, 2]), torch.zeros(2), torch.tensor([1.0, 0.0])
    )
    one = Batch(torch.tensor([0]), torch.tensor([1]), torch.zeros(1), torch.ones(1))
    torch.testing.assert_close(
        all_item_loss(queries, source, target, scales, both),
        all_item_loss(queries, source, target, scales, one),
    )


def test_no_useful_pair_gives_a_loss_of_zero(vectors):
    source, target = vectors
    empty = Batch(torch.tensor([0]), torch.tensor([1]), torch.zeros(1), torch.zeros(1))
    assert float(all_item_loss(source[:1], source, target, torch.ones(1), empty)) == 0
