import pytest

from graph.errors import InvalidError
from graph.formats.lines import Problem, SourceFile
from graph.formats.rows import Table, json_rows, plain_rows


def file_of(tmp_path, name, content) -> SourceFile:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return SourceFile(path, name)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_any_delimiter(tmp_path, delimiter):
    content = 'a,"b c"\n1,"x\ny"\n2,"say ""hi"""\n'.replace(",", delimiter)
    table = Table(file_of(tmp_path, "x.csv", content))

    assert table.columns == ["a", "b c"]
    assert list(table.rows()) == [(2, ["1", "x\ny"]), (4, ["2", 'say "hi"'])]


def test_tsv_knows_no_quotes(tmp_path):
    table = Table(file_of(tmp_path, "x.tsv", 'a\tb\n1\t5" tall\n\n"2\t3\n'))

    assert list(table.rows()) == [(2, ["1", '5" tall']), (4, ['"2', "3"])]


def test_rows_of_another_width_are_problems(tmp_path):
    table = Table(file_of(tmp_path, "x.csv", "a,b\n1\n1,2,3\n1,2\n"))

    assert list(table.rows()) == [
        Problem("x.csv", 2, "the row has 1 cells where the header names 2"),
        Problem("x.csv", 3, "the row has 3 cells where the header names 2"),
        (4, ["1", "2"]),
    ]


def test_a_field_that_is_too_large_is_a_problem(tmp_path):
    table = Table(file_of(tmp_path, "x.csv", f"a,b\n1,{'x' * 200_000}\n1,2\n"))

    first, second = table.rows()

    assert isinstance(first, Problem)
    assert (first.line, "field" in first.reason) == (2, True)
    assert second == (3, ["1", "2"])


def test_a_repeated_column_is_refused(tmp_path):
    with pytest.raises(InvalidError, match="'a' more than once"):
        Table(file_of(tmp_path, "x.csv", "a,b,a\n"))


def test_a_header_that_cannot_be_read_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"a\xff,b\n")

    with pytest.raises(InvalidError, match=r"header of x\.csv"):
        Table(SourceFile(path, "x.csv"))


@pytest.mark.parametrize("content", ["", "\n"])
def test_an_empty_table(tmp_path, content):
    table = Table(file_of(tmp_path, "x.csv", content))

    assert table.columns == []
    assert [row.line for row in table.rows()] == [1]


def test_a_header_alone_is_no_problem(tmp_path):
    assert list(Table(file_of(tmp_path, "x.csv", "a,b\n")).rows()) == []


def test_json_lines(tmp_path):
    rows = list(json_rows(file_of(tmp_path, "x.jsonl", '{"a": 1}\n\n[1]\n{"a"\n')))

    assert rows[0] == (1, {"a": 1})
    assert [(row.line, row.reason.split(":")[0]) for row in rows[1:]] == [
        (3, "the line holds no JSON object"),
        (4, "broken JSON"),
    ]


def test_plain_lines(tmp_path):
    file = file_of(tmp_path, "x.txt", "1 2  3\n\n4\n")

    assert list(plain_rows(file, separator=None, width=2)) == [
        (1, ["1", "2", "3"]),
        Problem("x.txt", 3, "the line has 1 cells, not 2"),
    ]


@pytest.mark.parametrize("name", ["x.jsonl", "x.txt"])
def test_empty_files_are_told(tmp_path, name):
    file = file_of(tmp_path, name, "")
    rows = json_rows(file) if name == "x.jsonl" else plain_rows(file, separator=None, width=1)

    assert list(rows) == [Problem(name, 1, "the file is empty")]
