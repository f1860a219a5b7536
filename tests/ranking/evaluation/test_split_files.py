from pathlib import Path

import numpy as np
import pytest

from graph.errors import ConflictError, InvalidError
from ranking.evaluation.files import read_ids, read_interactions
from ranking.evaluation.split_files import How, split


def write(path: Path, *rows: str) -> Path:
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def rows_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[1:]


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """Thirty users with ten events each, over forty items."""
    rng = np.random.default_rng(5)
    rows = [
        f"u{user}\ti{item}\t{rng.integers(1, 6)}\t{rng.integers(1_000, 9_000)}"
        for user in range(30)
        for item in rng.permutation(40)[:10].tolist()
    ]
    return write(tmp_path / "events.tsv", "user\titem\tvalue\ttimestamp", *rows)


@pytest.mark.parametrize("how", list(How))
def test_every_row_goes_into_one_file_as_it_was(events: Path, tmp_path: Path, how: How) -> None:
    out = tmp_path / "out"
    counts = split(events, how=how, out=out)
    train, test = rows_of(out / "train.tsv"), rows_of(out / "test.tsv")
    assert sorted([*train, *test]) == sorted(rows_of(events))
    assert (counts["train"], counts["test"]) == (len(train), len(test))
    assert rows_of(out / "users.tsv") == list(dict.fromkeys(row.split("\t")[0] for row in test))
    assert (out / "candidates.tsv").exists() == (how is How.cold_items)
    known, asked = read_interactions(out / "train.tsv"), read_interactions(out / "test.tsv")
    assert len(set(asked.user_ids) - set(known.user_ids)) == counts["users_without_train"]
    assert len(set(asked.item_ids) - set(known.item_ids)) == counts["items_without_train"]


def test_random_takes_a_share_of_each_user(events: Path, tmp_path: Path) -> None:
    counts = split(events, how=How.random, out=tmp_path / "out", share=0.3)
    assert counts["test"] == 90
    test = read_interactions(tmp_path / "out" / "test.tsv")
    assert np.bincount(test.users).tolist() == [3] * 30


def test_leave_last_takes_the_newest_event_of_each_user(events: Path, tmp_path: Path) -> None:
    split(events, how=How.leave_last, out=tmp_path / "out")
    every, test = read_interactions(events), read_interactions(tmp_path / "out" / "test.tsv")
    newest = [every.times[every.users == user].max() for user in range(30)]
    assert test.times.tolist() == newest


def test_temporal_takes_what_is_newer_than_all_else(events: Path, tmp_path: Path) -> None:
    counts = split(events, how=How.temporal, out=tmp_path / "out", share=0.25)
    train, test = (
        read_interactions(tmp_path / "out" / f"{name}.tsv") for name in ("train", "test")
    )
    assert train.times.max() < test.times.min()
    assert counts["test"] == pytest.approx(75, abs=3)


def test_cold_items_are_candidates_that_nobody_trains_on(events: Path, tmp_path: Path) -> None:
    counts = split(events, how=How.cold_items, out=tmp_path / "out", share=0.1)
    candidates = set(read_ids(tmp_path / "out" / "candidates.tsv", "item"))
    assert len(candidates) == counts["candidates"] == counts["items_without_train"] == 4
    assert candidates.isdisjoint(read_ids(tmp_path / "out" / "train.tsv", "item"))
    assert set(read_ids(tmp_path / "out" / "test.tsv", "item")) == candidates


@pytest.mark.parametrize("how", [How.random, How.cold_items])
def test_the_seed_decides(events: Path, tmp_path: Path, how: How) -> None:
    for name, seed in {"a": 1, "b": 1, "c": 2}.items():
        split(events, how=how, out=tmp_path / name, seed=seed)
    a, b, c = (rows_of(tmp_path / name / "test.tsv") for name in "abc")
    assert a == b != c


