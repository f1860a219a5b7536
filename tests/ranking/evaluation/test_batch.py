import numpy as np
import pytest

from graph.presets import preset
from ranking.evaluation.batch import BatchScorer, BlockRanker, best, tie_order
from ranking.evaluation.files import read_snapshot
from ranking.scoring import Profile
from ranking.state import ServingState
from ranking.training import train

GENERIC = preset("generic")


@pytest.fixture(scope="module")
def snapshot(data_set):
    return read_snapshot(data_set.train, users=data_set.users, items=data_set.items)


@pytest.fixture(scope="module")
def model(snapshot, without_network):
    return train(snapshot, preset=GENERIC, config=without_network)


def test_scores_are_those_of_a_single_request(snapshot, model) -> None:
    state = ServingState(snapshot, model, GENERIC)
    users = np.arange(len(snapshot.users))
    items, scores = BatchScorer(snapshot, model, GENERIC).top_k(users, 24)
    for user in users.tolist():
        history = state.histories.of(user)
        profile = Profile.of(*history.profile(state.histories.rule), model.gate)
        alone = state.scorer.scores(profile)
        alone[history.items] = -np.inf
        n_left = 24 - len(history)
        assert set(items[user, :n_left].tolist()) == set(
            np.flatnonzero(np.isfinite(alone)).tolist()
        )
        np.testing.assert_allclose(scores[user, :n_left], np.sort(alone)[::-1][:n_left], rtol=1e-4)
        np.testing.assert_allclose(
            scores[user, :n_left], alone[items[user, :n_left]], rtol=1e-4, atol=1e-6
        )
        assert (items[user, n_left:] == -1).all()


def test_candidates_bound_what_is_ranked(snapshot, model) -> None:
    scorer = BatchScorer(snapshot, model, GENERIC)
    cold = np.array([snapshot.items.find("i1-11"), snapshot.items.find("i0-11")])
    items, scores = scorer.top_k(np.array([0, 1]), 5, cold)
    assert [sorted(row[row >= 0].tolist()) for row in items] == [sorted(cold.tolist())] * 2
    assert np.isneginf(scores[:, 2:]).all()
    for user in (0, 1):
        side = int(snapshot.users.id(user)[1:]) % 2
        assert snapshot.items.id(int(items[user, 0])) == f"i{side}-11"


def test_blocks_give_the_same_as_one_piece(snapshot, model, monkeypatch) -> None:
    scorer = BatchScorer(snapshot, model, GENERIC)
    users = np.arange(41)[::-1].copy()
    whole = scorer.top_k(users, 6)
    monkeypatch.setattr("ranking.evaluation.batch._CELLS", 24 * 7)
    assert len(list(scorer.blocks(users, 6))) == 6
    parts = scorer.top_k(users, 6)
    np.testing.assert_array_equal(whole[0], parts[0])
    np.testing.assert_allclose(whole[1], parts[1], rtol=1e-6)


def test_best_breaks_ties_by_column_and_leaves_out_what_is_barred() -> None:
    scores = np.array([[1, 3, 3, -np.inf], [-np.inf] * 4], dtype=np.float32)
    columns, values = best(scores, 3)
    assert columns.tolist() == [[1, 2, 0], [-1, -1, -1]]
    assert values[0].tolist() == [3, 3, 1]
    assert best(scores, 9)[0].shape == (2, 4)


@pytest.mark.parametrize("k", [1, 7, 39, 40])
def test_best_is_the_stable_order_of_every_row_ties_at_the_end_included(k) -> None:
    scores = np.random.default_rng(4).integers(0, 5, size=(60, 40)).astype(np.float32)
    scores[scores == 0] = -np.inf
    expected = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    barred = np.isneginf(np.take_along_axis(scores, expected, axis=1))
    columns, _ = best(scores, k)
    assert columns.tolist() == np.where(barred, -1, expected).tolist()


def test_the_order_of_ties_depends_on_the_ids_and_not_on_the_file() -> None:
    names = [f"i{n}" for n in range(400)]
    first, second = tie_order(names), tie_order(names[::-1])
    assert [names[row] for row in first] == [names[::-1][row] for row in second]
    assert sorted(first.tolist()) == list(range(400))
    # A fair draw of 400: the mean row of the first half has a deviation of 8 around 199.5.
    assert abs(first[:200].mean() - 199.5) < 30
    assert abs(np.corrcoef(first, np.arange(400))[0, 1]) < 0.2


def test_items_of_equal_score_are_listed_in_an_order_blind_to_their_rows(snapshot) -> None:
    names = list(snapshot.items.ids)
    ranker = BlockRanker(snapshot, lambda users: np.ones((len(users), len(names)), np.float32))
    nobody = np.array([snapshot.users.find("nobody")])
    whole = ranker.top_k(nobody, len(names))[0][0]
    assert whole.tolist() == tie_order(names).tolist()
    assert whole.tolist() != sorted(whole.tolist())
    assert ranker.top_k(nobody, 4)[0][0].tolist() == whole[:4].tolist()
    some = np.array([5, 2, 9, 2])
    among = [row for row in whole.tolist() if row in some]
    assert ranker.top_k(nobody, 2, some)[0][0].tolist() == among[:2]
