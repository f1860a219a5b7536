from pathlib import Path

import pytest

from graph.errors import InvalidError
from ranking.evaluation.lists import RankedLists, read_lists, require_place, write_lists


def write(path: Path, *rows: str) -> Path:
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_lists_come_back_as_written(tmp_path: Path) -> None:
    lists = RankedLists(
        ["u 1", "用户", "none"], [["a", "b c"], ["鞋"], []], [[2.0, -0.5], [1e-9], []]
    )
    for name in ("lists.tsv", "deep/lists.tsv.gz", "lists.tsv.xz"):
        write_lists(tmp_path / name, lists)
        found = read_lists(tmp_path / name)
        assert list(found.users) == ["u 1", "用户"]
        assert [list(row) for row in found.items] == [["a", "b c"], ["鞋"]]
        assert [list(row) for row in found.scores] == [[2.0, -0.5], [1e-9]]
    assert not list(tmp_path.rglob(".partial*"))


def test_lists_are_ordered_by_rank(tmp_path: Path) -> None:
    path = write(
        tmp_path / "l.tsv", "user\trank\titem\tscore", *["a\t2\tx\t9", "b\t1\tx\t0", "a\t1\ty\t1"]
    )
    assert [list(row) for row in read_lists(path).items] == [["y", "x"], ["x"]]


@pytest.mark.parametrize(
    ("row", "said"),
    [("a\t2\tx\t0", "line 3: .*item twice"), ("a\t1\ty\t0", "line 3: .*rank twice")],
)
def test_lists_with_an_item_or_a_rank_twice_are_refused(
    tmp_path: Path, row: str, said: str
) -> None:
    path = write(tmp_path / "l.tsv", "user\trank\titem\tscore", "a\t1\tx\t1", row)
    with pytest.raises(InvalidError, match=said):
        read_lists(path)


def test_lists_never_replace_what_they_are_made_from(tmp_path: Path) -> None:
    train = write(tmp_path / "train.tsv", "user\titem", "a\tx")
    for out in (train, tmp_path / "sub" / ".." / "train.tsv"):
        with pytest.raises(InvalidError, match="is read for the lists"):
            require_place(out, (train, None), is_folder=False)
    require_place(tmp_path / "new" / "lists.tsv", (train,), is_folder=False)
    assert (tmp_path / "new").is_dir()


@pytest.mark.parametrize(
    ("name", "is_folder"), [("folder", False), ("file", True), ("file/x", False)]
)
def test_a_place_that_lists_cannot_have_is_refused(
    tmp_path: Path, name: str, *, is_folder: bool
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidError, match=r"is a f|cannot be written"):
        require_place(tmp_path / name, (), is_folder=is_folder)
