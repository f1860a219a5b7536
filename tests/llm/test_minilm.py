import logging
import shutil

import numpy as np
import pytest
import torch

from llm.encoder import load_encoder
from llm.encoding import EncoderSetup
from llm.minilm import (
    EXPORTED,
    MiniLmEncoder,
    encoder_name,
    load_minilm,
    mean_of_tokens,
    weights_file,
)
from llm.onnx_encoder import MODEL, OnnxEncoder


def test_padding_does_not_count_in_the_mean():
    hidden = torch.tensor([[[1.0, 3.0], [3.0, 5.0], [100.0, 100.0]]])
    mean = mean_of_tokens(hidden, torch.tensor([[1, 1, 0]]))
    assert mean.tolist() == [[2.0, 4.0]]
    assert mean_of_tokens(hidden, torch.tensor([[0, 0, 0]])).tolist() == [[0.0, 0.0]]


def test_the_weights_are_where_they_are_said_to_be():
    assert weights_file().stat().st_size > 80_000_000
    assert encoder_name(None) == "minilm"


def test_without_a_folder_torch_computes(minilm):
    assert isinstance(minilm, MiniLmEncoder)


def test_with_a_folder_onnx_runtime_computes_nearly_the_same(minilm, minilm_onnx):
    assert isinstance(minilm_onnx, OnnxEncoder)
    assert minilm_onnx.name == minilm.name
    texts = ["a thriller set on a train", "leichte Schuhe", "一部关于海的电影", "x", "1999 " * 300]
    cosines = (minilm.encode(texts) * minilm_onnx.encode(texts)).sum(axis=1)
    assert cosines.min() >= 0.98


def test_torch_computes_where_the_folder_cannot_be_written(tmp_path, caplog):
    (tmp_path / EXPORTED).write_text("a file where a folder should be")
    encoder = load_encoder("minilm", device="cpu", state=tmp_path)
    assert isinstance(encoder, MiniLmEncoder)
    assert "encoder.torch_instead" in caplog.text


def test_torch_computes_where_the_export_disagrees(state, tmp_path, caplog):
    shutil.copytree(state, tmp_path / "state")
    (folder,) = (tmp_path / "state" / EXPORTED).glob("minilm-*")
    reference = np.load(folder / "reference.npy")
    np.save(folder / "reference.npy", np.roll(reference, 1, axis=0))
    with caplog.at_level(logging.WARNING):
        encoder = load_minilm(EncoderSetup("cpu", tmp_path / "state"))
    assert isinstance(encoder, MiniLmEncoder)
    assert "differs from torch" in caplog.text
    assert (folder / MODEL).exists()  # another try would end the same way


def test_a_gpu_that_onnx_runtime_does_not_know_is_left_to_torch(state):
    if not torch.cuda.is_available():
        pytest.skip("there is no GPU")
    assert isinstance(load_encoder("minilm", device="cuda", state=state), MiniLmEncoder)
