"""Encoders that are loaded once, and the learned edges that everybody may see."""

from dataclasses import replace

import numpy as np
import pytest
import structlog

from api.encoders import EncoderShelf
from api.learning import Learning, with_written
from api.setting_groups import TrainingSettings
from api.state import CatalogPreset
from graph.columns import Csr, StringColumn
from graph.errors import InvalidError
from graph.presets import preset
from graph.snapshot import Snapshot
from graph.store import EventBlock, GraphExport
from ranking.model import Model, TextVectors


@pytest.fixture
def learning(tmp_path):
    domain = CatalogPreset(tmp_path / "preset", chosen=None)
    return Learning(
        TrainingSettings(), domain, tmp_path / "work", EncoderShelf(tmp_path / "encoders")
    )


def model():
    none = np.zeros(0, dtype=np.int64)
    events = EventBlock(none, none, none, none.astype(float), none.astype(float), ())
    empty = Snapshot.of(GraphExport(0, [], [], [], [], events))
    rows, cols = np.array([0, 0, 0, 2]), np.array([0, 1, 2, 0])
    return replace(
        Model.untrained(empty, preset("generic")),
        id="m",
        item_ids=StringColumn.of(["a", "b", "c"]),
        similar=Csr.of(rows, cols, np.array([0.1, 0.9, 0.5, 0.3]), (3, 3)),
    )


def test_an_encoder_is_loaded_once(learning):
    encoder = learning.encoder("use-m3")
    assert learning.encoder("use-m3") is encoder
    assert learning.encoder("none") is None
    with pytest.raises(InvalidError, match="nonsense"):
        learning.encoder("nonsense")


def test_a_model_without_text_needs_no_encoder(learning):
    assert learning.encoder_of(model()) is None


def test_a_model_notes_what_it_writes():
    written = with_written(model(), TrainingSettings(neighbours_written=2, close_written=0)).written
    assert (written.similar.n_edges, written.close.n_edges) == (3, 0)


def with_text(encoder):
    return replace(model(), text=TextVectors(encoder, np.zeros((3, 4), np.float32)))


def test_a_model_keeps_the_encoder_that_made_its_vectors(learning, capsys):
    encoder = learning.encoder_of(with_text("use-m3"))
    assert encoder.name == "use-m3"
    assert "training_needed" not in capsys.readouterr().out


def test_a_model_whose_encoder_is_gone_goes_on_by_names(learning):
    with structlog.testing.capture_logs() as logs:
        assert learning.encoder_of(with_text("minilm+gone@00000000")) is None
    assert [one["event"] for one in logs] == ["encoder.training_needed", "encoder.gone"]
    assert logs[0]["chosen"] == "use-m3"
