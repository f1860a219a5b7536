from pathlib import Path

import numpy as np
import pytest

from ranking.evaluation.breakdown import by_activity, by_age, by_popularity, quantile_bins
from ranking.evaluation.systems import Trial, read_trial

DAY = 86_400


def write(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("".join(f"{row}\n" for row in [header, *rows]), encoding="utf-8")
    return path


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    """Four users with 0, 1, 2 and 6 events; items by one, two and three users, and a cold one."""
    train = ["one\tpop\t0", "two\tpop\t10", "two\tmid\t90000"]
    train += [f"six\t{item}\t{200_000 + n}" for n, item in enumerate(["pop", "mid", "rare"])]
    train += [f"six\trare\t{900_000 + n}" for n in range(3)]
    test = ["none\tpop", "one\tmid", "two\trare", "two\tcold", "six\tcold"]
    perfect = ["none\t1\tpop", "one\t1\tmid", "two\t1\trare", "two\t2\tcold", "six\t1\tcold"]
    popular = ["none\t1\tpop", "one\t1\tmid", "two\t1\trare", "six\t1\trare"]
    header = "user\trank\titem\tscore"
    return read_trial(
        [
            write(tmp_path / "perfect.tsv", header, [f"{row}\t1" for row in perfect]),
            write(tmp_path / "popular.tsv", header, [f"{row}\t1" for row in popular]),
        ],
        test=write(tmp_path / "test.tsv", "user\titem", test),
        train=write(tmp_path / "train.tsv", "user\titem\ttimestamp", train),
        k=2,
    )


def test_users_are_grouped_by_their_events(trial: Trial) -> None:
    groups = by_activity(trial, trial.known)
    assert [(group.label, group.size) for group in groups] == [
        ("0", 1),
        ("1", 1),
        ("2", 1),
        ("6", 1),
    ]
    assert [group.share for group in groups] == [0.25] * 4
    assert [group.figures["perfect"]["recall"].mean for group in groups] == [1, 1, 1, 1]
    assert [group.figures["popular"]["recall"].mean for group in groups] == [1, 1, 0.5, 0]


def test_items_are_grouped_by_their_users_and_cold_ones_alone(trial: Trial) -> None:
    groups = by_popularity(trial, trial.known)
    assert [(g.label, g.size, g.share) for g in groups] == [
        ("cold", 2, 0.4),
        ("1", 1, 0.2),
        ("2", 1, 0.2),
        ("3", 1, 0.2),
    ]
    assert [group.figures["perfect"]["recall"].mean for group in groups] == [1] * 4
    assert [group.figures["popular"]["recall"].mean for group in groups] == [0, 1, 1, 1]
    assert [group.figures["popular"]["exposure"].mean for group in groups] == [0, 0.5, 0.25, 0.25]
    assert groups[0].figures["perfect"]["exposure"].mean == pytest.approx(0.4)


def test_items_are_grouped_by_the_day_of_their_first_event(trial: Trial) -> None:
    groups = by_age(trial, trial.known)
    assert [group.label for group in groups] == ["cold", "1970-01-01", "1970-01-02", "1970-01-03"]
    assert [group.size for group in groups] == [2, 1, 1, 1]


def test_bins_that_nobody_wants_have_no_recall_but_exposure(tmp_path: Path) -> None:
    lists = write(tmp_path / "l.tsv", "user\trank\titem\tscore", ["a\t1\ty\t1"])
    test = write(tmp_path / "test.tsv", "user\titem", ["a\tx"])
    train = write(tmp_path / "train.tsv", "user\titem", ["b\tx", "b\ty", "c\ty"])
    trial = read_trial([lists], test=test, train=train)
    one, two = by_popularity(trial, trial.known)
    assert (one.label, one.size, one.figures["l"]["recall"].mean) == ("1", 1, 0)
    assert (two.label, two.size, two.figures["l"]["exposure"].mean) == ("2", 0, 1)
    assert "recall" not in two.figures["l"]


def test_lists_without_rows_expose_nothing(tmp_path: Path) -> None:
    lists = write(tmp_path / "l.tsv", "user\trank\titem\tscore", [])
    test = write(tmp_path / "test.tsv", "user\titem", ["a\tx"])
    trial = read_trial([lists], test=test, train=test)
    assert by_popularity(trial, trial.known)[0].figures["l"]["exposure"].mean == 0


def test_bins_are_of_about_the_same_size_and_keep_equal_numbers_together() -> None:
    values = np.random.default_rng(0).integers(1, 60, 1000)
    bins = quantile_bins(values, np.ones(1000, dtype=bool))
    sizes = np.bincount(bins.bin_of)
    assert len(sizes) == 5
    assert sizes.min() > 150
    for number, (low, high) in enumerate(bins.ranges):
        assert set(bins.bin_of[(values >= low) & (values <= high)]) == {number}
    same = quantile_bins(np.full(9, 4), np.ones(9, dtype=bool))
    assert same.ranges == [(4, 4)]
    assert same.labels("none") == ["4"]
    nobody = quantile_bins(np.zeros(3, dtype=np.int64), np.zeros(3, dtype=bool))
    assert nobody.labels("none") == ["none"]


def test_bins_of_items_hold_about_as_many_test_events() -> None:
    values = np.arange(100)
    drawn = np.repeat(np.arange(95, 100), 7)
    bins = quantile_bins(values, np.ones(100, dtype=bool), drawn)
    assert bins.ranges == [(0, 95), (96, 96), (97, 97), (98, 98), (99, 99)]
    unseen = quantile_bins(values, values > 9, np.arange(5))
    assert unseen.ranges[0] is None
    assert len(unseen.ranges) == 6
