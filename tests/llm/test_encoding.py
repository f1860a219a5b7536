import numpy as np
import pytest

from graph.errors import InvalidError, UnavailableError
from llm import encoding
from llm.encoding import (
    MAX_CHARACTERS,
    chosen_device,
    cleaned,
    distinct,
    has_cuda_driver,
    package,
    package_folder,
    sha256_of,
    unit_rows,
)


def test_texts_are_cut_and_made_encodable():
    assert cleaned("x" * 1_000_000) == "x" * MAX_CHARACTERS
    assert cleaned("a\ud800b") == "a?b"


def test_distinct_texts_keep_their_order_and_lead_back():
    texts = ["sea", "war", "sea", "war\ud800", "war?"]
    different, row_of = distinct(texts)
    assert different == ["sea", "war", "war?"]
    assert [different[row] for row in row_of] == ["sea", "war", "sea", "war?", "war?"]


def test_rows_get_unit_length_even_without_direction():
    rows = unit_rows([[3.0, 4.0], [0.0, 0.0], [np.nan, 1.0]])
    np.testing.assert_allclose(rows, [[0.6, 0.8], [1.0, 0.0], [1.0, 0.0]])
    assert rows.dtype == np.float32


@pytest.mark.parametrize(
    ("asked", "has_cuda", "given"),
    [("auto", True, "cuda"), ("auto", False, "cpu"), ("cpu", True, "cpu"), ("cuda", True, "cuda")],
)
def test_the_gpu_is_taken_where_there_is_one_and_nobody_minds(asked, has_cuda, given):
    assert chosen_device(asked, has_cuda=has_cuda) == given


def test_a_device_that_is_not_there_is_refused():
    with pytest.raises(InvalidError, match="no CUDA device"):
        chosen_device("cuda", has_cuda=False)
    with pytest.raises(InvalidError, match="tpu"):
        chosen_device("tpu", has_cuda=True)


def test_without_a_driver_there_is_no_gpu(monkeypatch):
    monkeypatch.setattr(encoding, "_CUDA_DRIVER", "libno-such-driver.so.1")
    assert has_cuda_driver() is False


def test_a_package_that_is_missing_is_named():
    with pytest.raises(UnavailableError, match="pip install some-weights"):
        package("no_such_module_here", "some-weights")
    with pytest.raises(UnavailableError, match="pip install some-weights"):
        package_folder("no_such_module_here", "some-weights")
    assert (package_folder("graph", "whyrec") / "errors.py").exists()


def test_the_hash_is_that_of_the_content(tmp_path):
    (tmp_path / "file").write_bytes(b"abc")
    assert sha256_of(tmp_path / "file").startswith("ba7816bf8f01cfea")
