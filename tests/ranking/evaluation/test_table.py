from pathlib import Path

import numpy as np
import pytest

from graph.errors import InvalidError
from ranking.evaluation.files import read_ids, read_interactions
from ranking.evaluation.table import numbered, read_table


def write(path: Path, *rows: str) -> Path:
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_windows_line_ends_and_byte_order_mark_are_no_part_of_ids(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_bytes(b"\xef\xbb\xbfuser\titem\r\na\tx\r\nb\ty")
    found = read_interactions(path)
    assert (found.user_ids, found.item_ids) == (["a", "b"], ["x", "y"])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "empty"),
        (["user\titm", "a\tx"], "no column 'item'"),
        (["user\titem\titem", "a\tx\tx"], "given twice"),
        (["user\titem", "a\tx", "b"], "line 3: 1 cells, not 2"),
        (["user\titem", "", "a\tx", "b\ty\tz"], "line 4: 3 cells, not 2"),
        (["user\titem", "a\tx", "\ty"], "line 3: user is empty"),
        (["user\titem", f"a\t{'x' * 600}"], "line 2: item is longer"),
        (["user\titem\tvalue", "a\tx\tgood"], "line 2: value is not a number"),
        (["user\titem\ttimestamp", "a\tx\t1", "a\ty\tinf"], "line 3: timestamp is not a finite"),
    ],
)
def test_broken_files_are_named_with_line_and_reason(
    tmp_path: Path, rows: list[str], said: str
) -> None:
    path = write(tmp_path / "broken.tsv", *rows)
    with pytest.raises(InvalidError, match=said) as caught:
        read_interactions(path)
    assert "broken.tsv" in caught.value.detail


def test_missing_wrongly_encoded_and_wrongly_packed_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="no file"):
        read_ids(tmp_path / "none.tsv", "user")
    path = tmp_path / "latin.tsv"
    path.write_bytes("user\na\nMäx\n".encode("latin-1"))
    with pytest.raises(InvalidError, match="line 3: not UTF-8"):
        read_ids(path, "user")
    path = tmp_path / "plain.tsv.xz"
    path.write_bytes(b"user\na\n")
    with pytest.raises(InvalidError, match="cannot be read"):
        read_ids(path, "user")


def test_numbers_have_defaults_for_empty_cells_and_missing_columns(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "t.tsv", "a\tb", "1e3\tx", "\ty"))
    assert table.numbers("a", missing=-1).tolist() == [1000, -1]
    assert table.numbers("none", missing=7).tolist() == [7, 7]
    assert np.isnan(table.numbers("none", missing=np.nan)).all()


def test_a_header_alone_is_an_empty_table(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "t.tsv", "user\titem"))
    assert len(table) == 0
    assert table.ids("user") == []


def test_numbered_keeps_the_numbers_that_are_known() -> None:
    names, numbers = numbered(["c", "b", "c"], ["a", "b"])
    assert names == ["a", "b", "c"]
    assert numbers.tolist() == [2, 1, 2]


def test_a_very_long_line_is_read_or_refused_by_name(tmp_path: Path) -> None:
    path = write(tmp_path / "long.tsv", "user\titem", f"a\t{'x' * 20_000_000}")
    with pytest.raises(InvalidError, match="line 2: item is longer"):
        read_ids(path, "item")
