from pathlib import Path

import numpy as np
import pytest
import pytrec_eval

from graph.errors import InvalidError
from ranking.evaluation.lists import RankedLists, write_lists
from ranking.evaluation.report import evaluate


def write(path: Path, *rows: str) -> Path:
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def test_file(tmp_path: Path) -> Path:
    rows = ["a\tx", "a\ty", "a\tx", "b\tz", "c\tx"]
    return write(tmp_path / "test.tsv", "user\titem", *rows)


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    found = RankedLists(
        ["a", "b", "stranger"],
        [["x", "w"], ["w", "v", "z"], ["x"]],
        [[2.0, 1.0], [3.0, 2.0, 1.0], [1.0]],
    )
    write_lists(tmp_path / "lists.tsv", found)
    return tmp_path / "lists.tsv"


def test_all_users_of_the_test_file_count(lists: Path, test_file: Path) -> None:
    report = evaluate(lists, test=test_file, k=2)
    assert (report["users"], report["users_without_list"], report["lists_without_test"]) == (
        3,
        1,
        1,
    )
    assert report["relevant"] == 4
    means = {name: figure["mean"] for name, figure in report["metrics"].items()}
    assert means["recall"] == pytest.approx(0.5 / 3)
    assert means["mrr"] == pytest.approx(1 / 3)
    assert means["hit"] == pytest.approx(1 / 3)
    assert means["precision"] == pytest.approx(0.5 / 3)
    assert evaluate(lists, test=test_file, k=3)["metrics"]["recall"]["mean"] == pytest.approx(0.5)


def test_intervals_hold_the_mean_and_depend_on_the_seed_only(lists: Path, test_file: Path) -> None:
    report = evaluate(lists, test=test_file, k=3)
    for figure in report["metrics"].values():
        assert figure["low"] <= figure["mean"] <= figure["high"]
    assert report == evaluate(lists, test=test_file, k=3)


def test_coverage_counts_what_test_users_are_shown(lists: Path, test_file: Path) -> None:
    report = evaluate(lists, test=test_file, k=3)
    assert report["catalog"] == 5
    assert report["coverage"] == pytest.approx(4 / 5)
    assert "novelty" not in report["metrics"]


def test_the_train_file_adds_items_novelty_and_known_items(
    lists: Path, test_file: Path, tmp_path: Path
) -> None:
    train = write(tmp_path / "train.tsv", "user\titem", *["b\tw", "b\tq", "d\tw", "a\tq"])
    report = evaluate(lists, test=test_file, train=train, k=3)
    assert report["catalog"] == 6
    assert report["already_known"] == 1
    # a: x (nobody of 3 knows it, 2 bits) and w (2 of 3, 0.415 bits); b: w, v, z; c: nothing.
    expected = ((2 + 0.41504) / 2 + (0.41504 + 2 + 2) / 3) / 3
    assert report["metrics"]["novelty"]["mean"] == pytest.approx(expected, abs=1e-4)


@pytest.fixture
def three(tmp_path: Path) -> dict[str, Path]:
    """Lists that put the right item first for 50, 20 and 20 of 60 users."""
    users = [f"u{n}" for n in range(60)]
    rows = [f"{user}\tright" for user in users]
    files = {"test": write(tmp_path / "test.tsv", "user\titem", *rows)}
    right, wrong = ["right", "wrong"], ["wrong", "right"]
    for name, n_right in {"good": 50, "bad": 20, "same": 20}.items():
        files[name] = tmp_path / f"{name}.tsv"
        items = [right] * n_right + [wrong] * (60 - n_right)
        write_lists(files[name], RankedLists(users, items, [[1.0, 0.5]] * 60))
    return files


def test_comparison_finds_the_better_system(three: dict[str, Path]) -> None:
    against = [three["bad"], three["same"]]
    report = evaluate(three["good"], test=three["test"], against=against, k=2)
    assert report["name"] == "good"
    assert list(report["against"]) == ["bad", "same"]
    mrr = report["against"]["bad"]["difference"]["mrr"]
    assert mrr["mean"] == pytest.approx(0.25)
    assert 0 < mrr["low"] < 0.25 < mrr["high"]
    assert mrr["p_permutation"] < 0.01
    assert mrr["p_holm"] == pytest.approx(2 * mrr["p_permutation"])
    assert report["against"]["bad"]["difference"]["recall"]["p_t"] == 1
    assert report["against"]["bad"]["metrics"]["mrr"]["mean"] == pytest.approx(20 / 60 + 40 / 120)


