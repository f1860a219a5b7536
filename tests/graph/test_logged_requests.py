import gzip

import pytest

from graph.errors import InvalidError
from graph.logged_requests import LoggedRequest, read_requests

TABLE = "query\titem\tuser\nfunny films\ta\tu1\nfunny films\tb\tu1\nfunny films\tc\tu2\n"


def written(folder, name, content):
    path = folder / name
    path.write_text(content, "utf-8")
    return path


def test_rows_of_one_user_and_text_are_one_request(tmp_path):
    requests, problems = read_requests(written(tmp_path, "log.tsv", TABLE))
    assert requests == [
        LoggedRequest("funny films", ("a", "b"), "u1"),
        LoggedRequest("funny films", ("c",), "u2"),
    ]
    assert not problems


def test_lines_of_json_may_list_items(tmp_path):
    lines = '{"query": "搞笑", "item": ["a", "b", "a"]}\n{"query": "搞笑", "item": 7}\n'
    requests, problems = read_requests(written(tmp_path, "log.jsonl", lines))
    assert requests == [LoggedRequest("搞笑", ("a", "b", "7"))]
    assert not problems


def test_a_compressed_table_without_users(tmp_path):
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(b'item,query\na,"war, no romance"\n'))
    assert read_requests(path)[0] == [LoggedRequest("war, no romance", ("a",))]


def test_bad_rows_are_told_and_good_ones_kept(tmp_path):
    lines = '{"query": " ", "item": "a"}\n{"query": "x"}\nnothing\n{"query": "x", "item": "a"}\n'
    requests, problems = read_requests(written(tmp_path, "log.jsonl", lines))
    assert requests == [LoggedRequest("x", ("a",))]
    assert [problem.line for problem in problems] == [1, 2, 3]
    assert problems[0].file == "log.jsonl"
    assert "needs a query and an item" in problems[0].reason
    short = written(tmp_path, "log.tsv", "query\titem\nx\n")
    assert [problem.line for problem in read_requests(short)[1]] == [2]


def test_what_cannot_be_used_is_an_error(tmp_path):
    with pytest.raises(InvalidError, match="no file"):
        read_requests(tmp_path / "none.tsv")
    with pytest.raises(InvalidError, match="no column 'query'"):
        read_requests(written(tmp_path, "log.tsv", "text\titem\nx\ta\n"))
