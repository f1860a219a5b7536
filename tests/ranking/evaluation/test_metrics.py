import numpy as np
import pytest
import pytrec_eval
import scipy.sparse as sp
from scipy import stats

from ranking.evaluation import metrics
from ranking.evaluation.metrics import Judged, judge


def random_case(
    seed: int, n_users: int = 200, n_items: int = 60, k: int = 20
) -> tuple[np.ndarray, sp.csr_array]:
    rng = np.random.default_rng(seed)
    relevant = sp.csr_array((rng.random((n_users, n_items)) < 0.12).astype(np.float32))
    top = np.argsort(rng.random((n_users, n_items)), axis=1)[:, :k].copy()
    lengths = rng.integers(0, k + 1, size=n_users)
    top[np.arange(k)[None, :] >= lengths[:, None]] = -1
    return top, relevant


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_numbers_are_those_of_trec_eval(seed: int) -> None:
    top, relevant = random_case(seed)
    dense = relevant.toarray()
    truth = {
        f"u{u}": {f"i{i}": 1 for i in np.flatnonzero(row)}
        for u, row in enumerate(dense)
        if any(row)
    }
    run = {
        f"u{u}": {f"i{i}": float(-place) for place, i in enumerate(row) if i >= 0}
        for u, row in enumerate(top)
    }
    names = {"recall.20", "ndcg_cut.20", "map_cut.20", "P.20", "success.20", "recip_rank"}
    official = pytrec_eval.RelevanceEvaluator(truth, names).evaluate(run)
    judged = judge(top, relevant)
    ours = {
        "recall_20": metrics.recall(judged),
        "ndcg_cut_20": metrics.ndcg(judged),
        "map_cut_20": metrics.average_precision(judged),
        "P_20": metrics.precision(judged),
        "success_20": metrics.hit(judged),
        "recip_rank": metrics.reciprocal_rank(judged),
    }
    compared = 0
    for user, figures in official.items():
        for name, array in ours.items():
            assert array[int(user[1:])] == pytest.approx(figures[name], abs=1e-6), (user, name)
            compared += 1
    assert compared > 500


def test_known_answers() -> None:
    judged = Judged(np.array([[True, False, True], [False, False, False]]), np.array([4, 0]))
    assert metrics.recall(judged).tolist() == [0.5, 0]
    assert metrics.precision(judged) == pytest.approx([2 / 3, 0])
    assert metrics.ndcg(judged) == pytest.approx([1.5 / (1 + 1 / np.log2(3) + 0.5), 0])
    assert metrics.reciprocal_rank(judged).tolist() == [1, 0]
    assert metrics.average_precision(judged) == pytest.approx([(1 + 2 / 3) / 4, 0])
    assert metrics.hit(judged).tolist() == [1, 0]


def test_nothing_relevant_and_stored_zeros_are_no_hits() -> None:
    zeros = sp.csr_array((np.array([0.0, 1.0]), ([0, 0], [0, 1])), shape=(1, 3))
    assert judge(np.array([[0, 1]]), zeros).hits.tolist() == [[False, True]]
    assert not judge(np.array([[0, 1]]), sp.csr_array((1, 3))).hits.any()


def test_coverage_counts_items_shown_to_anybody() -> None:
    assert metrics.coverage(np.array([[0, 1], [1, -1]]), 4) == 0.5
    assert metrics.coverage(np.array([[-1]]), 0) == 0


def test_novelty_is_the_mean_surprise_in_bits() -> None:
    top = np.array([[0, 1], [2, -1], [-1, -1]])
    found = metrics.novelty(top, np.array([7, 3, 0]), n_users=7)
    assert found.tolist() == [0.5, 3, 0]


def test_intervals_agree_with_scipy_and_hold_the_mean() -> None:
    values = np.random.default_rng(3).beta(1, 4, size=(400, 2))
    found = metrics.intervals(values, rng=np.random.default_rng(1), n_resamples=4000)
    for column, interval in enumerate(found):
        expected = stats.bootstrap(
            (values[:, column],), np.mean, n_resamples=4000, method="percentile", rng=5
        ).confidence_interval
        width = expected.high - expected.low
        assert interval.mean == pytest.approx(values[:, column].mean())
        assert interval.low == pytest.approx(expected.low, abs=0.06 * width)
        assert interval.high == pytest.approx(expected.high, abs=0.06 * width)
    again = metrics.intervals(values, rng=np.random.default_rng(1), n_resamples=4000)
    assert again == found


def test_intervals_hold_the_true_mean_as_often_as_they_say() -> None:
    rng = np.random.default_rng(11)
    samples = rng.exponential(size=(200, 120))
    held = 0
    for sample in samples:
        (interval,) = metrics.intervals(sample[:, None], rng=rng, n_resamples=300)
        held += interval.low <= 1 <= interval.high
    assert 0.88 <= held / len(samples) <= 0.99
