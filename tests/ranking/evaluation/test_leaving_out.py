import math
from dataclasses import replace

import numpy as np
import pytest

from ranking.evaluation.leaving_out import agreement_of, own_edge


def test_own_edge_is_the_one_behind_the_event(listed):
    kinds = set()
    for item in listed.items:
        for path in item.paths:
            edge = own_edge(path)
            assert edge.type != "INTERACTED"
            kinds.add(edge.type)
    assert "SIMILAR_TO" in kinds
    assert "HAS_GENRE" in kinds


def test_values_are_what_is_lost_without_the_own_edge(counting, listed):
    found = agreement_of(counting, "u3", listed.items[0], most=12, rng=np.random.default_rng(0))
    assert found.own == pytest.approx(1.0)


def test_all_edges_take_more_than_the_path(counting, listed):
    found = agreement_of(counting, "u3", listed.items[0], most=30, rng=np.random.default_rng(0))
    assert found.whole < found.own
    assert -1.0 <= found.whole <= 1.0
    assert found.event > 0.5


def test_wrong_values_are_found_out(counting, listed):
    item = listed.items[0]
    lie = replace(item, values=-item.values)
    found = agreement_of(counting, "u3", lie, most=12, rng=np.random.default_rng(0))
    assert found.own == pytest.approx(-1.0)


def test_two_paths_say_nothing(counting, listed):
    found = agreement_of(counting, "u3", listed.items[0], most=2, rng=np.random.default_rng(0))
    assert math.isnan(found.own)
    assert math.isnan(found.event)
