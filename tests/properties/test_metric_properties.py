"""Vectorised metrics against code that is obviously right."""

import math

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from ranking.evaluation import metrics

N_ITEMS = 12


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[list[int]], list[set[int]], int]:
    n_users = draw(st.integers(1, 5))
    k = draw(st.integers(1, 8))
    items = st.integers(0, N_ITEMS - 1)
    lists = draw(
        st.lists(st.lists(items, unique=True, max_size=k), min_size=n_users, max_size=n_users)
    )
    relevant = draw(st.lists(st.sets(items, max_size=N_ITEMS), min_size=n_users, max_size=n_users))
    return lists, relevant, k


def naive(found: list[int], wanted: set[int], k: int) -> dict[str, float]:
    if not wanted:
        return dict.fromkeys(("recall", "precision", "hit", "ndcg", "rr", "ap"), 0.0)
    gain, n_found, first, precisions = 0.0, 0, 0, 0.0
    for place, item in enumerate(found[:k], start=1):
        if item in wanted:
            n_found += 1
            gain += 1 / math.log2(place + 1)
            first = first or place
            precisions += n_found / place
    ideal = sum(1 / math.log2(place + 1) for place in range(1, min(len(wanted), k) + 1))
    return {
        "recall": n_found / len(wanted),
        "precision": n_found / k,
        "hit": float(n_found > 0),
        "ndcg": gain / ideal,
        "rr": 1 / first if first else 0.0,
        "ap": precisions / len(wanted),
    }


@given(cases())
def test_metrics_equal_naive_code(case: tuple[list[list[int]], list[set[int]], int]) -> None:
    lists, relevant, k = case
    top = np.array([row + [-1] * (k - len(row)) for row in lists])
    matrix = sp.lil_array((len(lists), N_ITEMS))
    for user, items in enumerate(relevant):
        for item in items:
            matrix[user, item] = 1
    judged = metrics.judge(top, matrix.tocsr())
    ours = {
        "recall": metrics.recall(judged),
        "precision": metrics.precision(judged),
        "hit": metrics.hit(judged),
        "ndcg": metrics.ndcg(judged),
        "rr": metrics.reciprocal_rank(judged),
        "ap": metrics.average_precision(judged),
    }
    for user, (found, wanted) in enumerate(zip(lists, relevant, strict=True)):
        for name, figure in naive(found, wanted, k).items():
            assert ours[name][user] == pytest.approx(figure), name


@given(cases())
def test_every_metric_is_between_0_and_1_and_better_order_is_never_worse(
    case: tuple[list[list[int]], list[set[int]], int],
) -> None:
    lists, relevant, k = case
    best = [
        sorted(row, key=lambda item: item not in wanted)
        for row, wanted in zip(lists, relevant, strict=True)
    ]
    matrix = sp.csr_array(
        np.array([[float(i in wanted) for i in range(N_ITEMS)] for wanted in relevant])
    )
    judged, ideal = (
        metrics.judge(np.array([row + [-1] * (k - len(row)) for row in rows]), matrix)
        for rows in (lists, best)
    )
    for metric in (metrics.ndcg, metrics.reciprocal_rank, metrics.average_precision):
        assert (metric(judged) >= 0).all()
        assert (metric(ideal) <= 1 + 1e-12).all()
        assert (metric(ideal) >= metric(judged) - 1e-12).all()
