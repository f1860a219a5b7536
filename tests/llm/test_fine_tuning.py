import math

import numpy as np
import pytest
import torch

from llm.encoding import sha256_of
from llm.fine_tuning import FineTuning, Pair, Retrieval, batches, contrast, measure, tune
from llm.lora_files import save
from llm.minilm import MiniLmEncoder, encoder_name, weights_file
from llm.onnx_encoder import MIN_COSINE, OnnxEncoder
from llm.onnx_export import export

# A jargon of one shop, which no encoder can know: the same six shades under two names each.
SHADES = ("varnish", "pelt", "quarry", "brine", "soot", "husk")
CODES = ("kv seven", "ro three", "tz nine", "mu two", "ly five", "dj one")
GOODS = ("lamp", "chair", "rug", "vase", "table", "shelf", "clock", "mirror")


def pair(shade, good):
    return Pair(
        f"{good} in {CODES[shade]}", f"{SHADES[shade]} coloured {good}", 10 * good_row(good) + shade
    )


def good_row(good):
    return GOODS.index(good)


def test_of(goods):
    """Find the good of a code among those of all shades."""
    pairs = [pair(shade, good) for good in goods for shade in range(len(SHADES))]
    return Retrieval(
        "codes",
        [one.left for one in pairs],
        [one.right for one in pairs],
        [frozenset({place}) for place in range(len(pairs))],
        [frozenset()] * len(pairs),
    )


test_of.__test__ = False


@pytest.fixture(scope="module")
def tuned():
    lessons = [pair(shade, good) for good in GOODS[:6] for shade in range(len(SHADES))]
    return tune(
        lambda _rng: {"codes": lessons * 2},
        [test_of(GOODS[6:])],
        options=FineTuning(epochs=5, batch_size=18, device="cpu", rank=8),
    )


def test_words_that_no_encoder_knows_are_learned_and_carry_over(tuned):
    assert tuned.fit.helped
    assert tuned.after["codes"]["hit@1"] > tuned.before["codes"]["hit@1"] + 0.3
    assert tuned.device == "cpu"


def test_saved_and_merged_it_is_the_encoder_that_was_measured(tuned, tmp_path):
    adapter = save(tuned.model, tmp_path / "shop", {"base": sha256_of(weights_file())})
    encoder = MiniLmEncoder(device="cpu", adapter=adapter)
    assert encoder.name == encoder_name(adapter) == f"minilm+shop@{adapter.fingerprint}"
    assert measure(encoder, test_of(GOODS[6:])) == pytest.approx(tuned.after["codes"])


@pytest.mark.slow
def test_exported_it_still_agrees_and_still_knows(tuned, tmp_path):
    adapter = save(tuned.model, tmp_path / "shop", {"base": sha256_of(weights_file())})
    lowest = export(tmp_path / "onnx", name=encoder_name(adapter), adapter=adapter.folder)
    assert lowest >= MIN_COSINE
    encoder = OnnxEncoder(tmp_path / "onnx").checked()
    assert encoder.name == encoder_name(adapter)
    found = measure(encoder, test_of(GOODS[6:]))["hit@1"]
    assert found > tuned.before["codes"]["hit@1"] + 0.25


class Known:
    """An encoder of known vectors in the place of the model that is trained."""

    def __init__(self, vectors):
        self.vectors = torch.tensor(vectors)

    def forward(self, texts, *, max_tokens):
        return self.vectors[: len(texts)]


def test_the_loss_is_the_cross_entropy_both_ways():
    encoder = Known([[1.0, 0.0], [0.0, 2.0], [1.0, 0.0], [0.0, 1.0]])
    loss = contrast(encoder, [Pair("a", "b", 0), Pair("c", "d", 1)])
    assert float(loss) == pytest.approx(math.log1p(math.exp(-20)), abs=1e-6)
    worst = Known([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    assert float(contrast(worst, [Pair("a", "b", 0), Pair("c", "d", 1)])) == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Pair("a", "b", 0), Pair("c", "d", 0)),
        (Pair("a", "b", 0, frozenset({1})), Pair("c", "d", 1, frozenset({0}))),
    ],
)
def test_what_would_be_right_as_well_is_no_counterexample(first, second):
    confused = Known([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    assert float(contrast(confused, [first, second])) == pytest.approx(0.0)


def test_batches_hold_one_kind_each_and_every_pair_once():
    kinds = {"x": [Pair(f"x{n}", "", n) for n in range(7)], "y": [Pair("y", "", 0)], "z": []}
    made = batches(kinds, 3, np.random.default_rng(0))
    assert sorted(len(batch) for batch in made) == [3, 3]  # a batch of one teaches nothing
    assert len({one.key for batch in made for one in batch}) == 6


def test_measures_have_known_answers(known_encoder):
    test = Retrieval(
        "known",
        ["horror film", "war", "soldiers"],
        ["scary", "war", "comedy", "war war"],
        [frozenset({0}), frozenset({1, 3}), frozenset({2})],
        [frozenset(), frozenset({1}), frozenset()],
    )
    found = measure(known_encoder, test)
    assert found == {"hit@1": pytest.approx(2 / 3), "recall@10": pytest.approx(1.0)}


def test_a_test_of_ten_places_counts_ten_at_most(known_encoder):
    candidates = [f"film{number}" for number in range(30)] + ["war"] * 12
    test = Retrieval("many", ["war"], candidates, [frozenset(range(30, 42))], [frozenset()])
    assert measure(known_encoder, test) == {"hit@1": 1.0, "recall@10": 1.0}
