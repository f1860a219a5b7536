import pytest

from graph.domain import Item
from graph.errors import InvalidError
from graph.formats.fields import FieldError
from graph.formats.lines import Problem, SourceFile
from graph.formats.source import Part, Source, listing, positions, records


def test_listing_leaves_out_compression_and_case(tmp_path):
    (tmp_path / "Items.CSV.gz").touch()
    (tmp_path / "folder").mkdir()

    assert listing(tmp_path) == {"items.csv": tmp_path / "Items.CSV.gz"}
    assert listing(tmp_path / "Items.CSV.gz") == {"items.csv": tmp_path / "Items.CSV.gz"}
    with pytest.raises(InvalidError, match="no file or folder 'none'"):
        listing(tmp_path / "none")


def test_positions_take_the_first_name_that_is_there():
    found = positions(["B", "a", "A"], {"x": ("a", "b"), "y": ("b",), "z": ("c",)})

    assert found == {"x": 1, "y": 0}


def test_records_pass_problems_on(tmp_path):
    file = SourceFile(tmp_path / "x", "x")

    def build(cells):
        if not cells[0]:
            raise FieldError("nothing there")
        return Item(cells[0], cells[0])

    rows = [Problem("x", 1, "bad"), (2, [""]), (3, ["a"])]

    assert list(records(rows, file, build)) == [
        Problem("x", 1, "bad"),
        Problem("x", 2, "nothing there"),
        (3, Item("a", "a")),
    ]


def test_a_file_that_is_read_twice_counts_once(tmp_path):
    file = SourceFile(tmp_path / "x", "x")
    part = Part(file, lambda: iter(()))

    assert Source("whyrec", [part, part]).files == [file]
