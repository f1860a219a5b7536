import numpy as np
import torch

from llm.minilm import MiniLmEncoder
from llm.smoothing import SAMPLES, smooth

TEXTS = ["a quiet film about a family", "适合夏季穿的鞋子", "😀😀", ""]


def test_nothing_changes_but_the_spread_of_what_enters_the_layers(minilm):
    encoder = MiniLmEncoder(device="cpu")
    before = spread(encoder)
    smooth(encoder)
    np.testing.assert_allclose(encoder.encode(TEXTS), minilm.encode(TEXTS), atol=1e-4)
    assert spread(encoder) < before / 2
    assert not set(SAMPLES) & set(TEXTS)


def spread(encoder):
    """How many times as large as its mean the largest input of a layer is, at worst."""
    found = []
    linear = [one for one in encoder.model.encoder.modules() if isinstance(one, torch.nn.Linear)]
    hooks = [
        layer.register_forward_pre_hook(
            lambda _layer, inputs: found.append(
                float(inputs[0].abs().max() / inputs[0].abs().mean())
            )
        )
        for layer in linear
    ]
    encoder.encode(TEXTS[:1])
    for hook in hooks:
        hook.remove()
    return max(found)
