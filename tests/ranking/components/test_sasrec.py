import torch

from ranking.components.sasrec import SasRec


def network(dropout=0.0):
    torch.manual_seed(0)
    return SasRec(5, dims=8, layers=1, heads=2, longest=6, dropout=dropout).eval()


def test_no_place_looks_ahead():
    net = network()
    states = net(torch.tensor([[1, 2, 3, 4], [1, 2, 5, 1]]))
    torch.testing.assert_close(states[0, :2], states[1, :2])
    assert not torch.allclose(states[0, 2], states[1, 2])


def test_fillers_at_the_end_change_nothing():
    net = network()
    short = net.next_items(torch.tensor([[1, 2, 3]]))
    long = net.next_items(torch.tensor([[1, 2, 3, 0, 0]]))
    torch.testing.assert_close(short, long)
    assert short.shape == (1, 5)


def test_it_learns_what_follows():
    net = network().train()
    rows = torch.tensor([[1, 2, 3, 4, 5], [3, 4, 5, 1, 2]])
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(150):
        optimizer.zero_grad()
        loss = net.loss(rows)
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.1
    following = net.eval().next_items(torch.tensor([[1, 2, 0], [3, 4, 5]])).argmax(dim=1) + 1
    assert following.tolist() == [3, 1]