def test_systems_that_are_equal_do_not_differ(three: dict[str, Path]) -> None:
    report = evaluate(three["bad"], test=three["test"], against=[three["same"]], k=2)
    for test in report["against"]["same"]["difference"].values():
        assert test["mean"] == test["low"] == test["high"] == 0
        assert test["p_t"] == test["p_permutation"] == test["p_holm"] == 1


def test_others_change_nothing_in_the_figures_of_the_first(three: dict[str, Path]) -> None:
    alone = evaluate(three["good"], test=three["test"], k=2)
    compared = evaluate(three["good"], test=three["test"], k=2, against=[three["bad"]])
    assert {name: compared[name] for name in alone} == alone


def test_one_user_is_measured_and_not_tested(tmp_path: Path, lists: Path) -> None:
    test = write(tmp_path / "one.tsv", "user\titem", "a\tx")
    other = write(tmp_path / "other.tsv", "user\trank\titem\tscore", "a\t1\tw\t1")
    report = evaluate(lists, test=test, against=[other])
    assert report["metrics"]["recall"]["mean"] == 1
    assert report["against"]["other"]["difference"] == {}


def test_items_that_could_be_listed_count_for_the_coverage(
    lists: Path, test_file: Path, tmp_path: Path
) -> None:
    items = write(tmp_path / "items.tsv", "item\ttitle", *[f"i{n}\tT" for n in range(5)], "x\tX")
    report = evaluate(lists, test=test_file, items=items, k=3)
    assert report["catalog"] == 10
    assert report["coverage"] == pytest.approx(4 / 10)


@pytest.mark.parametrize("seed", [0, 1])
def test_means_are_those_of_trec_eval_over_all_users_whatever_the_scores(
    tmp_path: Path, seed: int
) -> None:
    """Scores with ties, lists of any length, users without lists, lists without test users."""
    rng = np.random.default_rng(seed)
    truth: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    rows = []
    for user in range(80):
        items = [f"i{item}" for item in rng.permutation(50).tolist()]
        if user < 70:
            truth[f"u{user}"] = dict.fromkeys(items[: rng.integers(1, 9)], 1)
        length = int(rng.integers(0, 15)) if user % 7 else 0
        shown = rng.permutation(items)[:length].tolist()
        scores = np.sort(rng.integers(0, 4, length))[::-1]
        rows += [
            f"u{user}\t{place}\t{item}\t{score}"
            for place, (item, score) in enumerate(zip(shown, scores, strict=True), start=1)
        ]
        if shown:
            run[f"u{user}"] = {item: float(-place) for place, item in enumerate(shown)}
    lists = write(
        tmp_path / "lists.tsv", "user\trank\titem\tscore", *rng.permutation(rows).tolist()
    )
    test = write(
        tmp_path / "test.tsv",
        "user\titem",
        *(f"{user}\t{item}" for user, items in truth.items() for item in items),
    )
    names = {
        "recall": "recall_10",
        "ndcg": "ndcg_cut_10",
        "map": "map_cut_10",
        "precision": "P_10",
        "hit": "success_10",
    }
    asked = {name.rpartition("_")[0] + ".10" for name in names.values()}
    official = pytrec_eval.RelevanceEvaluator(truth, asked).evaluate(run)
    found = evaluate(lists, test=test, k=10)
    assert found["users_without_list"] == len(truth) - len(official) > 5
    for ours, theirs in names.items():
        mean = sum(figures[theirs] for figures in official.values()) / len(truth)
        assert found["metrics"][ours]["mean"] == pytest.approx(mean, abs=1e-6), ours
    # trec_eval looks for the first hit in the whole list; so do we, with as many places.
    official = pytrec_eval.RelevanceEvaluator(truth, {"recip_rank"}).evaluate(run)
    mean = sum(figures["recip_rank"] for figures in official.values()) / len(truth)
    whole = evaluate(lists, test=test, k=50)
    assert whole["metrics"]["mrr"]["mean"] == pytest.approx(mean, abs=1e-6)


def test_what_cannot_be_measured_is_refused(lists: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="no rows"):
        evaluate(lists, test=write(tmp_path / "empty.tsv", "user\titem"))
    with pytest.raises(InvalidError, match="at least 1"):
        evaluate(lists, test=lists, k=0)


def test_lists_without_rows_score_nothing(test_file: Path, tmp_path: Path) -> None:
    empty = write(tmp_path / "none.tsv", "user\trank\titem\tscore")
    report = evaluate(empty, test=test_file, train=test_file)
    assert report["metrics"]["ndcg"]["mean"] == 0
    assert report["users_without_list"] == 3
