"""Adapters of a made-up causal language model; for those of the encoder see test_fine_tuning."""

import time

import pytest
import torch

from graph.errors import InvalidError
from llm.encoding import sha256_of
from llm.lora import Schedule, attach, fit, merged
from llm.lora_files import WEIGHTS, save

SENTENCE = torch.tensor([[5, 9, 2, 7, 11, 3, 8, 1]])


def causal_model():
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(7)
    config = LlamaConfig(
        vocab_size=32,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=64,
        initializer_range=0.3,  # an output layer, which stays as it is, that can be sure
    )
    return LlamaForCausalLM(config).eval()


def loss_of(model, tokens=SENTENCE):
    return model(input_ids=tokens, labels=tokens).loss


def trained(*, epochs=15, minutes=5.0, rank=4):
    """Teach a made-up model one sentence, judged by the same."""
    model = attach(causal_model(), task="causal-lm", rank=rank, seed=1)
    found = fit(
        model,
        batches=lambda _epoch: [SENTENCE] * 4,
        loss_of=lambda batch: loss_of(model, batch),
        score=lambda: -loss_of(model).item(),
        schedule=Schedule(epochs, minutes, learning_rate=0.02),
    )
    return model, found


@pytest.fixture(scope="module")
def lesson():
    return trained()


def test_an_adapter_that_was_not_trained_changes_nothing():
    plain = causal_model()(SENTENCE).logits
    attached = attach(causal_model(), task="causal-lm")(SENTENCE).logits
    torch.testing.assert_close(attached, plain)


def test_only_the_adapter_is_trainable_and_its_size_follows_the_rank():
    sizes = {
        rank: sum(one.numel() for one in attached.parameters() if one.requires_grad)
        for rank in (2, 4)
        for attached in (attach(causal_model(), task="causal-lm", rank=rank),)
    }
    assert sizes[4] == 2 * sizes[2] > 0
    assert sizes[4] < sum(one.numel() for one in causal_model().parameters()) / 2


def test_a_causal_model_learns_a_sentence(lesson):
    model, found = lesson
    assert found.helped
    assert found.steps == 60
    assert found.scores[found.best] > found.scores[0] / 4  # losses are negative scores
    said = model.generate(input_ids=SENTENCE[:, :3], max_new_tokens=5, do_sample=False)
    assert said.tolist() == SENTENCE.tolist()


def test_saved_loaded_and_merged_it_computes_the_same(lesson, tmp_path):
    model, _ = lesson
    base = tmp_path / "base"
    base.write_bytes(b"the weights")
    folder = save(model, tmp_path / "sentence", {"base": sha256_of(base)}).folder
    plain = merged(causal_model(), folder, base=base)
    assert type(plain).__name__ == "LlamaForCausalLM"
    torch.testing.assert_close(plain(SENTENCE).logits, model(SENTENCE).logits, atol=1e-4, rtol=1e-4)


def test_an_adapter_of_other_weights_is_refused(lesson, tmp_path):
    folder = save(lesson[0], tmp_path / "sentence", {"base": "others"}).folder
    (tmp_path / "base").write_bytes(b"the weights")
    with pytest.raises(InvalidError, match="other weights"):
        merged(causal_model(), folder, base=tmp_path / "base")


def test_a_damaged_adapter_is_refused(lesson, tmp_path):
    folder = save(lesson[0], tmp_path / "sentence", {}).folder
    (folder / WEIGHTS).write_bytes(b"\x00" * 100)
    with pytest.raises(InvalidError, match="cannot be used"):
        merged(causal_model(), folder)


def test_the_same_seed_gives_the_same_weights():
    first, second = trained(epochs=2)[0], trained(epochs=2)[0]
    for one, other in zip(first.parameters(), second.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)


def test_where_nothing_helps_the_weights_are_those_from_before():
    model = attach(causal_model(), task="causal-lm", seed=1)
    before = model(SENTENCE).logits
    scores = iter([1.0, 0.5, 0.7])
    found = fit(
        model,
        batches=lambda _epoch: [SENTENCE],
        loss_of=lambda batch: loss_of(model, batch),
        score=lambda: next(scores),
        schedule=Schedule(2),
    )
    assert not found.helped
    assert found.scores == (1.0, 0.5, 0.7)
    torch.testing.assert_close(model(SENTENCE).logits, before)


def test_the_time_is_kept_to():
    start = time.monotonic()
    _, found = trained(epochs=1_000_000, minutes=0.02)
    assert time.monotonic() - start < 20
    assert 0 < found.steps < 4_000_000


def test_the_random_numbers_of_others_are_left_alone():
    model = causal_model()
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    attach(model, task="causal-lm", seed=1)
    assert torch.rand(1) == expected
