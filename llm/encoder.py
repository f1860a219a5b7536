"""Text encoders behind one protocol; all weights come with installed packages, nothing is fetched.

A new encoder is one function that loads it and one line in :data:`ENCODERS`.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from graph.errors import InvalidError
from graph.progress import Progress, ProgressCallback, silent
from llm.encoding import MAX_CHARACTERS, EncoderSetup, Vectors, distinct

__all__ = [
    "ADAPTER_SIGN",
    "DEFAULT_ENCODER",
    "ENCODERS",
    "MAX_CHARACTERS",
    "EncoderSetup",
    "TextEncoder",
    "Vectors",
    "encode_all",
    "load_encoder",
]

DEFAULT_ENCODER = "use-m3"
ADAPTER_SIGN = "+"
_BLOCK = 1024


@runtime_checkable
class TextEncoder(Protocol):
    """Turns texts into vectors whose inner product says how alike they are in meaning.

    Attributes
    ----------
    name : str
        A name that :func:`load_encoder` takes; a model remembers it, because vectors of two
        encoders do not mix.
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


def _load_use_m3(setup: EncoderSetup) -> TextEncoder:
    from llm.use_m3 import UseM3Encoder

    if setup.adapter:
        raise InvalidError("Adapters are for minilm, not for use-m3.", fix="Choose minilm+NAME.")
    return UseM3Encoder()


def _load_minilm(setup: EncoderSetup) -> TextEncoder:
    from llm.minilm import load_minilm

    return load_minilm(setup)


ENCODERS: dict[str, Callable[[EncoderSetup], TextEncoder]] = {
    "use-m3": _load_use_m3,
    "minilm": _load_minilm,
}


def load_encoder(
    name: str = DEFAULT_ENCODER, *, device: str = "auto", state: Path | None = None
) -> TextEncoder:
    """Load an encoder by name.

    Parameters
    ----------
    name : str
        A key of :data:`ENCODERS`, or one and the name of an adapter: ``"minilm+films"``.
    device : {"auto", "cpu", "cuda"}
        Where it computes; an encoder that knows only the CPU ignores it.
    state : pathlib.Path or None
        Folder of adapters and exported encoders. Without it nothing is exported, and an encoder
        that would be is computed by torch.

    Returns
    -------
    TextEncoder
        Ready to encode; loading takes seconds, the first export of an encoder half a minute.

    Raises
    ------
    InvalidError
        There is no encoder of that name, or no such device.
    NotFoundError
        There is no adapter of that name.
    UnavailableError
        The package that ships the weights is not installed.
    """
    kind, _, adapter = name.partition(ADAPTER_SIGN)
    if kind not in ENCODERS:
        raise InvalidError(
            f"There is no text encoder named {name!r}.", fix=f"Choose one of {', '.join(ENCODERS)}."
        )
    return ENCODERS[kind](EncoderSetup(device, state, adapter))


def encode_all(
    encoder: TextEncoder,
    texts: Sequence[str],
    *,
    stage: str = "encoding texts",
    progress: ProgressCallback = silent,
) -> Vectors:
    """Encode many texts in blocks, each distinct text once, and tell how far it is.

    An encoder that says it is ``single_threaded`` encodes several blocks at once; the vectors are
    the same.

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
    different, row_of = distinct(texts)
    vectors = np.zeros((len(different), encoder.n_dims), np.float32)
    blocks = [different[start : start + _BLOCK] for start in range(0, len(different), _BLOCK)]
    threads = _threads() if getattr(encoder, "single_threaded", False) else 1
    done = 0
    # Their limit on threads is that of the whole process: set out here, no block lifts another's.
    with threadpool_limits(1 if threads > 1 else None), ThreadPoolExecutor(threads) as pool:
        for first in range(0, len(blocks), threads):
            for part in pool.map(encoder.encode, blocks[first : first + threads]):
                vectors[done : done + len(part)] = part
                done += len(part)
                progress(Progress(stage, done, len(different), "texts"))
    return vectors[row_of]


def _threads() -> int:
    """Return how many threads linear algebra may take here."""
    return max((pool["num_threads"] for pool in threadpool_info()), default=1)
