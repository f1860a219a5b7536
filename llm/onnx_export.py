"""Export the transformers encoder to ONNX, in int8; runs as a process of its own.

``python -m llm.onnx_export`` reads what to export from its standard input, as
:class:`llm.onnx_cache.ExportCache` writes it.
"""

import json
import logging
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from llm.encoding import sha256_of
from llm.lora_files import read_adapter
from llm.minilm import MAX_TOKENS, MiniLmEncoder, mean_of_tokens, weights_folder
from llm.onnx_encoder import (
    CHECK_TEXTS,
    MODEL,
    REFERENCE,
    TOKENIZER,
    ExportCard,
    OnnxEncoder,
)
from llm.smoothing import smooth

_MAX_TEXTS = 4096
_FULL = "full.onnx"


def export(
    folder: Path, *, name: str, adapter: Path | None = None, precision: str = "int8"
) -> float:
    """Write the encoder, and how far it agrees with torch, into a folder.

    Parameters
    ----------
    folder : pathlib.Path
        Made by this call.
    name : str
        Name of the encoder.
    adapter : pathlib.Path or None
        Folder of an adapter that is merged into the weights.
    precision : {"int8", "fp32"}
        Weights and products of linear layers; the rest is computed in 32 bits.

    Returns
    -------
    float
        Lowest cosine with torch over :data:`llm.onnx_encoder.CHECK_TEXTS`.
    """
    folder.mkdir(parents=True)
    merged = None if adapter is None else read_adapter(adapter)
    encoder = MiniLmEncoder(device="cpu", adapter=merged)
    reference = encoder.encode(CHECK_TEXTS)
    np.save(folder / REFERENCE, reference)
    shutil.copyfile(weights_folder() / TOKENIZER, folder / TOKENIZER)
    if precision == "int8":
        smooth(encoder)
        _write_onnx(encoder.model, folder / _FULL)
        _quantize(folder / _FULL, folder / MODEL)
        (folder / _FULL).unlink()
    else:
        _write_onnx(encoder.model, folder / MODEL)
    card = ExportCard(
        name, encoder.n_dims, MAX_TOKENS, precision, sha256_of(folder / MODEL), lowest_cosine=1.0
    )
    card.write(folder)
    lowest = OnnxEncoder(folder).agreement()
    ExportCard(
        name, encoder.n_dims, MAX_TOKENS, precision, card.model_sha256, lowest_cosine=lowest
    ).write(folder)
    return lowest


def _write_onnx(model: Any, path: Path) -> None:
    """Trace the model with its pooling; the numbers of texts and of tokens stay free."""
    import torch

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            kinds = torch.zeros_like(input_ids)
            states = self.encoder(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=kinds
            )
            return mean_of_tokens(states.last_hidden_state, attention_mask)

    texts = torch.export.Dim("texts", min=1, max=_MAX_TEXTS)
    tokens = torch.export.Dim("tokens", min=2, max=MAX_TOKENS)
    mask = torch.ones(2, 9, dtype=torch.long)
    mask[1, 5:] = 0
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names of axes that it gives itself
        program = torch.onnx.export(
            Pooled().eval(),
            (mask * 1000, mask),
            dynamo=True,
            dynamic_shapes={
                "input_ids": {0: texts, 1: tokens},
                "attention_mask": {0: texts, 1: tokens},
            },
            input_names=["input_ids", "attention_mask"],
            output_names=["vectors"],
            verbose=False,
        )
    if program is None:
        raise RuntimeError("torch gave back no ONNX program")
    program.save(str(path), external_data=False)


def _quantize(full: Path, path: Path) -> None:
    """Write the linear layers in 8 bits, one scale per channel.

    Unsigned weights: processors without VNNI add signed ones in 16 bits, which overflow.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(full, path, per_channel=True, weight_type=QuantType.QUInt8)


def main() -> None:
    """Export what the standard input asks for."""
    import torch

    torch.set_num_threads(1)  # it runs beside a service
    logging.getLogger().setLevel(logging.ERROR)  # the quantiser recommends what changes nothing
    wanted = json.load(sys.stdin)
    adapter = wanted["adapter"]
    export(
        Path(wanted["folder"]),
        name=wanted["name"],
        adapter=None if adapter is None else Path(adapter),
        precision=wanted["precision"],
    )


if __name__ == "__main__":
    main()
