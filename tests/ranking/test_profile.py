import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ranking.profile import MAX_HISTORY, NO_HISTORY, EventScale, Histories, History, ProfileRule

PLAIN = ProfileRule({})
NAN = np.float32(np.nan)


def history(items, strengths=None, times=None):
    n = len(items)
    return History.of(
        np.array(items, np.int32),
        np.ones(n, np.float32) if strengths is None else np.array(strengths, np.float32),
        np.arange(n, dtype=np.int64) if times is None else np.array(times, np.int64),
    )


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=12))
def test_events_on_an_item_become_one(events):
    found = history([item for item, _ in events], [strength for _, strength in events])
    last = {item: place for place, (item, _) in enumerate(events)}
    assert found.items.tolist() == sorted(last, key=last.__getitem__)
    assert found.times.tolist() == sorted(last.values())
    for item, strength in zip(found.items.tolist(), found.strengths.tolist(), strict=True):
        assert strength == max(value for other, value in events if other == item)


def test_ratings_are_linear_from_the_lowest_to_the_highest():
    scale = EventScale.fit(0.8, np.array([1, 2, 3, 4, 5, NAN], np.float32))
    assert scale == EventScale(0.8, "linear", 1.0, 5.0)
    values = np.array([1, 3, 5, NAN, 9], np.float32)
    np.testing.assert_allclose(scale.strengths(values), [0.0, 0.4, 0.8, 0.8, 0.8], rtol=1e-6)


def test_counts_are_logarithmic_up_to_their_95th_percentile():
    values = np.arange(101, dtype=np.float32)
    scale = EventScale.fit(1.0, values)
    assert (scale.shape, scale.low, scale.high) == ("log", 0.0, 95.0)
    found = scale.strengths(np.array([0, 9, 95, 1000], np.float32))
    np.testing.assert_allclose(found, [0.0, np.log(10) / np.log(96), 1.0, 1.0], rtol=1e-6)


@pytest.mark.parametrize("values", [[], [NAN, NAN], [1, 1, 1], [0, 1], [-3, 1, 2, 3]])
def test_values_that_are_no_scale_are_ignored(values):
    scale = EventScale.fit(0.3, np.array(values, np.float32))
    assert scale == EventScale(0.3)
    np.testing.assert_allclose(scale.strengths(np.array([NAN, 7], np.float32)), 0.3)


finite = st.floats(0, 1e9, width=32)


@given(
    arrays.arrays(np.float32, st.integers(0, 60), elements=finite | st.just(NAN) | st.just(0.0)),
    st.floats(0, 1),
)
def test_strengths_stay_between_0_and_the_base_and_grow_with_the_value(values, base):
    scale = EventScale.fit(base, values)
    found = scale.strengths(np.sort(values))
    assert np.all((found >= 0) & (found <= np.float32(base)))
    known = found[~np.isnan(np.sort(values))]
    assert np.all(np.diff(known) >= 0)


def test_counts_that_are_nearly_all_0_still_tell():
    values = np.r_[np.zeros(990), np.arange(1, 31)].astype(np.float32)
    found = EventScale.fit(1.0, values).strengths(np.array([0, 1, 30], np.float32))
    assert found[0] == 0
    assert 0 < found[1] < found[2] == 1.0


def test_each_type_has_its_own_strength():
    rule = ProfileRule({"view": EventScale(0.3), "rating": EventScale(1.0, "linear", 1.0, 5.0)})
    found = rule.strengths(
        np.array([0, 1, 2]), np.array([NAN, 4, NAN], np.float32), ("view", "rating", "hum")
    )
    np.testing.assert_allclose(found, [0.3, 0.75, 1.0])


def test_a_rule_is_fitted_per_type_and_knows_the_types_of_the_preset(small):
    events = [("u", f"i{n}", "rating", float(n), float(n)) for n in range(1, 6)]
    events += [("u", "i1", "view", None, 9.0)]
    snapshot = small([f"i{n}" for n in range(1, 6)], events=events).snapshot()
    rule = ProfileRule.fit(snapshot.events, {"view": 0.3, "like": 0.9}, half_life_s=60.0)
    assert rule.scales["rating"] == EventScale(1.0, "linear", 1.0, 5.0)
    assert rule.scales["view"] == EventScale(0.3)
    assert rule.scales["like"] == EventScale(0.9)
    assert rule.half_life_s == 60.0


