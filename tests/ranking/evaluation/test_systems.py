from pathlib import Path

import numpy as np
import pytest

from graph.errors import InvalidError
from ranking.evaluation.systems import list_files, names_of, read_trial


def write(path: Path, *rows: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    header = "user\trank\titem\tscore"
    return {
        "ours": write(tmp_path / "ours.tsv", header, "a\t2\ty\t9", "a\t1\tx\t1", "b\t1\tv\t1"),
        "other": write(tmp_path / "other.tsv", header, "b\t1\tz\t1", "s\t1\tz\t1"),
        "test": write(tmp_path / "test.tsv", "user\titem", "a\tx", "b\tz", "c\tz", "a\tx"),
        "train": write(
            tmp_path / "train.tsv",
            "user\titem\ttimestamp",
            *["b\tv\t50", "b\tv\t20", "d\tv\t70", "a\tq\t90", "d\tx\t5"],
        ),
    }


@pytest.fixture
def trial(files: dict[str, Path]):
    paths = [files["ours"], files["other"]]
    return read_trial(paths, test=files["test"], train=files["train"], catalog=["x", "new"], k=2)


def test_all_systems_share_users_and_items(trial) -> None:
    assert trial.item_ids == ["x", "z", "y", "v", "q", "new"]
    assert trial.n_users == 3
    assert [system.name for system in trial.systems] == ["ours", "other"]
    assert [[n.tolist() for n in system.top] for system in trial.systems] == [
        [[0, 2], [3, -1], [-1, -1]],
        [[-1, -1], [1, -1], [-1, -1]],
    ]
    assert [system.n_without_list for system in trial.systems] == [1, 2]
    assert [system.n_without_test for system in trial.systems] == [0, 1]
    assert trial.systems[0].columns["recall"].tolist() == [1, 0, 0]
    assert trial.systems[1].columns["recall"].tolist() == [0, 1, 0]


def test_the_place_in_the_list_counts_and_not_the_score(trial) -> None:
    assert trial.systems[0].columns["mrr"][0] == 1


def test_what_the_train_file_knows(trial) -> None:
    known = trial.known
    assert known.n_users == 3
    assert known.n_events.tolist() == [1, 2, 0]
    assert known.n_fans.tolist() == [1, 0, 0, 2, 1, 0]
    np.testing.assert_array_equal(known.first_at, [5, np.nan, np.nan, 20, 90, np.nan])
    assert known.has_times
    assert known.seen.todense().nonzero()[1].tolist() == [4, 3]


def test_a_train_file_without_times_has_none(files, tmp_path) -> None:
    train = write(tmp_path / "plain.tsv", "user\titem", "a\tq", "d\tx")
    assert not read_trial([files["ours"]], test=files["test"], train=train).known.has_times


def test_names_are_as_short_as_tells_them_apart() -> None:
    assert names_of([Path("ease.tsv"), Path("x/ials.tsv.gz")]) == ["ease", "ials"]
    paths = [Path("m/a/lists.tsv"), Path("m/b/lists.tsv"), Path("m/b/gnn.tsv")]
    assert names_of(paths) == ["a/lists", "b/lists", "gnn"]
    with pytest.raises(InvalidError, match="twice"):
        names_of([Path("ease.tsv"), Path("../" + Path.cwd().name + "/ease.tsv")])


def test_a_folder_stands_for_the_lists_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    for name in ("b.tsv", "a.tsv.gz", ".partial-c.tsv", "note.txt", "mine.tsv"):
        write(folder / name, "")
    (folder / "deeper.tsv").mkdir()
    single = tmp_path / "single.tsv"
    found = list_files([single, folder], apart_from=folder / "mine.tsv")
    assert found == [single, folder / "a.tsv.gz", folder / "b.tsv"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidError, match="empty holds no lists"):
        list_files([tmp_path / "empty"], apart_from=single)
