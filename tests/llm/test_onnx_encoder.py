import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from graph.errors import UnavailableError
from llm.minilm import EXPORTED
from llm.onnx_encoder import (
    CARD,
    CHECK_TEXTS,
    MIN_COSINE,
    MODEL,
    ExportCard,
    OnnxEncoder,
    knows_cuda,
    lowest_cosine,
)

MEMORY = """
import json, sys
from pathlib import Path
import numpy
def resident_mb():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
before = resident_mb()
from llm.encoder import load_encoder
encoder = load_encoder("minilm", device="cpu", state=Path(sys.argv[1]))
encoder.encode(["word " * 400, "a quiet film", "中" * 2000])
print(json.dumps([resident_mb() - before, sorted({"torch", "transformers"} & set(sys.modules))]))
"""


@pytest.fixture
def folder(state):
    (found,) = (state / EXPORTED).glob("minilm-*")
    return found


@pytest.fixture
def copy(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "copy")


def test_it_serves_in_little_memory_and_without_torch(state):
    outcome = subprocess.run(
        [sys.executable, "-c", MEMORY, state], capture_output=True, text=True, check=True
    )
    megabytes, heavy = json.loads(outcome.stdout)
    assert megabytes <= 200
    assert heavy == []


def test_it_agrees_with_torch_over_many_kinds_of_text(folder):
    encoder = OnnxEncoder(folder)
    assert encoder.checked() is encoder
    assert MIN_COSINE <= encoder.agreement() <= 1.0001
    assert encoder.card == ExportCard.read(folder)
    assert len(CHECK_TEXTS) == len(set(CHECK_TEXTS))


def test_a_text_has_the_same_vector_whatever_it_comes_with(minilm_onnx):
    texts = ["war", "the sea and its fishermen, told by the youngest of them", "", "😀"]
    alone = np.concatenate([minilm_onnx.encode([text]) for text in texts])
    np.testing.assert_array_equal(minilm_onnx.encode(texts), alone)


def test_many_threads_may_encode_at_once(minilm_onnx):
    texts = [f"film number {number} about the sea" for number in range(40)]
    expected = minilm_onnx.encode(texts)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: minilm_onnx.encode([text])[0], texts * 3))
    np.testing.assert_array_equal(found, np.tile(expected, (3, 1)))


@pytest.mark.parametrize("content", [b"", b"not a model", None])
def test_a_damaged_model_is_noticed(copy, content):
    whole = (copy / MODEL).read_bytes()
    (copy / MODEL).write_bytes(whole[:-1] if content is None else content)
    with pytest.raises(ValueError, match="damaged"):
        OnnxEncoder(copy)


def test_a_model_that_is_no_model_is_an_error_of_ours(copy):
    (copy / MODEL).write_bytes(b"no model, but with the right hash")
    card = json.loads((copy / CARD).read_text())
    from llm.encoding import sha256_of

    (copy / CARD).write_text(json.dumps({**card, "model_sha256": sha256_of(copy / MODEL)}))
    with pytest.raises(RuntimeError, match="cannot open"):
        OnnxEncoder(copy)


def test_vectors_of_another_model_are_refused(copy):
    np.save(copy / "reference.npy", np.eye(3, dtype=np.float32))
    with pytest.raises(UnavailableError, match="differs from torch"):
        OnnxEncoder(copy).checked()


def test_the_lowest_cosine_is_that_of_the_worst_row():
    first = np.array([[1.0, 0.0], [0.6, 0.8]], np.float32)
    assert lowest_cosine(first, np.array([[1.0, 0.0], [0.0, 1.0]])) == pytest.approx(0.8)
    assert lowest_cosine(first, first[:1]) == -1.0


def test_whether_the_runtime_knows_a_gpu_is_a_plain_answer():
    assert knows_cuda() in {True, False}
