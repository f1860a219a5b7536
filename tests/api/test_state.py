"""Models, snapshots and the preset on disk."""

import os

import numpy as np
import pytest

from api.state import CatalogPreset, ModelShelf, SnapshotShelf, write_whole
from graph.domain import Item
from graph.errors import ConflictError, InvalidError, NotFoundError
from graph.presets import preset
from graph.snapshot import Snapshot
from graph.store import EventBlock, GraphExport
from ranking.model import Model


def snapshot(version, *names):
    none = np.zeros(0, dtype=np.int64)
    events = EventBlock(none, none, none, none.astype(float), none.astype(float), ())
    return Snapshot.of(GraphExport(version, [Item(n, n) for n in names], [], [], [], events))


def model(name):
    from dataclasses import replace

    return replace(Model.untrained(snapshot(1, "a"), preset("generic")), id=name)


@pytest.fixture
def shelf(tmp_path):
    shelf = ModelShelf(tmp_path / "models", keep=2)
    for age, name in enumerate(("m1", "m2", "m3", "m4")):
        folder = model(name).save(shelf.folder)
        os.utime(folder, (age, age))
    return shelf


def test_models_are_listed_newest_first(shelf):
    assert shelf.ids() == ["m4", "m3", "m2", "m1"]
    assert [card["id"] for card in shelf.cards()] == shelf.ids()
    assert shelf.load("m2").id == "m2"


def test_pruning_keeps_the_newest_and_the_active_one(shelf):
    assert shelf.active() is None
    shelf.activate("m1")
    shelf.prune()
    assert (shelf.active(), shelf.ids()) == ("m1", ["m4", "m1"])


def test_a_broken_folder_is_no_model(shelf):
    (shelf.folder / "m5").mkdir()
    assert "m5" not in [card["id"] for card in shelf.cards()]
    with pytest.raises(InvalidError):
        shelf.load("m5")


@pytest.mark.parametrize("name", ["", "..", "../models/m1", "nope", ".training", "m1/x"])
def test_an_unknown_model_is_not_found(shelf, name):
    with shelf.training(), pytest.raises(NotFoundError):
        shelf.load(name)


def test_one_at_a_time_may_train(shelf, tmp_path):
    other = ModelShelf(tmp_path / "models", keep=2)
    with shelf.training(), pytest.raises(ConflictError), other.training():
        pass
    with other.training():
        pass


def test_only_so_many_snapshots_are_kept(tmp_path):
    snapshots = SnapshotShelf(tmp_path, keep=2)
    assert snapshots.newest() is None
    for version in (1, 2, 3):
        snapshots.save(snapshot(version, "a"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["00000002", "00000003"]
    assert snapshots.newest().version == 3
    snapshots.save(snapshot(4, "b"), only=True)
    assert [path.name for path in tmp_path.iterdir()] == ["00000004"]


def test_a_higher_version_of_another_graph_goes_and_the_same_version_is_replaced(tmp_path):
    snapshots = SnapshotShelf(tmp_path, keep=2)
    snapshots.save(snapshot(9, "old"))
    snapshots.save(snapshot(1, "a"))
    snapshots.save(snapshot(1, "b"))
    assert snapshots.newest().items.id(0) == "b"


def test_an_unreadable_snapshot_gives_way_to_an_older_one(tmp_path):
    snapshots = SnapshotShelf(tmp_path, keep=3)
    snapshots.save(snapshot(1, "a"))
    (tmp_path / "00000002").mkdir()
    (tmp_path / "00000002" / "manifest.json").write_text("{")
    assert snapshots.newest().version == 1


def test_the_settings_name_the_preset_or_else_the_last_load_does(tmp_path):
    file = tmp_path / "preset"
    assert CatalogPreset(file, chosen=None).name() == "generic"
    CatalogPreset(file, chosen=None).remember("films")
    assert CatalogPreset(file, chosen=None).current().name == "films"
    assert CatalogPreset(file, chosen="generic").name() == "generic"


def test_a_file_is_written_whole(tmp_path):
    path = tmp_path / "sub" / "file"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [found.name for found in path.parent.iterdir()] == ["file"]
