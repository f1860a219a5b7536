import numpy as np
import pytest

from graph.errors import InvalidError
from ranking.evaluation import splits


def test_random_split_takes_the_share_and_leaves_every_user_an_event() -> None:
    rng = np.random.default_rng(0)
    users = np.repeat(np.arange(3000), rng.integers(1, 12, size=3000))
    rng.shuffle(users)
    held = splits.random_per_user(users, share=0.2, rng=np.random.default_rng(1))
    many = np.bincount(users)[users] >= 3
    assert held[many].mean() == pytest.approx(0.2, abs=0.01)
    assert (np.bincount(users[~held], minlength=3000) >= 1).all()
    assert not held[np.bincount(users)[users] == 1].any()


def test_random_split_depends_on_the_seed_only() -> None:
    users = np.repeat(np.arange(50), 10)
    first, again, other = (
        splits.random_per_user(users, share=0.3, rng=np.random.default_rng(seed))
        for seed in (4, 4, 5)
    )
    assert (first == again).all()
    assert (first != other).any()
    assert set(np.bincount(users[first], minlength=50)) == {3}


def test_leave_last_takes_the_newest_and_later_rows_break_ties() -> None:
    users = np.array([1, 0, 1, 0, 1, 2])
    times = np.array([9, 5, 3, 5, 4, 1])
    assert np.flatnonzero(splits.leave_last(users, times)).tolist() == [0, 3]
    assert np.flatnonzero(splits.leave_last(users, times, n_last=2)).tolist() == [0, 3, 4]
    assert np.flatnonzero(splits.leave_last(users, times, n_kept=2)).tolist() == [0]


def test_temporal_split_never_tears_equal_times_apart() -> None:
    times = np.array([1, 2, 2, 2, 3, 4, 5, 6, 7, 7])
    held = splits.temporal(times, share=0.3)
    assert times[held].tolist() == [7, 7]
    assert times[~held].max() < times[held].min()
    assert not splits.temporal(np.zeros(5), share=0.5).any()
    assert splits.temporal(np.zeros(0), share=0.5).tolist() == []


def test_cold_items_are_gone_from_training_and_as_many_as_asked() -> None:
    items = np.random.default_rng(0).integers(0, 40, size=500) * 3
    held = splits.cold_items(items, share=0.25, rng=np.random.default_rng(2))
    assert not set(items[held]) & set(items[~held])
    assert len(set(items[held])) == round(0.25 * len(set(items)))


@pytest.mark.parametrize("share", [0, 1, -0.1, float("nan")])
def test_shares_outside_of_0_and_1_are_refused(share: float) -> None:
    with pytest.raises(InvalidError, match="between 0 and 1"):
        splits.temporal(np.arange(3), share=share)
