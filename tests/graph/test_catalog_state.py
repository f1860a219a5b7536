import os

import pytest

from graph.catalog_state import LoadState, identity
from graph.formats.lines import SourceFile
from graph.formats.source import Part, Source


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "items.csv"
    path.write_text("id,title\n1,A\n")
    return Source("whyrec", [Part(SourceFile(path, "items.csv"), lambda: iter(()))])


def test_a_state_comes_back_for_the_same_load_only(tmp_path, source):
    folder = tmp_path / "loads"
    state = LoadState(folder, source, "rules")
    assert state.load(0) == {}

    state.save(4, {"batches": 2})

    assert LoadState(folder, source, "rules").load(4)["batches"] == 2
    assert LoadState(folder, source, "other rules").load(4) == {}
    assert LoadState(folder, source, "rules").load(3) == {}, "the store was emptied since"
    source.files[0].path.write_text("id,title\n1,B\n")
    assert LoadState(folder, source, "rules").load(4) == {}


def test_a_finished_load_leaves_no_state(tmp_path, source):
    state = LoadState(tmp_path / "loads", source, "")
    state.save(1, {"batches": 1})

    state.finish()
    state.finish()

    assert list((tmp_path / "loads").iterdir()) == []


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"key": "x"}', "\x00"])
def test_a_broken_state_counts_as_none(tmp_path, source, content):
    state = LoadState(tmp_path, source, "")
    state.save(1, {"batches": 1})
    next(tmp_path.glob("*.json")).write_text(content)

    assert state.load(9) == {}


def test_without_a_folder_nothing_is_kept(source):
    state = LoadState(None, source, "")
    state.save(1, {"batches": 1})
    state.finish()

    assert state.load(1) == {}


def test_a_file_of_another_time_is_another_file(source):
    file = source.files[0]
    before = identity(file)

    os.utime(file.path, (1, 1))

    assert identity(file) != before
