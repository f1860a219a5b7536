import json
import subprocess
import sys

import onnx
import pytest

from llm.minilm import EXPORTED
from llm.onnx_encoder import CARD, MIN_COSINE, MODEL


@pytest.fixture
def folder(state):
    (found,) = (state / EXPORTED).glob("minilm-*")
    return found


def test_an_export_is_small_and_says_what_it_is(folder):
    card = json.loads((folder / CARD).read_text())
    assert card["lowest_cosine"] >= MIN_COSINE
    assert (card["name"], card["precision"], card["n_dims"]) == ("minilm", "int8", 384)
    assert (folder / MODEL).stat().st_size < 30_000_000
    assert sorted(path.name for path in folder.iterdir()) == [
        "card.json",
        "model.onnx",
        "reference.npy",
        "tokenizer.json",
    ]


def test_the_linear_layers_are_in_eight_bits_and_sizes_are_free(folder):
    model = onnx.load(folder / MODEL)
    kinds = [node.op_type for node in model.graph.node]
    assert kinds.count("MatMulInteger") == 36
    for tensor in model.graph.input:
        assert all(size.dim_param for size in tensor.type.tensor_type.shape.dim)


def test_an_export_of_what_is_not_there_fails(tmp_path):
    wanted = {
        "name": "minilm+x@0",
        "folder": str(tmp_path / "new"),
        "adapter": str(tmp_path / "x"),
        "precision": "int8",
    }
    outcome = subprocess.run(
        [sys.executable, "-m", "llm.onnx_export"],
        input=json.dumps(wanted),
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 1
    assert "cannot be read" in outcome.stderr