def test_an_event_counts_half_after_the_half_life():
    rule = ProfileRule({}, half_life_s=100.0)
    items, weights = history([4, 5, 6], times=[0, 100, 300]).profile(rule)
    assert items.tolist() == [4, 5, 6]
    np.testing.assert_allclose(weights, [0.125, 0.25, 1.0])


def test_an_event_from_the_past_counts_no_more_than_a_new_one():
    rule = ProfileRule({}, half_life_s=100.0)
    late = history([4], times=[1000]).then(
        np.array([5], np.int32), np.ones(1, np.float32), np.array([900])
    )
    items, weights = late.profile(rule)
    assert dict(zip(items.tolist(), weights.tolist(), strict=True)) == {4: 1.0, 5: 0.5}


def test_the_recent_mix_is_the_running_profile_of_the_recursion():
    rule = ProfileRule({}, recent_share=0.4, alpha=0.25)
    _, weights = history([1, 2, 3]).profile(rule)
    recent = np.zeros(3)
    for event in np.eye(3):
        recent = 0.25 * event + 0.75 * recent
    np.testing.assert_allclose(weights, 0.6 + 0.4 * recent / 0.25, rtol=1e-6)


def test_an_item_comes_once_where_its_newest_event_is_with_its_highest_strength():
    found = history([1, 2, 1], [0.9, 0.5, 0.2])
    assert found.items.tolist() == [2, 1]
    np.testing.assert_allclose(found.strengths, [0.5, 0.9])
    assert found.times.tolist() == [1, 2]
    assert len(found) == 2


def test_events_without_strength_are_known_but_do_not_count():
    found = history([1, 2], [0.0, 1.0])
    assert found.items.tolist() == [1, 2]
    assert found.profile(PLAIN)[0].tolist() == [2]


def test_only_the_newest_items_count():
    items, _ = history(list(range(MAX_HISTORY + 7))).profile(PLAIN)
    assert items.tolist() == list(range(7, MAX_HISTORY + 7))


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from([0.0, 0.5, 1.0]), st.integers(0, 3)),
        max_size=12,
    ),
    st.integers(0, 4),
)
def test_a_history_without_an_item_is_that_of_somebody_who_never_had_it(events, item):
    events.sort(key=lambda event: event[2])
    others = [event for event in events if event[0] != item]
    found = history(*map(list, zip(*events, strict=True))) if events else NO_HISTORY
    expected = history(*map(list, zip(*others, strict=True))) if others else NO_HISTORY
    found = found.without(np.array([item]))
    np.testing.assert_array_equal(found.items, expected.items)
    np.testing.assert_array_equal(found.strengths, expected.strengths)
    np.testing.assert_array_equal(found.times, expected.times)


def test_nobody_has_an_empty_profile():
    items, weights = NO_HISTORY.profile(ProfileRule({}, half_life_s=9.0, recent_share=0.5))
    assert len(items) == len(weights) == 0


def test_a_rule_survives_json():
    rule = ProfileRule({"rating": EventScale(1.0, "linear", 1.0, 5.0)}, 60.0, 0.2, 0.3)
    assert ProfileRule.from_json(json.loads(json.dumps(rule.to_json()))) == rule


def test_histories_change_for_one_user_only(small):
    snapshot = small(["a", "b"], events=[("u", "a"), ("v", "b")]).snapshot()
    histories = Histories(snapshot.events, PLAIN)
    histories.replace(0, history([1]))
    assert histories.of(0).items.tolist() == [1]
    assert histories.of(1).items.tolist() == [1]
    assert histories.of(7) is NO_HISTORY


def test_the_matrix_holds_the_highest_strength_of_each_pair(small):
    events = [
        ("u", "a", "view", None, 1.0),
        ("u", "a", "like", None, 2.0),
        ("u", "a", "view", None, 3.0),
        ("v", "b", "skip", None, 1.0),
        ("v", "a", "view", None, 2.0),
    ]
    snapshot = small(["a", "b", "c"], events=events).snapshot()
    rule = ProfileRule.fit(snapshot.events, {"view": 0.3, "like": 0.9, "skip": 0.0})
    matrix = Histories(snapshot.events, rule).matrix(3)
    np.testing.assert_allclose(matrix.toarray(), [[0.9, 0, 0], [0.3, 0, 0]], rtol=1e-6)
    assert matrix.nnz == 2


def test_good_ratings_speak_for_an_item_and_so_does_every_other_event():
    rated = ProfileRule({"rating": EventScale(1.0, "linear", 1.0, 5.0)})
    assert (rated.good, ProfileRule({"click": EventScale()}).good) == (0.6, 0.0)
