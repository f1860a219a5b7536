"""What ``whyrec rank`` says on the terminal of data sets that are small or broken."""

import pytest

RANK = ("rank", "--train", "train.tsv", "--users", "users.tsv", "--out", "lists.tsv")


@pytest.fixture
def few(tmp_path):
    (tmp_path / "train.tsv").write_text(
        "user\titem\n用户 一\t电影 a\n用户 一\t电影 b\n二\t电影 c\n"
    )
    (tmp_path / "users.tsv").write_text("user\n用户 一\n二\nnobody\n")
    return tmp_path


def test_too_little_to_choose_settings_by_is_said_and_lists_come(whyrec, few):
    shown = whyrec(*RANK, "--device", "cpu")
    assert shown.code == 0, shown.stderr
    assert "0 users can be validated on" in shown.stdout
    assert "defaults hold" in shown.stdout
    lines = (few / "lists.tsv").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[:3] for line in lines if line.startswith("用户 一")] == [
        ["用户 一", "1", "电影 c"]
    ]
    assert sum(line.startswith("nobody\t") for line in lines) == 3


def test_a_broken_row_is_named_by_file_and_line(whyrec, few):
    (few / "kg.tsv").write_text("head\trelation\ttail\n电影 a\tby\tx\n电影 b\tby\n")
    answer = whyrec(*RANK, "--kg", "kg.tsv")
    assert answer.code == 1
    assert "kg.tsv, line 3: 2 cells, not 3." in answer.stderr
    assert not (few / "lists.tsv").exists()


def test_a_graph_without_triples_is_no_error(whyrec, few):
    (few / "kg.tsv").write_text("head\trelation\ttail\n")
    assert whyrec(*RANK, "--kg", "kg.tsv", "--json").document["triples"] == 0
