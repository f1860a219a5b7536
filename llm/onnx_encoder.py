"""An exported encoder, run by ONNX Runtime: neither torch nor transformers is imported.

A folder holds all of it: ``model.onnx`` (tokens in, one vector a text out), ``tokenizer.json``,
``card.json`` and ``reference.npy``, the vectors that torch gave to :data:`CHECK_TEXTS`. The last
lets every load find out whether this machine computes the same.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.errors import UnavailableError
from llm.encoding import Vectors, distinct, sha256_of, unit_rows

MODEL, TOKENIZER, CARD, REFERENCE = "model.onnx", "tokenizer.json", "card.json", "reference.npy"
MIN_COSINE = 0.98
CUDA = "CUDAExecutionProvider"
_CPU = "CPUExecutionProvider"
_BATCH = 64

CHECK_TEXTS = (
    "",
    "a",
    "1984",
    "a quiet film about a family",
    "running shoes for women, breathable mesh, size 38, white",
    "something by the same director, not scary, under two hours",
    "适合夏季穿的鞋子",
    "八十年代的科幻片 with subtitles",
    "映画と音楽",
    "película sobre el mar",
    "фильм о войне",
    "שלום עולם",
    "😀😀",
    "Rock, pop & jazz: 1984-1999, $20, 4.5/5",
    "Told over one summer, it follows three sisters who come home to sell their house. " * 6,
)


@dataclass(frozen=True, slots=True)
class ExportCard:
    """What an export is.

    Attributes
    ----------
    name : str
        Name of the encoder, with that of its adapter.
    n_dims : int
        Length of a vector.
    max_tokens : int
        How much of a text is read.
    precision : {"int8", "fp32"}
        Of the weights and the products.
    model_sha256 : str
        Of the file of the model.
    lowest_cosine : float
        Between torch and the export over :data:`CHECK_TEXTS`, where it was exported.
    """

    name: str
    n_dims: int
    max_tokens: int
    precision: str
    model_sha256: str
    lowest_cosine: float

    def write(self, folder: Path) -> None:
        """Write the card into the folder of the export."""
        (folder / CARD).write_text(json.dumps(asdict(self), indent=2), "utf-8")

    @classmethod
    def read(cls, folder: Path) -> "ExportCard":
        """Read the card of an export."""
        return cls(**json.loads((folder / CARD).read_text("utf-8")))


class OnnxEncoder:
    """A sentence encoder from an exported file.

    On int8 the scale of the activations depends on all that is computed together, so every text is
    computed alone: its vector is the same whatever it comes with.

    Parameters
    ----------
    folder : pathlib.Path
        As :func:`llm.onnx_export.export` writes it.
    device : {"cpu", "cuda"}
        Where to compute.
    threads : int
        Threads of one computation; requests are served side by side, so one is best.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError, RuntimeError
        A file of the folder is missing or damaged.
    """

    def __init__(self, folder: Path, *, device: str = "cpu", threads: int = 1) -> None:
        self.card = ExportCard.read(folder)
        self.name, self.n_dims = self.card.name, self.card.n_dims
        if sha256_of(folder / MODEL) != self.card.model_sha256:
            raise ValueError(f"{folder / MODEL} is damaged")
        self._tokenizer = _tokenizer(folder / TOKENIZER, self.card.max_tokens)
        self._session = _session(folder / MODEL, device, threads)
        self._reference = np.load(folder / REFERENCE, allow_pickle=False)
        self._batch = 1 if self.card.precision == "int8" else _BATCH

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; see :meth:`llm.encoder.TextEncoder.encode`."""
        different, row_of = distinct(texts)
        vectors = np.zeros((len(different), self.n_dims), np.float32)
        tokens = [self._tokenizer.encode(text).ids for text in different]
        by_length = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
        for start in range(0, len(by_length), self._batch):
            rows = by_length[start : start + self._batch]
            vectors[rows] = self._run([tokens[row] for row in rows])
        return unit_rows(vectors)[row_of]

    def agreement(self) -> float:
        """Return the lowest cosine with what torch gave to :data:`CHECK_TEXTS`."""
        return lowest_cosine(self.encode(CHECK_TEXTS), self._reference)

    def checked(self) -> "OnnxEncoder":
        """Return this encoder if it agrees with torch on this machine.

        Returns
        -------
        OnnxEncoder
            This one.

        Raises
        ------
        UnavailableError
            It does not.
        """
        found = self.agreement()
        if found < MIN_COSINE:
            raise UnavailableError(
                f"The exported encoder {self.name} differs from torch: lowest cosine {found:.3f}, "
                f"needed is {MIN_COSINE}.",
                fix="Nothing needs to be done: torch computes instead.",
            )
        return self

    def _run(self, tokens: list[list[int]]) -> Any:
        shape = (len(tokens), max(2, *map(len, tokens), 0))
        ids, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, one in enumerate(tokens):
            ids[row, : len(one)] = one
            mask[row, : len(one)] = 1
        return self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]


def lowest_cosine(first: Vectors, second: NDArray[np.floating]) -> float:
    """Compare vectors that should be the same.

    Parameters
    ----------
    first, second : numpy.ndarray
        Rows of unit length; both (n_texts, n_dims).

    Returns
    -------
    float
        Lowest cosine of a row with its own; -1 where the shapes differ.

    Examples
    --------
    >>> lowest_cosine(np.eye(2, dtype=np.float32), np.eye(2))
    1.0
    """
    if first.shape != second.shape:
        return -1.0
    return float((first * second).sum(axis=1).min())


def knows_cuda() -> bool:
    """Tell whether this ONNX Runtime computes on a GPU."""
    import onnxruntime

    return CUDA in onnxruntime.get_available_providers()


def _tokenizer(path: Path, max_tokens: int) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # it raises nothing more exact
        raise RuntimeError(f"{path.name} is damaged: {error}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def _session(path: Path, device: str, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # it keeps what the longest text ever needed
    providers = [CUDA, _CPU] if device == "cuda" else [_CPU]
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=providers)
    except Exception as error:  # its errors have no common parent but this
        raise RuntimeError(f"ONNX Runtime cannot open {path.name}: {error}") from error
