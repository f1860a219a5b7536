"""What all peers share: what is held out, how they are judged, what they write."""

import argparse

import numpy as np
import pytest
import scipy.sparse as sp


@pytest.fixture
def data(quality, split):
    return quality("interactions").Interactions.read(split / "train.tsv", ["u0", "newcomer"], ["x"])


def test_users_and_items_without_events_are_known_too(data):
    assert data.users[:2] == ["u0", "newcomer"]
    assert data.items[-1] == "x"
    assert data.matrix.shape == (13, len(data.items))
    assert data.matrix.nnz == 36
    assert data.matrix[1].nnz == 0


def test_held_out_and_kept_are_all_events_and_everyone_keeps_one(quality):
    n_users = 200
    matrix = sp.csr_matrix(np.triu(np.ones((n_users, n_users), dtype=np.float32)))
    users = items = [str(n) for n in range(n_users)]
    data = quality("interactions").Interactions(users, items, matrix)
    kept, held = data.hold_out(0)
    assert (kept + held != matrix).nnz == 0
    assert np.diff(kept.indptr).min() >= 1
    assert held.nnz / matrix.nnz == pytest.approx(0.125, abs=0.01)


def test_a_perfect_scorer_has_recall_and_ndcg_one(quality):
    interactions = quality("interactions")
    known = sp.csr_matrix(np.eye(4, 30, dtype=np.float32))
    relevant = sp.csr_matrix(np.eye(4, 30, k=5, dtype=np.float32))
    perfect = relevant.toarray() + 2 * known.toarray()  # what is known does not count
    assert interactions.quality(lambda rows: perfect[rows], known, relevant) == pytest.approx(2)
    worst = -perfect
    assert interactions.quality(lambda rows: worst[rows], known, relevant) == 0


def test_lists_hold_neither_known_items_nor_others_than_candidates(quality, data, tmp_path):
    out = tmp_path / "lists.tsv"
    allowed = ["x", *data.items[:6]]
    quality("interactions").write_lists(
        out,
        data,
        ["u0", "newcomer"],
        lambda rows: np.tile(np.arange(len(data.items), dtype=float), (len(rows), 1)),
        k=5,
        allowed=allowed,
    )
    header, *lines = [line.split("\t") for line in out.read_text().splitlines()]
    assert header == ["user", "rank", "item", "score"]
    listed = {user: [line[2] for line in lines if line[0] == user] for user in ("u0", "newcomer")}
    assert listed["newcomer"][:2] == ["x", data.items[5]]
    known = {data.items[column] for column in data.matrix[0].indices}
    assert not known & set(listed["u0"])
    assert set(listed["u0"]) | set(listed["newcomer"]) <= set(allowed)
    assert [line[1] for line in lines if line[0] == "u0"][:3] == ["1", "2", "3"]


def test_a_peer_that_knows_no_new_items_ends_on_a_cold_set(quality, data, tmp_path):
    candidates = tmp_path / "candidates.tsv"
    candidates.write_text("item\nnew\n")
    choice = argparse.Namespace(candidates=candidates)
    with pytest.raises(SystemExit, match="none"):
        quality("interactions").warm_only(choice, data)
    candidates.write_text(f"item\nnew\n{data.items[0]}\n")
    assert quality("interactions").warm_only(choice, data) == ["new", data.items[0]]
