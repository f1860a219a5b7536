import math

import numpy as np
import pytest

from ranking.evaluation import explaining


def test_places_follow_the_recursion_of_the_paper():
    # b = 2 / 11: m = 0, 2/11 * 11 = 2, 9/11 * 2 + 2/11 * 22 = 62/11
    found = explaining.smoothed(np.array([0.0, 11.0, 22.0]))
    assert found.tolist() == pytest.approx([0.0, 2 / (62 / 11), 1.0])


def test_places_come_in_the_order_of_the_values_given():
    forward = explaining.smoothed(np.array([5.0, 7.0, 9.0, 30.0]))
    back = explaining.smoothed(np.array([30.0, 9.0, 7.0, 5.0]))
    assert back.tolist() == forward[::-1].tolist()


def test_equal_values_share_the_mean_of_their_places():
    # One after the other 0, 11, 11 would get 0, 2, 9/11 * 2 + 2 = 40/11.
    found = explaining.smoothed(np.array([11.0, 0.0, 11.0, 22.0]))
    last = 9 / 11 * 40 / 11 + 2 / 11 * 22
    shared = (2 + 40 / 11) / 2 / last
    assert found.tolist() == pytest.approx([shared, 0.0, shared, 1.0])


def test_places_of_times_do_not_depend_on_the_epoch():
    times = np.array([10.0, 500.0, 90_000.0, 91_000.0])
    moved = explaining.smoothed(times + 1.7e9)
    assert moved == pytest.approx(explaining.smoothed(times), abs=1e-6)


def test_where_all_values_are_equal_there_is_no_place():
    assert explaining.smoothed(np.array([])).tolist() == []
    assert np.isnan(explaining.smoothed(np.array([3.0, 3.0]))).all()
    assert math.isnan(explaining.recency(np.array([3.0, 3.0]), [0]))


def test_recency_is_one_for_the_newest_event_and_zero_for_the_oldest():
    times = np.array([100.0, 300.0, 200.0])
    assert explaining.recency(times, [1]) == 1.0
    assert explaining.recency(times, [0]) == 0.0
    assert explaining.recency(times, [0, 1]) == 0.5
    assert math.isnan(explaining.recency(times, []))


def test_entity_popularity_is_the_mean_of_the_places():
    assert explaining.entity_popularity([0.0, 0.5, 1.0, float("nan")]) == 0.5
    assert math.isnan(explaining.entity_popularity([]))


def test_type_diversity_counts_each_type_once():
    types = ["DIRECTED_BY", "SIMILAR_TO", "DIRECTED_BY"]
    assert explaining.type_diversity(types, 10) == 0.2
    assert math.isnan(explaining.type_diversity([], 0))


def test_distinct_share():
    assert explaining.distinct_share(["a", "b", "a", "a"]) == 0.5
    assert math.isnan(explaining.distinct_share([]))


def test_shares_of_a_score_count_what_speaks_for_it():
    values = np.array([3.0, -5.0, 1.0, 0.0])
    assert explaining.share_carried(values, [0]) == 0.75
    assert explaining.share_carried(values, [0, 1, 2]) == 1.0
    assert explaining.share_carried(np.array([-1.0]), [0]) == 0.0


def test_value_kept_compares_with_the_strongest():
    values = np.array([4.0, 3.0, -8.0])
    assert explaining.value_kept(values, 1) == 0.75
    assert math.isnan(explaining.value_kept(np.array([-1.0]), 0))


def test_coverage_needs_a_path():
    assert explaining.coverage([3, 0, 1, 1]) == 0.75
    assert math.isnan(explaining.coverage([]))


def test_an_entity_tells_something_up_to_a_degree_and_only_if_it_adds():
    degrees, values = np.array([301, 300]), np.array([1.0, 1.0])
    assert explaining.has_telling_entity(degrees, values)
    assert not explaining.has_telling_entity(degrees, np.array([1.0, 0.0]))
    assert not explaining.has_telling_entity(degrees, values, most=299)


def test_generic_is_a_first_reason_that_more_than_a_tenth_of_the_catalog_shares():
    assert explaining.generic_share([11, 10, None, None], 100) == 0.25
    assert math.isnan(explaining.generic_share([], 100))