def test_what_is_repeated_or_known_is_left_out_and_counted(tmp_path: Path) -> None:
    again = write(
        tmp_path / "again.tsv",
        "user\titem\ttimestamp",
        *["a\tx\t1", "a\tx\t1", "a\ty\t2", "a\tx\t3", "b\ty\t1", "b\tz\t2"],
    )
    counts = split(again, how=How.leave_last, out=tmp_path / "out")
    assert (counts["events"], counts["duplicates"], counts["already_known"]) == (5, 1, 1)
    assert rows_of(tmp_path / "out" / "train.tsv") == ["a\tx\t1", "a\ty\t2", "b\ty\t1"]
    assert rows_of(tmp_path / "out" / "test.tsv") == ["b\tz\t2"]


def test_ids_keep_spaces_and_letters_of_any_script(tmp_path: Path) -> None:
    rows = [f" 用户 {u}\t电影 {i} \tx{i}" for u in range(4) for i in range(6)]
    source = write(tmp_path / "names.tsv", "user\titem\tnote", *rows)
    split(source, how=How.random, out=tmp_path / "out", share=0.5)
    assert read_ids(tmp_path / "out" / "users.tsv", "user") == [f" 用户 {u}" for u in range(4)]
    assert len(rows_of(tmp_path / "out" / "train.tsv")) == 12
    assert set(rows_of(tmp_path / "out" / "test.tsv")) < set(rows)


@pytest.mark.parametrize("how", [How.leave_last, How.temporal])
@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["user\titem", "a\tx", "b\ty"], "events.tsv has no column 'timestamp'"),
        (["user\titem\ttimestamp", "a\tx\t1", "a\ty\t"], "events.tsv, line 3: timestamp is empty"),
        (["user\titem\ttimestamp", "a\tx\t7", "a\ty\t7"], "events.tsv have the same timestamp"),
        (["user\titem\ttimestamp", "a\tx\tnow"], "events.tsv, line 2: timestamp is not a number"),
    ],
)
def test_a_split_by_time_needs_times(tmp_path: Path, how: How, rows, told: str) -> None:
    with pytest.raises(InvalidError, match=told):
        split(write(tmp_path / "events.tsv", *rows), how=how, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("how", list(How))
@pytest.mark.parametrize("rows", [[], ["a\tx\t1"], ["a\tx\t1"] * 3])
def test_too_little_is_refused_with_its_numbers(tmp_path: Path, how: How, rows) -> None:
    source = write(tmp_path / "few.tsv", "user\titem\ttimestamp", *rows)
    with pytest.raises(InvalidError, match=r"few.tsv (has \d events of \d users|holds too little)"):
        split(source, how=how, out=tmp_path / "out")


def test_users_with_one_event_each_leave_nothing_to_test(tmp_path: Path) -> None:
    source = write(tmp_path / "ones.tsv", "user\titem", "a\tx", "b\tx", "c\ty")
    with pytest.raises(InvalidError, match="no event is left for test"):
        split(source, how=How.random, out=tmp_path / "out")


def test_files_that_exist_stay_as_they_are(events: Path, tmp_path: Path) -> None:
    mine = write(tmp_path / "train.tsv", "user\titem\ttimestamp", "a\tx\t1", "a\ty\t2")
    before = mine.read_bytes()
    with pytest.raises(ConflictError, match=r"train\.tsv exists"):
        split(mine, how=How.random, out=tmp_path)
    assert mine.read_bytes() == before
    assert not (tmp_path / "test.tsv").exists()


@pytest.mark.parametrize("share", [0.0, 1.0, -0.5])
def test_a_share_lies_between_nothing_and_all(events: Path, tmp_path: Path, share: float) -> None:
    with pytest.raises(InvalidError, match="between 0 and 1"):
        split(events, how=How.random, out=tmp_path / "out", share=share)


def test_leave_last_takes_no_share(events: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="takes no share"):
        split(events, how=How.leave_last, out=tmp_path / "out", share=0.5)
