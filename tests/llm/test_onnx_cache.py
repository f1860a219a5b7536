import json
import logging
import shutil

import numpy as np
import pytest

from graph.errors import UnavailableError
from llm import onnx_cache
from llm.minilm import EXPORTED, weights_file
from llm.onnx_cache import ExportCache
from llm.onnx_encoder import CARD, MODEL


def load(state):
    return ExportCache(state / EXPORTED).load("minilm", weights=weights_file())


@pytest.fixture
def copy(state, tmp_path):
    """A folder of encoders of one's own, with an export in it."""
    return shutil.copytree(state, tmp_path / "state")


@pytest.fixture
def exported(copy):
    (found,) = (copy / EXPORTED).glob("minilm-*")
    return found


@pytest.fixture
def restored(state, monkeypatch):
    """Exporting takes from the session's export what the real one would make anew."""
    (made,) = (state / EXPORTED).glob("minilm-*")
    asked = []

    def export(wanted):
        asked.append(wanted)
        shutil.copytree(made, wanted["folder"])

    monkeypatch.setattr(onnx_cache, "_in_a_process", export)
    return asked


def test_two_processes_at_first_use_make_one_export_and_both_use_it(first_use):
    state, printed = first_use
    answers = [json.loads(stdout) for stdout, _ in printed]
    assert [answer[:2] for answer in answers] == [["OnnxEncoder", []]] * 2
    assert answers[0] == answers[1]
    assert sum("encoder.exporting" in stderr for _, stderr in printed) == 1
    left = sorted(path.name for path in (state / EXPORTED).iterdir())
    assert left[0] == ".lock"
    assert len(left) == 2


def test_what_is_there_is_not_exported_again(state, monkeypatch):
    monkeypatch.setattr(onnx_cache, "_in_a_process", None)
    assert load(state).name == "minilm"


@pytest.mark.parametrize("file", [MODEL, CARD, "tokenizer.json", "reference.npy"])
def test_a_damaged_file_is_replaced(copy, exported, restored, caplog, file):
    expected = load(copy).encode(["a quiet film"])
    (exported / file).write_bytes(b"{")
    np.testing.assert_array_equal(load(copy).encode(["a quiet film"]), expected)
    assert len(restored) == 1
    assert "encoder.export_unreadable" in caplog.text


def test_exports_of_other_versions_are_dropped(copy, exported, restored, monkeypatch):
    monkeypatch.setattr(onnx_cache, "RECIPE", onnx_cache.RECIPE + 1)
    load(copy)
    (left,) = (copy / EXPORTED).glob("minilm-*")
    assert left != exported


def test_an_export_that_disagreed_when_it_was_made_is_not_made_again(
    copy, exported, restored, caplog
):
    card = json.loads((exported / CARD).read_text())
    (exported / CARD).write_text(json.dumps({**card, "lowest_cosine": 0.9}))
    with pytest.raises(UnavailableError, match="differs"):
        load(copy)
    assert restored == []


def test_an_export_that_fails_says_why_and_leaves_nothing(tmp_path, caplog):
    cache = ExportCache(tmp_path)
    with caplog.at_level(logging.WARNING), pytest.raises(UnavailableError, match="cannot be read"):
        cache.load("minilm+gone@0", weights=weights_file(), adapter=broken_adapter(tmp_path))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".", "mini"))] == [
        ".lock"
    ]


def broken_adapter(folder):
    adapter = folder / "gone"
    adapter.mkdir()
    (adapter / "adapter_model.safetensors").write_bytes(b"nothing")
    return adapter
