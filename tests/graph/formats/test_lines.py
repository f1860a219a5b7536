import gzip
import lzma
import tracemalloc

import pytest

from graph.errors import InvalidError
from graph.formats.lines import MAX_LINE, Lines, SourceFile, plain_name


def read(path, encoding="utf-8"):
    lines = Lines(SourceFile(path, path.name, encoding))
    return [(lines.number, line) for line in lines], lines.problems


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b"\n", [(1, "")]),
        (b"a", [(1, "a")]),
        (b"a\nb\n", [(1, "a"), (2, "b")]),
        (b"a\r\n\r\nb", [(1, "a"), (2, ""), (3, "b")]),
        (b"\xef\xbb\xbfa\n", [(1, "a")]),
        ("鞋\n".encode(), [(1, "鞋")]),
    ],
)
def test_lines(tmp_path, content, expected):
    path = tmp_path / "x"
    path.write_bytes(content)

    assert read(path) == (expected, [])


def test_lines_across_blocks(tmp_path):
    expected = [f"{number} {'x' * (number % 977)}" for number in range(5_000)]
    path = tmp_path / "x"
    path.write_text("\n".join(expected))

    lines, problems = read(path)

    assert [line for _, line in lines] == expected
    assert [number for number, _ in lines] == list(range(1, 5_001))
    assert problems == []


def test_a_bad_line_does_not_hide_its_neighbours(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"a\n\xff\xfe!\r\nb\0\nc\n")

    lines, problems = read(path)

    assert lines == [(1, "a"), (4, "c")]
    assert [(p.file, p.line) for p in problems] == [("x", 2), ("x", 3)]
    assert problems[0].reason == "the line is not UTF-8 (byte 0xff at position 1)"
    assert "NUL" in problems[1].reason


def test_another_encoding(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"caf\xe9\n")

    assert read(path, "iso-8859-1") == ([(1, "café")], [])


def test_utf16_is_refused(tmp_path):
    path = tmp_path / "x"
    path.write_bytes("a\nb".encode("utf-16"))

    with pytest.raises(InvalidError, match="UTF-16"):
        read(path)


@pytest.mark.parametrize("ending", [b"\nb\n", b"\n", b""])
@pytest.mark.parametrize("size", [MAX_LINE + 10, 6 * MAX_LINE])
def test_a_line_that_is_too_long_is_not_held(tmp_path, ending, size):
    path = tmp_path / "x"
    path.write_bytes(b"a\n" + b"x" * size + ending)
    tracemalloc.start()

    lines, problems = read(path)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert lines == ([(1, "a"), (3, "b")] if ending == b"\nb\n" else [(1, "a")])
    assert [(p.line, f"{size:,} bytes" in p.reason) for p in problems] == [(2, True)]
    assert peak < 5 * MAX_LINE


def test_a_long_line_that_is_short_enough(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"x" * (MAX_LINE - 5) + b"\nb\n")

    lines, problems = read(path)

    assert [len(line) for _, line in lines] == [MAX_LINE - 5, 1]
    assert problems == []


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".xz", lzma.compress)])
def test_compressed(tmp_path, suffix, pack):
    path = tmp_path / f"x.csv{suffix}"
    path.write_bytes(pack(b"a\nb\n"))
    file = SourceFile(path, path.name)

    assert file.kind == ".csv"
    assert list(Lines(file)) == ["a", "b"]
    assert file.position == file.size


@pytest.mark.parametrize("suffix", [".gz", ".xz"])
def test_what_is_not_compressed_is_told(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    path.write_bytes(b"plain text")

    lines, problems = read(path)

    assert lines == []
    assert "damaged or cut off" in problems[0].reason


def test_position_follows_the_reading(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"line\n" * 200_000)
    file = SourceFile(path, "x")
    assert file.position == 0

    lines = iter(Lines(file))
    next(lines)

    assert 0 < file.position < file.size
    lines.close()


def test_plain_names():
    assert [plain_name(n) for n in ("a.csv.gz", "a.XZ", "a.csv")] == ["a.csv", "a", "a.csv"]
