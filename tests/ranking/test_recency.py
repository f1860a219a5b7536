import numpy as np
import pytest

from ranking.profile import NO_HISTORY, History
from ranking.recency import Recency, recency


def test_recency_is_a_smoothed_time_between_the_oldest_and_the_newest():
    # By hand: 0, then 2/11 of the way to 11, to 22 and to 33.
    found = recency(np.array([0, 11, 22, 33]))
    smoothed = [0.0, 2.0, 2.0 + 2 / 11 * 20]
    smoothed.append(smoothed[-1] + 2 / 11 * (33 - smoothed[-1]))
    assert found == pytest.approx(np.array(smoothed) / smoothed[-1])


def test_order_does_not_matter_and_events_at_once_are_equally_recent():
    times = np.array([5, 1, 9, 5, 1])
    found = recency(times)
    assert found[1] == found[4] == 0.0
    assert found[0] == found[3]
    assert found[2] == 1.0
    order = [3, 0, 4, 2, 1]
    assert recency(times[order]).tolist() == found[order].tolist()


def test_where_nothing_is_old_everything_is_new():
    assert recency(np.array([7, 7, 7])).tolist() == [1.0, 1.0, 1.0]
    assert recency(np.array([], dtype=np.int64)).tolist() == []


def test_items_are_looked_up_and_what_has_no_event_is_said_just_now():
    history = History(
        np.array([8, 3, 5], np.int32), np.ones(3, np.float32), np.array([10, 20, 30], np.int64)
    )
    found = Recency.in_history(history)
    assert found.of(np.array([5, 8, -1, 4, 9])).tolist() == [1.0, 0.0, 1.0, 1.0, 1.0]
    assert 0 < found.of(np.array([3]))[0] < 1
    assert Recency.in_history(NO_HISTORY).of(np.array([1, -1])).tolist() == [1.0, 1.0]
