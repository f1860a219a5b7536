"""Make an encoder easy to quantise: move large activations into the weights.

A few of the channels that enter a linear layer are many times as large as the rest, and with one
scale for all of them the rest is lost in 8 bits. Each channel is divided by ``s`` before the layer
and the weights of the layer are multiplied by it, which changes nothing in exact arithmetic.
"""

from typing import Any

from llm.minilm import MiniLmEncoder

STRENGTH = 0.7
_LEAST = 1e-5
_LEAST_SCALE = 1e-3

# Other texts than those of the agreement check, which would flatter it.
SAMPLES = (
    "ok",
    "  ",
    "a comedy about two friends",
    "red dress size M under 40 euro",
    "3.5 inch, 1080p, 2-4 players",
    "Slow piano, soft voices, and a city that never sleeps: music for a rainy night. " * 4,
    "战争片，五百元以内",
    "日本のアニメ",
    "um filme com fantasmas",
    "музыка для сна",
    "🎬🍿",
)


def smooth(encoder: MiniLmEncoder) -> None:
    """Rescale the inputs of all linear layers of an encoder, in place.

    Parameters
    ----------
    encoder : MiniLmEncoder
        What it computes stays the same up to rounding.

    References
    ----------
    .. [1] Xiao et al., "SmoothQuant: Accurate and Efficient Post-Training Quantization for Large
       Language Models", ICML 2023, eq. 4.
    """
    import torch

    layers = {
        name: layer
        for name, layer in encoder.model.encoder.named_modules()
        if isinstance(layer, torch.nn.Linear)
    }
    largest = _largest_inputs(encoder, layers)
    for name, layer in layers.items():
        parent, _, own = name.rpartition(".")
        scale = _scale(largest[name], layer.weight)
        with torch.no_grad():
            layer.weight.mul_(scale)
        setattr(encoder.model.encoder.get_submodule(parent), own, _divided(layer, scale))


def _largest_inputs(encoder: MiniLmEncoder, layers: dict[str, Any]) -> dict[str, Any]:
    """Return the largest absolute input of each channel of each layer; each (n_inputs,)."""
    import torch

    largest: dict[str, Any] = {}

    def watch(name: str) -> Any:
        def see(_layer: Any, inputs: tuple[Any, ...]) -> None:
            seen = inputs[0].detach().abs().flatten(0, -2).amax(0)
            largest[name] = torch.maximum(largest[name], seen) if name in largest else seen

        return see

    hooks = [layer.register_forward_pre_hook(watch(name)) for name, layer in layers.items()]
    for text in SAMPLES:
        encoder.encode([text])
    for hook in hooks:
        hook.remove()
    return largest


def _scale(largest: Any, weight: Any) -> Any:
    """Return the divisor of each channel: between its inputs and its weights."""
    weights = weight.detach().abs().amax(0).clamp(min=_LEAST)
    inputs = largest.clone().clamp(min=_LEAST)
    return (inputs**STRENGTH / weights ** (1.0 - STRENGTH)).clamp(min=_LEAST_SCALE)


def _divided(layer: Any, scale: Any) -> Any:
    """Put the division before a layer."""
    import torch

    class Divided(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = layer
            self.register_buffer("factor", 1.0 / scale)

        def forward(self, inputs: Any) -> Any:
            return self.layer(inputs * self.factor)

    return Divided()
